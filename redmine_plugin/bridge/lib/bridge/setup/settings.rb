# frozen_string_literal: true

module Bridge
  class Setup
    # What the whole of Redmine must allow: REST, and tickets assigned to groups.
    class Settings < Step
      NEEDED = %w[rest_api_enabled issue_group_assignment].freeze

      def run
        NEEDED.each do |name|
          next if Setting[name].to_s == '1'

          Setting[name] = '1'
          changed("setting #{name}: turned on, for all projects")
        end
      end
    end
  end
end
