# frozen_string_literal: true

module Bridge
  class Setup
    # The project of the tickets: private, with the tracker and the modules that staff use.
    class TicketProject < Step
      MODULES = %w[issue_tracking calendar wiki].freeze
      START_PAGE_OF_REDMINE = 'Wiki'
      # The page that the bridge writes with links to all reports.
      START_PAGE = 'Отчёты'

      def run
        wanted = configuration.project
        record = registry.find('project', 'project', Project) ||
                 Project.find_by(identifier: wanted.fetch('identifier'))
        record ? adapt(record, wanted) : make(wanted)
        open_wiki_with_reports(wanted)
      rescue KeyError => e
        raise SetupError, "helpdesk.yaml: project: #{e.key} is missing"
      end

      private

      def make(wanted)
        record = Project.new(identifier: wanted.fetch('identifier'), is_public: false)
        describe(record, wanted)
        record.enabled_module_names = MODULES
        record.trackers = [tracker]
        save(record, title(wanted))
        remember('project', 'project', record)
      end

      def adapt(record, wanted)
        check(record, wanted)
        made = registry.made?('project', 'project')
        describe(record, wanted) if made
        save(record, title(wanted))
        add_tracker(record, wanted)
        add_modules(record, wanted)
        remember('project', 'project', record, made: made)
      end

      def describe(record, wanted)
        record.assign_attributes(name: wanted.fetch('name'),
                                 description: wanted.fetch('description', ''))
      end

      def check(record, wanted)
        if record.is_public?
          raise SetupError, "#{title(wanted)} is public: messages are personal data; make it " \
                            'private or give another identifier in helpdesk.yaml'
        end
        return if record.identifier == wanted.fetch('identifier')

        raise SetupError, "project: the identifier is #{record.identifier} and cannot be changed"
      end

      def add_tracker(record, wanted)
        return if record.trackers.include?(tracker)

        record.trackers << tracker
        changed("#{title(wanted)}: tracker «#{tracker.name}» added")
      end

      def add_modules(record, wanted)
        missing = MODULES - record.enabled_module_names
        return if missing.empty?

        record.enabled_module_names = record.enabled_module_names + missing
        changed("#{title(wanted)}: modules #{missing.join(', ')} added")
      end

      # Unless somebody has chosen, or begun to write, another one.
      def open_wiki_with_reports(wanted)
        wiki = Wiki.find_by(project_id: project.id)
        return unless wiki && wiki.start_page == START_PAGE_OF_REDMINE
        return if wiki.pages.exists?(title: START_PAGE_OF_REDMINE)

        wiki.update!(start_page: START_PAGE)
        changed("#{title(wanted)}: the wiki opens with «#{START_PAGE}»")
      end

      def title(wanted)
        "project #{wanted.fetch('identifier')}"
      end
    end
  end
end
