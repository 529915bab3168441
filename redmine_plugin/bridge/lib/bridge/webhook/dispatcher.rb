# frozen_string_literal: true

module Bridge
  module Webhook
    # Sends deliveries from a thread of its own, so that nobody in Redmine ever waits for the
    # bridge. What does not fit in the queue, and what fails, is dropped with a line in the log.
    class Dispatcher
      CAPACITY = 1000
      LAST_SECONDS = 2

      class << self
        # A server may fork after loading: each process has a dispatcher, made when first needed.
        def current
          LOCK.synchronize do
            @current = new(Process.pid) unless @current && @current.pid == Process.pid
            @current
          end
        end
      end

      LOCK = Mutex.new
      private_constant :LOCK

      attr_reader :pid

      def initialize(pid)
        @pid = pid
        @queue = SizedQueue.new(CAPACITY)
        @thread = Thread.new { run }
        at_exit { finish if Process.pid == pid }
      end

      # Returns at once.
      def enqueue(delivery)
        @queue.push(delivery, true)
      rescue ThreadError
        Rails.logger.warn('bridge: webhook dropped, too many are waiting')
      end

      private

      def run
        while (delivery = @queue.pop)
          send_one(delivery)
        end
      end

      def send_one(delivery)
        code = delivery.call
        Rails.logger.warn("bridge: webhook answered #{code}") unless code.between?(200, 299)
      rescue StandardError => e
        Rails.logger.warn("bridge: webhook failed: #{e.class}")
      end

      # A short-lived process (a rake task that takes in mail) must not take its news to the grave.
      def finish
        @queue.close
        @thread.join(LAST_SECONDS)
      end
    end
  end
end
