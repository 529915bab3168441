# frozen_string_literal: true

module Bridge
  # What of the set-up is there at this moment, by the configuration's keys: read from Redmine's
  # own tables, so that whatever an administrator changed by hand shows.
  class Layout
    def initialize(registry)
      @registry = registry
    end

    def to_h
      {
        plugin: { version: Redmine::Plugin.find(:bridge).version },
        redmine: { version: Redmine::VERSION.to_s },
        server_time: Time.now.utc.iso8601(3),
        settings: settings, project: project, tracker: tracker,
        statuses: statuses, fields: fields, roles: roles, groups: groups, robot: robot,
        priorities: priorities,
        workflow: workflow, initial_statuses: initial_statuses, required_fields: required_fields,
        webhook: webhook
      }
    end

    private

    def settings
      {
        rest_api_enabled: Setting.rest_api_enabled?,
        issue_group_assignment: Setting.issue_group_assignment?,
        attachment_max_size_kilobytes: Setting.attachment_max_size.to_i,
        text_formatting: Setting.text_formatting.to_s
      }
    end

    def project
      record = find('project', Project)
      record && { id: record.id, identifier: record.identifier, name: record.name,
                  active: record.active?, public: record.is_public? }
    end

    def tracker
      record = find('tracker', Tracker)
      record && { id: record.id, name: record.name,
                  in_project: find('project', Project)&.tracker_ids.to_a.include?(record.id) }
    end

    def statuses
      each_record('status', IssueStatus) do |record|
        { id: record.id, name: record.name, closed: record.is_closed? }
      end
    end

    def fields
      each_record('field', IssueCustomField) do |record|
        {
          id: record.id, name: record.name, format: record.field_format,
          filter: record.is_filter?, values: record.possible_values,
          in_tracker: record.tracker_ids.include?(@registry.id('tracker', 'tracker')),
          in_project: record.is_for_all? ||
            record.project_ids.include?(@registry.id('project', 'project'))
        }
      end
    end

    def roles
      each_record('role', Role) do |record|
        { id: record.id, name: record.name, assignable: record.assignable?,
          issues_visibility: record.issues_visibility, permissions: record.permissions.sort }
      end
    end

    def groups
      offices = each_record('group', Group) { |group| describe_group(group) }
      {
        curators: offices['curators'], leaders: offices['leaders'],
        departments: each_record('department', Group) { |group| describe_group(group) }
      }
    end

    # Those from the usual one upwards.
    def priorities
      active = IssuePriority.active.sorted.to_a
      active.drop(active.index(&:is_default?) || 0).map(&:id)
    end

    def describe_group(group)
      member = Member.find_by(project_id: @registry.id('project', 'project'), user_id: group.id)
      { id: group.id, name: group.lastname, roles: keys_of('role', member ? member.role_ids : []) }
    end

    def robot
      record = find('robot', User)
      record && { id: record.id, login: record.login, active: record.active? }
    end

    # { role key => { from status key => [to status key, ...] } }
    def workflow
      by_role(WorkflowTransition.where.not(old_status_id: 0)) do |scope|
        scope.pluck(:old_status_id, :new_status_id).group_by(&:first).map do |from, pairs|
          [status_key(from), keys_of('status', pairs.map(&:last))]
        end.to_h.except(nil)
      end
    end

    def initial_statuses
      by_role(WorkflowTransition.where(old_status_id: 0)) do |scope|
        keys_of('status', scope.pluck(:new_status_id))
      end
    end

    # { role key => { status key => [field key, ...] } }
    def required_fields
      by_role(WorkflowPermission.where(rule: 'required')) do |scope|
        scope.pluck(:old_status_id, :field_name).group_by(&:first).map do |status, pairs|
          [status_key(status), keys_of('field', pairs.map { |_, name| name.to_i })]
        end.to_h.except(nil)
      end
    end

    def by_role(scope)
      @registry.keys('role').map do |key|
        ids = { tracker_id: @registry.id('tracker', 'tracker'), role_id: @registry.id('role', key) }
        [key, yield(scope.where(ids))]
      end.to_h
    end

    def webhook
      target = Webhook::Target.current
      { kind: Webhook.native? ? 'native' : 'plugin', url: target.url,
        configured: Webhook.native? ? native_hook? : target.configured? }
    end

    def native_hook?
      ::Webhook.active.exists?(user_id: @registry.id('robot', 'robot'))
    end

    def find(kind, model)
      @registry.find(kind, kind, model)
    end

    def each_record(kind, model)
      @registry.keys(kind).map do |key|
        record = @registry.find(kind, key, model)
        [key, record && yield(record)]
      end.to_h
    end

    def keys_of(kind, ids)
      @registry.keys(kind).select { |key| ids.include?(@registry.id(kind, key)) }
    end

    def status_key(id)
      @registry.keys('status').find { |key| @registry.id('status', key) == id }
    end
  end
end
