# frozen_string_literal: true

require 'json'

module Bridge
  # `rake bridge:setup`: reads the configuration, sets Redmine up, hands out the secrets in a file.
  class SetupCommand
    def initialize(environment, output)
      @environment = environment
      @output = output
    end

    # Raises SetupError; then nothing was changed.
    def run
      secrets_file = required('OUTPUT')
      configuration = Configuration.load(required('CONFIG'))
      changes = Setup.new(configuration, @environment['WEBHOOK_URL']).run
      write_secrets(secrets_file)
      changes.each { |change| @output.puts change }
      @output.puts changes.empty? ? 'nothing to change' : "#{changes.size} changes"
    end

    private

    def required(name)
      @environment[name].presence || raise(SetupError, "#{name} is not given; see rake -D bridge")
    end

    def write_secrets(path)
      secrets = {
        robot_key: Registry.load.find('robot', 'robot', User).api_key,
        webhook_secret: Webhook::Target.current.secret
      }
      File.open(path, File::WRONLY | File::CREAT | File::TRUNC, 0o600) do |file|
        file.chmod(0o600)
        file.puts JSON.generate(secrets)
      end
    rescue SystemCallError => e
      raise SetupError, "OUTPUT: #{e.message}"
    end
  end
end
