# frozen_string_literal: true

module Bridge
  class Setup
    # Which role may move a ticket from which status to which.
    class Transitions < Step
      # Redmine's own number for "the ticket is being made".
      NO_STATUS = 0

      def run
        configuration.roles.each { |wanted| bring(role(wanted.key)) { pairs(wanted.key) } }
      end

      private

      def bring(role)
        scope = WorkflowTransition.where(tracker_id: tracker.id, role_id: role.id)
        present = scope.pluck(:old_status_id, :new_status_id)
        wanted = yield
        (present - wanted).each do |from, to|
          scope.where(old_status_id: from, new_status_id: to).delete_all
        end
        (wanted - present).each { |from, to| scope.create!(old_status_id: from, new_status_id: to) }
        note(role, (wanted - present).size, (present - wanted).size)
      end

      def pairs(key)
        ids = status_ids
        initial = configuration.initial_statuses(key).map { |status| [NO_STATUS, ids[status]] }
        initial + configuration.transitions(key).map { |from, to| [ids[from], ids[to]] }
      end

      def note(role, added, removed)
        return if added.zero? && removed.zero?

        changed("workflow of «#{role.name}»: #{added} transitions added, #{removed} removed")
      end
    end
  end
end
