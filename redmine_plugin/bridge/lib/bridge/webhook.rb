# frozen_string_literal: true

module Bridge
  # Tells the bridge of changes in the moment they happen. A delivery is only a hint: the bridge
  # re-reads the ticket, and finds by itself what it was never told of.
  module Webhook
    # Whether this Redmine (7.0 and later) has webhooks of its own; then the plugin sends none.
    def self.native?
      !defined?(::Webhook).nil? && Setting.respond_to?(:webhooks_enabled?)
    end
  end
end
