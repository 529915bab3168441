# frozen_string_literal: true

module Bridge
  class Setup
    # The tickets' custom fields, in the project and the tracker of the tickets only.
    class Fields < Step
      def run
        configuration.fields.each { |wanted| bring(wanted) }
        put_in_order
      end

      private

      def bring(wanted)
        record = own('field', wanted.key, wanted.name, IssueCustomField)
        begin_new(record, wanted) if record.new_record?
        check_format(record, wanted)
        record.attributes = attributes(wanted).reject { |name, value| record.send(name) == value }
        save(record, title(wanted))
        place(record, wanted)
        remember('field', wanted.key, record)
      end

      def begin_new(record, wanted)
        record.field_format = wanted.format
        record.trackers = [tracker]
        record.projects = [project]
      end

      # Redmine cannot change the format of a field: the values that are there would not fit.
      def check_format(record, wanted)
        return if record.field_format == wanted.format

        raise SetupError, "#{title(wanted)} is a #{record.field_format} and cannot become a " \
                          "#{wanted.format}: use a new key and a new name"
      end

      def attributes(wanted)
        {
          name: wanted.name,
          description: wanted.hint.to_s,
          regexp: wanted.pattern.to_s,
          is_filter: wanted.filter == true,
          searchable: wanted.searchable == true,
          visible: true,
          is_for_all: false
        }.merge(format_attributes(wanted))
      end

      def format_attributes(wanted)
        case wanted.format
        when 'list' then { possible_values: wanted.values }
        when 'bool' then { default_value: '0', edit_tag_style: 'check_box' }
        when 'text' then { full_width_layout: '1' }
        else {}
        end
      end

      def place(record, wanted)
        unless record.trackers.include?(tracker)
          record.trackers << tracker
          changed("#{title(wanted)}: given to tracker «#{tracker.name}»")
        end
        return if record.projects.include?(project)

        record.projects << project
        changed("#{title(wanted)}: given to project #{project.identifier}")
      end

      # Redmine shows fields by their position. Ours trade places among themselves only.
      def put_in_order
        keys = configuration.fields.map(&:key)
        records = keys.map { |key| recorded('field', key, IssueCustomField) }
        places = records.map(&:position)
        return if places == places.sort

        records.zip(places.sort) { |record, place| record.update_column(:position, place) }
        changed('fields: put into the order of the configuration')
      end

      def title(wanted)
        "field «#{wanted.name}»"
      end
    end
  end
end
