# frozen_string_literal: true

Redmine::Plugin.register :bridge do
  name 'Bridge'
  description 'Sets Redmine up for citizens\' messages and tells the bridge of changes at once.'
  version '1.0.0'
  author 'The bridge project'
  requires_redmine version_or_higher: '5.0'

  settings default: { 'webhook_url' => '', 'webhook_secret' => '' }, partial: 'settings/bridge'
end

Setting.define_setting('bridge_registry', 'default' => {}, 'serialized' => true)
Issue.include(Bridge::Webhook::Announcing) unless Issue.include?(Bridge::Webhook::Announcing)
Issue.prepend(Bridge::DeadlineMarking) unless Issue.include?(Bridge::DeadlineMarking)
# Naming a listener loads it, and it enters itself.
Bridge::PageStyle.instance
Bridge::FurtherDepartment.instance
