# frozen_string_literal: true

module Bridge
  class Setup
    # A Redmine that never got its default data has no priority, and no ticket can do without.
    class Priorities < Step
      NAME = 'Обычный'

      def run
        return if IssuePriority.active.exists?

        save(IssuePriority.new(name: NAME, is_default: true), "priority «#{NAME}»")
      end
    end
  end
end
