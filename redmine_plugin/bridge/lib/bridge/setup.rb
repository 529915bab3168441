# frozen_string_literal: true

module Bridge
  # Brings Redmine to what the configuration says, all or nothing.
  #
  # It changes only what it made itself (see Registry) and deletes nothing but rules of the workflow
  # between its own tracker and its own roles, so that other projects stay as they are.
  class Setup
    STEPS = [
      Settings, Priorities, Statuses, TicketTracker, Roles, Transitions, TicketProject, Fields,
      FieldRules, Groups, Robot, TicketLists, WebhookTarget
    ].freeze

    def initialize(configuration, webhook_url = nil)
      @configuration = configuration
      @webhook_url = webhook_url
    end

    # Returns what was changed, one line each. Raises SetupError; then nothing was changed.
    def run
      context = Context.new(@configuration, Registry.load, @webhook_url, [])
      ActiveRecord::Base.transaction do
        STEPS.each { |step| step.new(context).run }
        context.registry.save
      end
      context.changes
    end
  end
end
