"""Logging in and out with the Redmine account."""

from typing import Final
from urllib.parse import urlsplit

import structlog
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_login import current_user
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from bridge.admin import sessions
from bridge.admin.access import rights_of
from bridge.admin.attempts import BY_ADDRESS, BY_LOGIN, REFUSED, login_given, was_refused
from bridge.admin.parts import AdminParts
from bridge.helpdesk.port import HelpdeskError
from bridge.store.audit import Action

log = structlog.get_logger()

_START: Final = "start.show"


class LoginForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """What one types to log in."""

    login = StringField("Логин", validators=[InputRequired("Введите логин."), Length(max=190)])
    password = PasswordField(
        "Пароль", validators=[InputRequired("Введите пароль."), Length(max=1000)]
    )


def routes(parts: AdminParts, limiter: Limiter) -> Blueprint:
    """`/admin/login`, `/admin/logout`."""
    pages = Blueprint("login", __name__)

    @pages.get("/login")
    def show() -> ResponseReturnValue:
        if current_user.is_authenticated:
            return redirect(url_for(_START))
        return _form(LoginForm(), 200)

    @pages.post("/login")
    @limiter.limit(BY_ADDRESS, deduct_when=was_refused)
    @limiter.limit(BY_LOGIN, key_func=login_given, deduct_when=was_refused)
    def log_in() -> ResponseReturnValue:
        form = LoginForm()
        if not form.validate_on_submit():
            return _form(form, 400)
        try:
            account = parts.accounts.log_in(form.login.data.strip(), form.password.data)
        except HelpdeskError as error:
            log.warning("nobody can log in", error=type(error).__name__)
            return _refuse(form, "Redmine не отвечает, проверить пароль нельзя.", 503)
        if account is None:
            # The login as typed is not kept: people type passwords into the wrong field.
            parts.record("", Action.LOGIN_REFUSED, address=request.remote_addr)
            return _refuse(form, "Redmine не принял логин и пароль.", REFUSED)
        if not rights_of(account):
            parts.record(account.login, Action.LOGIN_REFUSED, reason="нет роли")
            return _refuse(
                form,
                "Эти страницы — для кураторов, руководителя и администратора Redmine. "
                "Исполнители отвечают на сообщения в самом Redmine.",
                403,
            )
        sessions.begin(account, parts.now())
        parts.record(account.login, Action.LOGGED_IN, address=request.remote_addr)
        return redirect(way_on(request.form.get("next", ""), url_for(_START)))

    @pages.post("/logout")
    def log_out() -> ResponseReturnValue:
        if current_user.is_authenticated:
            parts.record(sessions.person().login, Action.LOGGED_OUT)
            sessions.end()
        flash("Вы вышли.")
        return redirect(url_for("login.show"))

    return pages


def _refuse(form: LoginForm, why: str, status: int) -> ResponseReturnValue:
    form.password.errors = (why,)
    return _form(form, status)


def _form(form: LoginForm, status: int) -> ResponseReturnValue:
    return render_template("login.html", form=form, next=request.values.get("next", "")), status


def way_on(wanted: str, otherwise: str) -> str:
    """Where one wanted to go, if that is one of these pages."""
    parts = urlsplit(wanted)
    here = not parts.scheme and not parts.netloc and wanted.startswith("/admin/")
    return wanted if here and "\\" not in wanted else otherwise
