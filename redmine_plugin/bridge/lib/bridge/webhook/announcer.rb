# frozen_string_literal: true

module Bridge
  module Webhook
    # Decides whether a change is announced, and hands it on.
    module Announcer
      # Never raises: a fault here must not disturb whoever saved the ticket.
      def self.announce(type, issue)
        return if Webhook.native? || issue.project_id != Registry.load.id('project', 'project')

        target = Target.current
        return unless target.configured?

        body = Payload.new(type, issue).to_json
        Dispatcher.current.enqueue(Delivery.new(target, body))
      rescue StandardError => e
        Rails.logger.error("bridge: issue #{issue.id} not announced: #{e.class}")
      end
    end
  end
end
