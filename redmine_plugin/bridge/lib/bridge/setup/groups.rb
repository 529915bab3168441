# frozen_string_literal: true

module Bridge
  class Setup
    # The curators' group, the leaders' and a group for each department, as members of the project. A
    # group of the same name that is there already serves; nobody's other roles are touched.
    class Groups < Step
      CURATORS = 'curators'
      LEADERS = 'leaders'
      DEPARTMENTS = 'department'

      def run
        bring('group', CURATORS, configuration.curators_group, 'curator')
        leaders = configuration.leaders_group
        bring('group', LEADERS, leaders, 'leader') if leaders
        configuration.departments.each do |department|
          bring(DEPARTMENTS, department.key, department.group, 'department')
        end
      end

      private

      def bring(kind, key, name, role_key)
        group = registry.find(kind, key, Group)
        made = registry.made?(kind, key)
        group = nil unless made || group&.lastname == name
        found = group.nil? && Group.find_by(lastname: name)
        group ? rename(group, name, made) : group = found || make(name)
        remember(kind, key, group, made: made || !found)
        add_to_project(group, role(role_key))
      end

      def make(name)
        save(Group.new(lastname: name), "group «#{name}»")
      end

      def rename(group, name, made)
        return unless made

        group.lastname = name
        save(group, "group «#{name}»")
      end

      def add_to_project(group, role)
        member = Member.find_by(project_id: project.id, user_id: group.id)
        return if member && member.roles.include?(role)

        if member
          member.role_ids = member.role_ids + [role.id]
        else
          Member.create!(project: project, principal: group, roles: [role])
        end
        changed("group «#{group.lastname}»: is «#{role.name}» in the project")
      end
    end
  end
end
