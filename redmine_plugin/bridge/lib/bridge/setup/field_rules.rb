# frozen_string_literal: true

module Bridge
  class Setup
    # Which fields a role must fill in, and which are read-only for it, by the ticket's status.
    class FieldRules < Step
      REQUIRED = 'required'
      READ_ONLY = 'readonly'

      def run
        configuration.roles.each { |wanted| bring(wanted.key) }
      end

      private

      def bring(key)
        scope = WorkflowPermission.where(tracker_id: tracker.id, role_id: role(key).id)
        present = scope.pluck(:old_status_id, :field_name, :rule)
        wanted = configuration.restricted?(key) ? rules(key) : []
        (present - wanted).each do |status, field, _rule|
          scope.where(old_status_id: status, field_name: field).delete_all
        end
        (wanted - present).each do |status, field, rule|
          scope.create!(old_status_id: status, field_name: field, rule: rule)
        end
        note(key, (wanted - present).size, (present - wanted).size)
      end

      def rules(key)
        required = configuration.required_fields(key)
        editable = configuration.editable_fields(key)
        check_names(key, required.values.flatten + editable.keys)
        configuration.status_keys.product(field_names.keys).map do |status, field|
          rule = rule_for(required.fetch(status, []).include?(field),
                          editable.fetch(field, []).include?(status))
          rule && [status_ids[status], field_names[field], rule]
        end.compact
      end

      def rule_for(required, editable)
        return REQUIRED if required

        editable ? nil : READ_ONLY
      end

      # { name in the configuration => name in Redmine's rules }
      def field_names
        @field_names ||= core_fields.merge(own_fields)
      end

      def own_fields
        configuration.fields.map do |field|
          [field.key, registry.id('field', field.key).to_s]
        end.to_h
      end

      def core_fields
        (Tracker::CORE_FIELDS_UNDISABLABLE + tracker.core_fields).map { |name| [name, name] }.to_h
      end

      def check_names(key, names)
        unknown = names.uniq - field_names.keys
        return if unknown.empty?

        raise SetupError, "helpdesk.yaml: field_rules.#{key}: there is no field " \
                          "#{unknown.join(', ')}"
      end

      def note(key, added, removed)
        return if added.zero? && removed.zero?

        changed("field rules of «#{role(key).name}»: #{added} added, #{removed} removed")
      end
    end
  end
end
