# frozen_string_literal: true

module Bridge
  class Setup
    # One part of the set-up: compares what is there with the configuration, and changes the rest.
    class Step
      def initialize(context)
        @context = context
      end

      private

      def configuration
        @context.configuration
      end

      def registry
        @context.registry
      end

      def changed(line)
        @context.changes << line
      end

      # Saves a record that is new or was changed, and notes which of its attributes were.
      def save(record, title)
        return record unless record.changed_for_autosave?

        line = record.new_record? ? 'made' : "changed (#{record.changed.sort.join(', ')})"
        unless record.save
          raise SetupError, "#{title} cannot be saved: #{record.errors.full_messages.join('; ')}"
        end

        changed("#{title}: #{line}")
        record
      end

      # The record of an earlier set-up, or a new one. A record of the same name that somebody else
      # made is not taken over: other projects may rely on it as it is.
      def own(kind, key, name, model)
        record = registry.find(kind, key, model) || model.new
        if model.where(name: name).where.not(id: record.id).exists?
          raise SetupError, "#{kind} «#{name}» is there already and was not made by this set-up: " \
                            "give #{key} another name in helpdesk.yaml"
        end
        record
      end

      def remember(kind, key, record, made: true)
        registry.remember(kind, key, record, made: made)
        record
      end

      def recorded(kind, key, model)
        registry.find(kind, key, model) ||
          raise(SetupError, "#{kind} #{key} is gone from Redmine")
      end

      def status_ids
        configuration.status_keys.map { |key| [key, registry.id('status', key)] }.to_h
      end

      def tracker
        recorded('tracker', 'tracker', Tracker)
      end

      def project
        recorded('project', 'project', Project)
      end

      def role(key)
        recorded('role', key, Role)
      end
    end
  end
end
