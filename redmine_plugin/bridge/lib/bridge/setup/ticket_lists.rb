# frozen_string_literal: true

module Bridge
  class Setup
    # The project's lists of tickets. A list that is there is left to its users.
    class TicketLists < Step
      EVERY_OPEN_STATUS = { operator: 'o', values: [''] }.freeze

      def run
        configuration.lists.each { |wanted| bring(wanted) }
      end

      private

      # Drafted even when it is there: a mistake in the configuration shows at once.
      def bring(wanted)
        draft = draft(wanted)
        return if registry.find('list', wanted.key, IssueQuery)

        remember('list', wanted.key, save(draft, "list «#{draft.name}»"))
        make_default(draft) if wanted == configuration.lists.first
      end

      def draft(wanted)
        record = IssueQuery.new(name: wanted.name, project: project, filters: filters(wanted))
        record.user_id = registry.id('robot', 'robot')
        show_to(wanted.roles, record)
        record.column_names = columns(wanted, record)
        record.sort_criteria = wanted.sort.map { |entry| sort(entry) }
        record
      end

      def show_to(role_keys, record)
        record.visibility = role_keys ? Query::VISIBILITY_ROLES : Query::VISIBILITY_PUBLIC
        record.roles = role_keys.map { |key| role(key) } if role_keys
      end

      def filters(wanted)
        values = (wanted.values || {}).map { |key, value| [column(key), equal_to([value])] }
        { 'status_id' => statuses(wanted), **values.to_h }
      end

      def statuses(wanted)
        return EVERY_OPEN_STATUS unless wanted.statuses

        equal_to(wanted.statuses.map { |key| status_ids.fetch(key).to_s })
      end

      def equal_to(values)
        { operator: '=', values: values }
      end

      def columns(wanted, record)
        names = wanted.columns.map { |name| column(name).to_sym }
        unknown = names - record.available_columns.map(&:name)
        return names if unknown.empty?

        raise SetupError, "helpdesk.yaml: lists: #{wanted.key}: there is no column " \
                          "#{unknown.join(', ')}"
      end

      def sort(entry)
        name, direction = entry.split(':')
        [column(name), direction || 'asc']
      end

      def column(name)
        field = registry.id('field', name)
        field ? "cf_#{field}" : name
      end

      def make_default(record)
        return if project.default_issue_query_id

        project.update!(default_issue_query_id: record.id)
        changed("list «#{record.name}»: is what the project's tickets open with")
      end
    end
  end
end
