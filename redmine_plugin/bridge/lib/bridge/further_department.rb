# frozen_string_literal: true

module Bridge
  # On a ticket's page: a further department in charge, in two clicks (2.1.2). It leads to Redmine's
  # own form for a sub-task, filled in; whoever may not make one is shown nothing.
  class FurtherDepartment < Redmine::Hook::ViewListener
    def view_issues_show_description_bottom(context)
      issue = context[:issue]
      registry = Registry.load
      return '' unless whole?(issue, registry) && allowed?(issue.project)

      groups = departments(registry) - [issue.assigned_to, *issue.children.map(&:assigned_to)]
      context[:hook_caller].render(
        partial: 'bridge/further_department', locals: { issue: issue, groups: groups }
      )
    end

    private

    def whole?(issue, registry)
      issue.tracker_id == registry.id('tracker', 'tracker') && issue.parent_id.nil? &&
        !issue.closed?
    end

    def allowed?(project)
      %i[add_issues manage_subtasks].all? { |right| User.current.allowed_to?(right, project) }
    end

    def departments(registry)
      registry.keys('department').filter_map { |key| registry.find('department', key, Group) }
    end
  end
end
