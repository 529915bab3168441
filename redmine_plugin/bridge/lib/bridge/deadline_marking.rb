# frozen_string_literal: true

module Bridge
  # Gives tickets whose deadline is near or over a CSS class, in lists and on their own pages.
  module DeadlineMarking
    CLASSES = { 'скоро' => 'deadline-near', 'просрочено' => 'deadline-over' }.freeze

    def css_classes(*arguments)
      [super, CLASSES[deadline_state_of_bridge]].compact.join(' ')
    end

    private

    # Other trackers' issues are not asked: a list of a hundred would cost a hundred queries.
    def deadline_state_of_bridge
      registry = Registry.load
      return unless tracker_id == registry.id('tracker', 'tracker')

      field = registry.id('field', 'deadline_state')
      custom_values.find { |value| value.custom_field_id == field }&.value
    end
  end
end
