# frozen_string_literal: true

namespace :bridge do
  desc <<~TEXT
    Sets Redmine up for citizens' messages. Running it again changes nothing but what was edited.

      CONFIG       the folder with helpdesk.yaml and departments.yaml
      OUTPUT       the file for the robot's API key and the webhook's secret (JSON, mode 600)
      WEBHOOK_URL  optional: where the bridge takes Redmine's webhooks
  TEXT
  task setup: :environment do
    begin
      Bridge::SetupCommand.new(ENV, $stdout).run
    rescue Bridge::SetupError => e
      abort "bridge:setup: #{e.message}\nNothing was changed."
    end
  end
end
