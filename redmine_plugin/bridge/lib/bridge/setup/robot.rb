# frozen_string_literal: true

module Bridge
  class Setup
    # The account that the bridge works under: no password that anybody knows, and an API key.
    class Robot < Step
      NAMES = %w[firstname lastname mail].freeze

      def run
        record = registry.find('robot', 'robot', User) || make
        record.attributes = NAMES.map { |name| [name, wanted(name)] }.to_h
        save(record, title)
        record.api_key
        watch_nothing(record)
        remember('robot', 'robot', record)
        add_to_project(record)
      end

      private

      def make
        if User.exists?(login: wanted('login'))
          raise SetupError, "#{title} is there already and was not made by this set-up: give " \
                            'another login in helpdesk.yaml'
        end
        User.new(language: Setting.default_language, mail_notification: 'none') do |user|
          user.login = wanted('login')
          user.random_password
        end
      end

      # Otherwise it would stand among the watchers of every ticket that it touches.
      def watch_nothing(record)
        return if record.pref.auto_watch_on.empty?

        record.pref.update!(auto_watch_on: [])
        changed("#{title}: watches no ticket by itself")
      end

      def wanted(name)
        configuration.robot[name] ||
          raise(SetupError, "helpdesk.yaml: robot: #{name} is missing")
      end

      def add_to_project(record)
        return if Member.exists?(project_id: project.id, user_id: record.id)

        Member.create!(project: project, principal: record, roles: [role('robot')])
        changed("#{title}: is «#{role('robot').name}» in the project")
      end

      def title
        "user #{configuration.robot['login']}"
      end
    end
  end
end
