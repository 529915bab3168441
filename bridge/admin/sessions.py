"""Who is logged in, until when: sessions are signed cookies, Redmine is asked again meanwhile."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import structlog
from flask import Flask, Response, flash, redirect, request, session, url_for
from flask_login import LoginManager, current_user, login_user, logout_user
from werkzeug.wrappers import Response as BaseResponse

from bridge.admin.parts import AdminParts
from bridge.admin.person import Person
from bridge.helpdesk.accounts import StaffAccount
from bridge.helpdesk.port import HelpdeskError

log = structlog.get_logger()

CONFIRM_EVERY: Final = timedelta(minutes=5)
"""After so long Redmine is asked whether the person still has the account and the roles."""
_NOTE_EVERY: Final = timedelta(minutes=1)
_KEPT: Final = "person"


def install_sessions(app: Flask, parts: AdminParts) -> None:
    """Have every request know its person, or none."""
    manager = LoginManager(app)
    manager.session_protection = None

    @manager.user_loader  # type: ignore[untyped-decorator]  # Flask-Login has no types
    def load(_user_id: str) -> Person | None:
        kept = session.get(_KEPT)
        person = Person.from_json(kept) if kept else None
        return person and _still_in(person, parts)

    @manager.unauthorized_handler  # type: ignore[untyped-decorator]
    def to_login() -> Response | BaseResponse:
        if request.headers.get("HX-Request"):
            return Response(status=401, headers={"HX-Redirect": url_for("login.show")})
        flash("Войдите, чтобы открыть страницу.")
        return redirect(url_for("login.show", next=request.full_path.rstrip("?")))


def begin(account: StaffAccount, now: datetime) -> Person:
    """Log the person in."""
    person = Person(account, since=now, seen_at=now, confirmed_at=now)
    session.clear()
    session[_KEPT] = person.as_json()
    login_user(person)
    return person


def end() -> None:
    """Log the person out."""
    logout_user()
    session.clear()


def person() -> Person:
    """Who is logged in; only for views that ask for a right."""
    who: Person = current_user._get_current_object()
    return who


def _still_in(person: Person, parts: AdminParts) -> Person | None:
    now, settings = parts.now(), parts.settings
    if now > person.since + timedelta(hours=settings.admin_session_hours):
        return None
    if now > person.seen_at + timedelta(minutes=settings.admin_idle_minutes):
        return None
    confirmed = person if now < person.confirmed_at + CONFIRM_EVERY else _confirm(person, parts)
    # What refreshes itself must not keep a session alive that nobody sits at.
    if confirmed and not request.headers.get("HX-Request"):
        confirmed = _noted(confirmed, now)
    if confirmed is not None:
        session[_KEPT] = confirmed.as_json()
    return confirmed


def _noted(person: Person, now: datetime) -> Person:
    return person if now < person.seen_at + _NOTE_EVERY else replace(person, seen_at=now)


def _confirm(person: Person, parts: AdminParts) -> Person | None:
    """The person with the roles of now; None when Redmine no longer knows the account."""
    try:
        roles = parts.accounts.roles_of(person.account.id)
    except HelpdeskError as error:
        # While Redmine is away people must see what goes on here, more than ever.
        log.warning("account not confirmed", error=type(error).__name__, user=person.account.id)
        return person
    if roles is None:
        return None
    account = replace(person.account, roles=roles)
    return replace(person, account=account, confirmed_at=parts.now())
