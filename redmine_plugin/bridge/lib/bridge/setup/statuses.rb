# frozen_string_literal: true

module Bridge
  class Setup
    # The statuses. One of the same name that is there already serves as it is.
    class Statuses < Step
      def run
        configuration.statuses.each { |wanted| bring(wanted) }
      end

      private

      def bring(wanted)
        made = made_before(wanted.key)
        named = IssueStatus.find_by(name: wanted.name)
        return use(named, wanted) if named && made.nil?

        refuse(wanted, 'is there already, beside the one to be renamed') if named && named != made
        record = made || IssueStatus.new
        record.assign_attributes(name: wanted.name, is_closed: wanted.closed)
        remember('status', wanted.key, save(record, "status «#{wanted.name}»"))
      end

      def made_before(key)
        registry.find('status', key, IssueStatus) if registry.made?('status', key)
      end

      def use(record, wanted)
        refuse(wanted, 'is there already, open') if wanted.closed && !record.is_closed
        refuse(wanted, 'is there already, closed') if record.is_closed && !wanted.closed
        known = registry.id('status', wanted.key) == record.id
        changed("status «#{wanted.name}»: the one that is there is used") unless known
        remember('status', wanted.key, record, made: false)
      end

      def refuse(wanted, reason)
        raise SetupError, "status «#{wanted.name}» #{reason}: " \
                          "give #{wanted.key} another name in helpdesk.yaml"
      end
    end
  end
end
