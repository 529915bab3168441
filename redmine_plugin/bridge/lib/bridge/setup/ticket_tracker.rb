# frozen_string_literal: true

module Bridge
  class Setup
    # The tracker of tickets, with those of Redmine's own fields that tickets need.
    class TicketTracker < Step
      CORE_FIELDS = %w[assigned_to_id parent_issue_id start_date due_date description].freeze

      def run
        name = configuration.tracker_name
        record = own('tracker', 'tracker', name, Tracker)
        record.name = name
        record.default_status_id = registry.id('status', configuration.status_keys.first)
        record.core_fields = CORE_FIELDS unless record.core_fields.sort == CORE_FIELDS.sort
        remember('tracker', 'tracker', save(record, "tracker «#{name}»"))
      end
    end
  end
end
