# frozen_string_literal: true

# Goes into the sandbox's own copy of Redmine as config/additional_environment.rb: makes SQLite
# bear several threads that write at once, as a city's PostgreSQL or MySQL does by itself.
#
# Two habits of Rails 6.1 with SQLite end in "database is locked", and so in an answer 500:
# a transaction that reads first and writes later cannot wait for its turn, and a thread that
# waits inside SQLite holds the interpreter's lock, so that the one it waits for cannot go on.
module SqlitePatience
  WAIT_SECONDS = 30
  PAUSE_SECONDS = 0.002

  def begin_db_transaction
    log('begin immediate transaction', 'TRANSACTION') { @connection.transaction(:immediate) }
  end

  def configure_connection
    super
    @connection.busy_handler do |attempts|
      sleep PAUSE_SECONDS
      attempts * PAUSE_SECONDS < WAIT_SECONDS
    end
  end
end

ActiveSupport.on_load(:active_record_sqlite3adapter) { prepend SqlitePatience }
