# frozen_string_literal: true

module Bridge
  class Setup
    # What the steps of one set-up share. `changes` collects one line for each change.
    Context = Struct.new(:configuration, :registry, :webhook_url, :changes)
  end
end
