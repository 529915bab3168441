# frozen_string_literal: true

scope 'bridge', controller: 'bridge', defaults: { format: 'json' } do
  get 'issues/:id/lock', action: 'lock', constraints: { id: /\d+/ }
  get 'layout', action: 'layout'
  post 'webhook_test', action: 'webhook_test'
end
