# frozen_string_literal: true

# What the bridge needs of Redmine and Redmine's own REST does not tell. API keys only.
class BridgeController < ApplicationController
  accept_api_auth :lock, :layout, :webhook_test
  before_action :require_login
  before_action :find_issue, only: :lock
  before_action :require_robot, only: %i[layout webhook_test]

  TOKEN_LIMIT = 200

  # The ticket's lock version: sent back with a change, it makes Redmine refuse (422) a change of
  # what somebody else has changed since.
  def lock
    render json: { issue: { id: @issue.id, lock_version: @issue.lock_version,
                            updated_on: @issue.updated_on } }
  end

  def layout
    render json: { layout: Bridge::Layout.new(Bridge::Registry.load).to_h }
  end

  # Sends a signed delivery that carries the caller's token, to show that deliveries arrive.
  def webhook_test
    target = Bridge::Webhook::Target.current
    token = params[:token].to_s
    return refuse("token is missing or longer than #{TOKEN_LIMIT}") unless token_fits?(token)
    return refuse('the webhook has no URL or no secret') unless target.configured?

    Bridge::Webhook::Dispatcher.current.enqueue(Bridge::Webhook::TestDelivery.for(target, token))
    head :accepted
  end

  private

  def require_robot
    robot = Bridge::Registry.load.id('robot', 'robot')
    deny_access unless User.current.admin? || User.current.id == robot
  end

  def token_fits?(token)
    token.length.between?(1, TOKEN_LIMIT)
  end

  def refuse(reason)
    render json: { errors: [reason] }, status: :unprocessable_entity
  end
end
