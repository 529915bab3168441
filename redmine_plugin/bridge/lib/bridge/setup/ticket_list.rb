# frozen_string_literal: true

module Bridge
  class Setup
    # A public list of the project's tickets in work. A list that is there is left to its users.
    class TicketList < Step
      def run
        return if registry.find('list', 'list', IssueQuery)

        wanted = configuration.list
        record = IssueQuery.new(name: wanted.fetch('name'), project: project,
                                visibility: Query::VISIBILITY_PUBLIC)
        record.user_id = registry.id('robot', 'robot')
        record.column_names = wanted.fetch('columns').map { |name| column(name) }
        record.sort_criteria = [[wanted.fetch('sort'), 'asc']]
        remember('list', 'list', save(record, "list «#{record.name}»"))
        project.update!(default_issue_query_id: record.id) if project.default_issue_query_id.nil?
      rescue KeyError => e
        raise SetupError, "helpdesk.yaml: list: #{e.key} is missing"
      end

      private

      def column(name)
        field = registry.id('field', name)
        (field ? "cf_#{field}" : name).to_sym
      end
    end
  end
end
