# frozen_string_literal: true

module Bridge
  class Setup
    # The roles with exactly the permissions of the configuration.
    class Roles < Step
      # Known to later Redmines only, and needed there only.
      LATER = %i[use_webhooks].freeze

      def run
        configuration.roles.each { |wanted| bring(wanted) }
      end

      private

      def bring(wanted)
        record = own('role', wanted.key, wanted.name, Role)
        record.assign_attributes(name: wanted.name, assignable: wanted.assignable,
                                 issues_visibility: wanted.issues_visibility)
        permissions = permissions(wanted)
        record.permissions = permissions unless record.permissions.sort == permissions.sort
        remember('role', wanted.key, save(record, "role «#{wanted.name}»"))
      end

      def permissions(wanted)
        names = wanted.permissions.map(&:to_sym)
        unknown = names.reject { |name| Redmine::AccessControl.permission(name) }
        wrong = unknown - LATER
        return names - unknown if wrong.empty?

        raise SetupError, "helpdesk.yaml: roles.#{wanted.key}.permissions: this Redmine knows no " \
                          "#{wrong.join(', ')}"
      end
    end
  end
end
