# frozen_string_literal: true

# Run once by `bin/rails runner` on the sandbox's bare database: what an administrator of a city's
# Redmine has long set. Nobody logs in as its first administrator; programs have a key instead.

Setting.default_language = 'ru'
Setting.force_default_language_for_anonymous = '1'
Setting.force_default_language_for_loggedin = '0'
Setting.date_format = '%d.%m.%Y'
Setting.time_format = '%H:%M'
Setting.start_of_week = '1'
Setting.default_users_time_zone = 'Ekaterinburg'
Setting.app_title = 'Redmine'
Setting.login_required = '1'
Setting.self_registration = '0'
Setting.notified_events = []

administrator = User.where(admin: true).first!
administrator.random_password
administrator.must_change_passwd = false
administrator.language = 'ru'
administrator.save!
