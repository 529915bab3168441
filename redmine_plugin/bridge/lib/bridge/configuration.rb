# frozen_string_literal: true

require 'yaml'

module Bridge
  # What helpdesk.yaml and departments.yaml say. Every mistake is a SetupError that names the key.
  class Configuration
    Status = Struct.new(:key, :name, :closed, keyword_init: true)
    Field = Struct.new(:key, :name, :format, :filter, :searchable, :pattern, :hint, :values,
                       keyword_init: true)
    Role = Struct.new(:key, :name, :issues_visibility, :assignable, :permissions,
                      keyword_init: true)
    List = Struct.new(:key, :name, :roles, :statuses, :values, :columns, :sort, keyword_init: true)
    Department = Struct.new(:key, :group)

    FORMATS = %w[string text list bool link].freeze
    ALL = 'all'
    UNRESTRICTED = 'unrestricted'

    def self.load(folder)
      new(read(folder, 'helpdesk.yaml'), read(folder, 'departments.yaml'))
    end

    def self.read(folder, name)
      path = File.join(folder, name)
      content = YAML.load_file(path, **(aliases_wanted? ? { aliases: true } : {}))
      content.is_a?(Hash) ? content : raise(SetupError, "#{path}: must be keys with values")
    rescue SystemCallError, Psych::Exception => e
      raise SetupError, "#{path}: #{e.message}"
    end

    # Psych 4 (Ruby 3.1) refuses aliases unless asked; Psych 3 does not know the question.
    def self.aliases_wanted?
      Psych::VERSION.to_i >= 4
    end
    private_class_method :read, :aliases_wanted?

    attr_reader :statuses, :fields, :roles, :lists, :departments

    def initialize(helpdesk, departments)
      @helpdesk = helpdesk
      @statuses = entries('statuses', Status)
      @fields = entries('fields', Field)
      @roles = read_roles
      @lists = entries('lists', List)
      @departments = read_departments(departments)
      check
    end

    def project
      section('project')
    end

    def tracker_name
      text(section('tracker'), 'name', 'tracker')
    end

    def robot
      section('robot')
    end

    def curators_group
      text(section('groups'), 'curators', 'groups')
    end

    # nil where nobody is to be told of breaches.
    def leaders_group
      section('groups')['leaders'].presence
    end

    def status_keys
      statuses.map(&:key)
    end

    # Keys of the statuses in which the role may make a ticket.
    def initial_statuses(role)
      expand(section('initial_statuses')[role], "initial_statuses.#{role}")
    end

    # Pairs [from, to] of status keys.
    def transitions(role)
      steps = section('workflow')[role]
      return status_keys.permutation(2).to_a if steps == ALL

      (steps || {}).flat_map do |from, targets|
        expand([from], "workflow.#{role}")
          .product(expand(targets, "workflow.#{role}.#{from}"))
      end
    end

    # Whether everything not listed as editable is read-only for the role.
    def restricted?(role)
      section('field_rules')[role] != UNRESTRICTED
    end

    # { status key => [field, ...] }
    def required_fields(role)
      rules(role, 'required').map { |status, names| [known_status(status), names] }.to_h
    end

    # { field => [status key, ...] }
    def editable_fields(role)
      rules(role, 'editable').map do |field, keys|
        [field, expand(keys, "field_rules.#{role}.editable.#{field}")]
      end.to_h
    end

    private

    def section(name)
      @helpdesk[name].is_a?(Hash) ? @helpdesk[name] : wrong(name, 'is missing or has no keys')
    end

    def entries(name, type)
      list = @helpdesk[name]
      wrong(name, 'must be a list') unless list.is_a?(Array)
      list.each_with_index.map { |item, index| entry(item, type, "#{name}[#{index}]") }
    end

    def entry(item, type, where)
      wrong(where, 'must have a key and a name') unless item.is_a?(Hash)
      text(item, 'key', where)
      text(item, 'name', where)
      unknown = item.keys - type.members.map(&:to_s)
      wrong(where, "does not know #{unknown.join(', ')}") if unknown.any?
      type.new(**item.symbolize_keys)
    end

    def read_roles
      section('roles').map do |key, item|
        wrong("roles.#{key}", 'must have a name') unless item.is_a?(Hash)
        entry(item.merge('key' => key), Role, "roles.#{key}")
      end
    end

    def read_departments(document)
      list = document['departments']
      raise SetupError, 'departments.yaml: departments: must be a list' unless list.is_a?(Array)

      list.map { |item| Department.new(item.fetch('key'), item['group'] || item.fetch('name')) }
    rescue KeyError => e
      raise SetupError, "departments.yaml: a department has no #{e.key}"
    end

    def rules(role, kind)
      (restricted?(role) && section('field_rules').fetch(role, {})[kind]) || {}
    end

    def expand(keys, where)
      return status_keys if keys == ALL

      (keys || []).each { |key| known_status(key, where) }
    end

    def known_status(key, where = 'field_rules')
      status_keys.include?(key) ? key : wrong(where, "there is no status #{key}")
    end

    def check
      check_unique('statuses', statuses)
      check_unique('fields', fields)
      check_unique('lists', lists)
      fields.each do |field|
        next if FORMATS.include?(field.format)

        wrong("fields.#{field.key}", "format must be one of #{FORMATS.join(', ')}")
      end
      lists.each { |list| check_list(list) }
      (section('workflow').keys + section('field_rules').keys).uniq.each do |key|
        wrong('workflow', "there is no role #{key}") if roles.none? { |role| role.key == key }
      end
    end

    def check_list(list)
      where = "lists.#{list.key}"
      %i[columns sort].each do |name|
        wrong(where, "#{name} must be a list") unless list[name].is_a?(Array)
      end
      expand(list.statuses, where)
      unknown = (list.roles || []) - roles.map(&:key)
      wrong(where, "there is no role #{unknown.join(', ')}") if unknown.any?
    end

    def check_unique(name, items)
      %i[key name].each do |attribute|
        values = items.map(&attribute)
        twice = values.find { |value| values.count(value) > 1 }
        wrong(name, "#{attribute} «#{twice}» is there twice") if twice
      end
    end

    def text(item, key, where)
      item[key].is_a?(String) && item[key].present? ? item[key] : wrong(where, "#{key} is missing")
    end

    def wrong(where, what)
      raise SetupError, "helpdesk.yaml: #{where}: #{what}"
    end
  end
end
