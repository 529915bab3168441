# frozen_string_literal: true

module Bridge
  module Webhook
    # Where deliveries go and the secret that signs them: from the environment of the process if
    # given there, else from the plugin's settings page.
    Target = Struct.new(:url, :secret) do
      def self.current
        new(ENV['BRIDGE_WEBHOOK_URL'].presence || Setting.plugin_bridge['webhook_url'],
            ENV['BRIDGE_WEBHOOK_SECRET'].presence || Setting.plugin_bridge['webhook_secret'])
      end

      def configured?
        url.present? && secret.present?
      end

      # A secret must never get into a log by way of an error message.
      def inspect
        "#<Target #{url}>"
      end
      alias_method :to_s, :inspect
    end
  end
end
