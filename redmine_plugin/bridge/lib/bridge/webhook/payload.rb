# frozen_string_literal: true

module Bridge
  module Webhook
    # What is announced of a change, in the form of Redmine 7.0's own webhooks.
    class Payload
      def initialize(type, issue)
        @type = type
        @issue = issue
      end

      def to_json(*_args)
        data = { issue: issue }
        data[:journal] = journal if journal
        { type: @type, timestamp: timestamp.iso8601, data: data }.to_json
      end

      private

      def timestamp
        case @type
        when 'issue.created' then @issue.created_on
        when 'issue.deleted' then Time.now.utc
        else @issue.updated_on
        end
      end

      # As GET /issues/ID.json answers, without what takes further queries.
      def issue
        {
          id: @issue.id,
          project: reference(@issue.project), tracker: reference(@issue.tracker),
          status: reference(@issue.status).merge(is_closed: @issue.status.is_closed),
          priority: reference(@issue.priority), author: reference(@issue.author),
          assigned_to: reference(@issue.assigned_to), parent: parent,
          subject: @issue.subject, description: @issue.description,
          start_date: @issue.start_date, due_date: @issue.due_date,
          done_ratio: @issue.done_ratio, is_private: @issue.is_private,
          custom_fields: custom_fields, created_on: @issue.created_on,
          updated_on: @issue.updated_on, closed_on: @issue.closed_on
        }.compact
      end

      def reference(record)
        record && { id: record.id, name: record.name }
      end

      def parent
        @issue.parent_id && { id: @issue.parent_id }
      end

      def custom_fields
        @issue.custom_field_values.map do |field|
          { id: field.custom_field.id, name: field.custom_field.name, value: field.value }
        end
      end

      def journal
        return @journal if defined?(@journal)

        written = @type == 'issue.updated' ? @issue.current_journal : nil
        @journal = written&.persisted? ? describe(written) : nil
      end

      def describe(journal)
        {
          id: journal.id, created_on: journal.created_on, notes: journal.notes,
          user: reference(journal.user),
          details: journal.details.map do |detail|
            { property: detail.property, prop_key: detail.prop_key,
              old_value: detail.old_value, value: detail.value }
          end
        }
      end
    end
  end
end
