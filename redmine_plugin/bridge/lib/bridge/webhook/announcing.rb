# frozen_string_literal: true

module Bridge
  module Webhook
    # Part of Issue: announces what was committed, whoever changed it and in whatever way.
    module Announcing
      extend ActiveSupport::Concern

      included do
        after_create_commit :announce_created_to_bridge
        after_update_commit :announce_updated_to_bridge
        after_destroy_commit :announce_deleted_to_bridge
      end

      private

      def announce_created_to_bridge
        Announcer.announce('issue.created', self)
      end

      def announce_updated_to_bridge
        Announcer.announce('issue.updated', self)
      end

      def announce_deleted_to_bridge
        Announcer.announce('issue.deleted', self)
      end
    end
  end
end
