# frozen_string_literal: true

module Bridge
  # The set-up cannot go on. The message says what is wrong, where, and what would be right.
  class SetupError < StandardError
  end
end
