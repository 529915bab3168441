# frozen_string_literal: true

require 'net/http'
require 'openssl'

module Bridge
  module Webhook
    # One signed POST, as Redmine 7.0 makes it.
    class Delivery
      OPEN_TIMEOUT = 2
      READ_TIMEOUT = 5

      def initialize(target, body)
        @target = target
        @body = body
      end

      # Returns the status code. Raises SystemCallError, SocketError, Timeout::Error and others.
      def call
        uri = URI.parse(@target.url)
        options = { use_ssl: uri.scheme == 'https', open_timeout: OPEN_TIMEOUT,
                    read_timeout: READ_TIMEOUT }
        no_proxy = nil
        Net::HTTP.start(uri.host, uri.port, no_proxy, **options) do |http|
          http.request(request(uri)).code.to_i
        end
      end

      private

      def request(uri)
        Net::HTTP::Post.new(uri, 'Content-Type' => 'application/json', 'User-Agent' => 'Redmine',
                                 'X-Redmine-Signature-256' => signature).tap do |post|
          post.body = @body
        end
      end

      def signature
        "sha256=#{OpenSSL::HMAC.hexdigest('SHA256', @target.secret, @body)}"
      end
    end
  end
end
