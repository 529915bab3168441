"""`/admin/channels`: each channel's state; switch off, switch on, test."""

from typing import Final

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bridge.admin.access import Right, requires
from bridge.admin.channels.rhythm_picture import HEIGHT, WIDTH
from bridge.admin.channels.view import read_channel
from bridge.admin.parts import AdminParts
from bridge.admin.sessions import person
from bridge.channels import ChannelSettings
from bridge.checks import Checks
from bridge.findings import State
from bridge.store import audit, channel_switches
from bridge.store.audit import Action, AuditEntry

_LONGEST_REASON: Final = 500


def routes(parts: AdminParts, checks: Checks) -> Blueprint:
    """`/admin/channels` and what can be done about one of them."""
    pages = Blueprint("channels", __name__)
    zone = parts.office.calendar.zone

    @pages.get("/channels")
    @requires(Right.VIEW)
    def show() -> ResponseReturnValue:
        with parts.store.reading() as session:
            views = [
                read_channel(session, settings, parts.now(), zone)
                for settings in parts.office.channels
            ]
        return render_template(
            "channels/page.html", channels=views, picture_width=WIDTH, picture_height=HEIGHT
        )

    @pages.post("/channels/<key>/off")
    @requires(Right.ADMINISTER)
    def switch_off(key: str) -> ResponseReturnValue:
        channel = known(key)
        reason = request.form.get("reason", "").strip()[:_LONGEST_REASON]
        if not reason:
            flash("Канал не выключен: напишите, почему. Это увидят остальные.", "bad")
            return back(channel)
        entry = AuditEntry(
            parts.now(),
            person().login,
            Action.CHANNEL_SWITCHED_OFF,
            f"channel:{key}",
            {"reason": reason},
        )
        with parts.store.writing() as session:
            if channel_switches.switch_off(session, key, person().login, reason, parts.now()):
                audit.record(session, entry)
        flash(f"Канал «{channel.title}» выключен.", "good")
        return back(channel)

    @pages.post("/channels/<key>/on")
    @requires(Right.ADMINISTER)
    def switch_on(key: str) -> ResponseReturnValue:
        channel = known(key)
        entry = AuditEntry(
            parts.now(), person().login, Action.CHANNEL_SWITCHED_ON, f"channel:{key}"
        )
        with parts.store.writing() as session:
            if channel_switches.switch_on(session, key):
                audit.record(session, entry)
        flash(f"Канал «{channel.title}» включён: что накопилось, обрабатывается.", "good")
        return back(channel)

    @pages.post("/channels/<key>/check")
    @requires(Right.ADMINISTER)
    def check(key: str) -> ResponseReturnValue:
        channel = known(key)
        failures = [each for each in checks.channel(channel) if each.state is State.FAIL]
        parts.record(
            person().login, Action.CHANNEL_CHECKED, f"channel:{key}", failures=len(failures)
        )
        if failures:
            flash(f"Проверка «{channel.title}» нашла ошибки: они в карточке канала.", "bad")
        else:
            flash(f"Проверка «{channel.title}» пройдена.", "good")
        return back(channel)

    def known(key: str) -> ChannelSettings:
        if key not in parts.office.channels:
            abort(404)
        return parts.office.channels[key]

    def back(channel: ChannelSettings) -> ResponseReturnValue:
        return redirect(url_for("channels.show", _anchor=channel.key))

    return pages
