# frozen_string_literal: true

module Bridge
  # Which record of Redmine stands for which key of the configuration, and whether the set-up made
  # it. What was there before is used, but never renamed or changed.
  #
  # Kept in a setting of Redmine's: a name edited on either side then still means the same record.
  class Registry
    def self.load
      new(Setting.bridge_registry)
    end

    def initialize(entries)
      @entries = entries.deep_dup
    end

    # The record of the key, or nil when there is none or it was deleted since.
    def find(kind, key, model)
      id = id(kind, key)
      id && model.find_by(id: id)
    end

    def id(kind, key)
      entry(kind, key)['id']
    end

    def made?(kind, key)
      entry(kind, key)['made'] == true
    end

    def remember(kind, key, record, made:)
      (@entries[kind] ||= {})[key] = { 'id' => record.id, 'made' => made }
    end

    def keys(kind)
      @entries.fetch(kind, {}).keys
    end

    # Saved only when changed: a set-up that changes nothing writes nothing.
    def save
      Setting.bridge_registry = @entries unless @entries == Setting.bridge_registry
    end

    private

    def entry(kind, key)
      @entries.fetch(kind, {}).fetch(key, {})
    end
  end
end
