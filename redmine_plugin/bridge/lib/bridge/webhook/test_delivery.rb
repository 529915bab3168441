# frozen_string_literal: true

module Bridge
  module Webhook
    # A delivery that only shows whether deliveries arrive. On Redmine 7.0 it goes the way of
    # Redmine's own webhooks, with their rules for addresses.
    module TestDelivery
      def self.for(target, token)
        body = { type: 'bridge.test', timestamp: Time.now.utc.iso8601,
                 data: { token: token } }.to_json
        Webhook.native? ? Native.new(target, body) : Delivery.new(target, body)
      end

      # Calls what Redmine 7.0 calls for its own webhooks.
      Native = Struct.new(:target, :body) do
        def call
          ::Webhook::Executor.new(target.url, body, target.secret).call.code.to_i
        end
      end
    end
  end
end
