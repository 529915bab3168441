# frozen_string_literal: true

require 'securerandom'

module Bridge
  class Setup
    # Where changes are announced, and the secret that signs the announcements. Redmine 7.0 and
    # later have webhooks of their own: there the robot gets one.
    class WebhookTarget < Step
      EVENTS = %w[issue.created issue.updated issue.deleted].freeze

      def run
        keep_in_settings
        bring_native_hook if Webhook.native? && Webhook::Target.current.url.present?
      end

      private

      def keep_in_settings
        present = Setting.plugin_bridge
        wanted = present.merge('webhook_secret' => present['webhook_secret'].presence ||
                                                   SecureRandom.hex(32))
        wanted['webhook_url'] = @context.webhook_url if @context.webhook_url.present?
        return if wanted == present

        Setting.plugin_bridge = wanted
        changed("webhook: URL #{wanted['webhook_url'].presence || 'not set'}, secret set")
      end

      def bring_native_hook
        enable_native_hooks
        robot = recorded('robot', 'robot', User)
        target = Webhook::Target.current
        record = ::Webhook.find_by(user_id: robot.id) || ::Webhook.new(user: robot)
        record.assign_attributes(url: target.url, secret: target.secret, active: true,
                                 events: EVENTS, projects: [project])
        save(record, 'webhook of Redmine\'s own')
      end

      def enable_native_hooks
        return if Setting.webhooks_enabled?

        Setting.webhooks_enabled = '1'
        changed('setting webhooks_enabled: turned on, for all projects')
      end
    end
  end
end
