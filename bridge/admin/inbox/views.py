"""`/admin/inbox`: the search, one event, one ticket's way, and replay."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bridge.admin.access import Right, requires
from bridge.admin.inbox.asking import NotUnderstood, read_search
from bridge.admin.inbox.journey import Day, by_day, finished, journey, only_main, received
from bridge.admin.inbox.words import EVENT_STATES, JourneyWords
from bridge.admin.parts import AdminParts
from bridge.admin.sessions import person
from bridge.flow.placement_hold import NotDone, Orderer
from bridge.flow.starting_over import StartingOver
from bridge.store import inbox_search, journeys
from bridge.store.inbox import HELPDESK
from bridge.store.inbox_search import FoundEvent
from bridge.store.models import InboxEvent

PAGE: Final = 50
LARGEST_BODY: Final = 200_000
"""Characters of an event's body that are shown."""
_LARGEST_ID: Final = 2**31 - 1


def routes(parts: AdminParts) -> Blueprint:
    """The pages."""
    pages = Blueprint("inbox", __name__)
    words = JourneyWords.of(parts.office)
    starting_over = StartingOver(parts.store, parts.hints, parts.now)
    sources = (*(channel.key for channel in parts.office.channels), HELPDESK)

    @pages.get("/inbox")
    @requires(Right.PLACE)
    def show() -> ResponseReturnValue:
        mistake, found, kinds = "", list[FoundEvent](), list[str]()
        zone = parts.office.calendar.zone
        before = _before()
        try:
            wanted = read_search(request.args, sources, zone)
        except NotUnderstood as error:
            mistake = str(error)
        with parts.store.reading() as session:
            kinds = [*inbox_search.kinds(session)]
            if not mistake:
                found = [*inbox_search.search(session, wanted, PAGE + 1, before)]
        page = render_template(
            "inbox/list.html",
            found=found[:PAGE],
            older=_older(found),
            kind_options=[("", "любой"), *((kind, kind) for kind in kinds)],
            state_options=[
                ("", "любое"),
                *((key, title) for key, (title, _) in EVENT_STATES.items()),
            ],
            sources=[(key, words.channel(key)) for key in sources],
            states=EVENT_STATES,
            words=words,
            asked=request.args,
            is_searching=any(value for key, value in request.args.items() if key != "before"),
            mistake=mistake,
        )
        return page, 400 if mistake else 200

    @pages.get("/inbox/<int:event_id>")
    @requires(Right.PLACE)
    def event(event_id: int) -> ResponseReturnValue:
        with parts.store.reading() as session:
            row = session.get(InboxEvent, _known(event_id))
            if row is None:
                abort(404)
            (found,) = inbox_search.with_messages(session, [row])
        posted_at = found.message.posted_at if found.message else None
        told = (received(row, words, posted_at), *finished(row, words))
        # It is the page of this very event, which leads nowhere else.
        steps = [replace(step, event=None) for step in told]
        shows_body = person().may(Right.ADMINISTER)
        return render_template(
            "inbox/event.html",
            event=row,
            found=found,
            days=by_day(steps, words),
            states=EVENT_STATES,
            words=words,
            body=_readable(row.body) if shows_body else "",
        )

    @pages.get("/inbox/ticket/<int:ticket_id>")
    @requires(Right.PLACE)
    def ticket(ticket_id: int) -> ResponseReturnValue:
        with parts.store.reading() as session:
            chronicle = journeys.chronicle(session, _known(ticket_id))
        if chronicle is None:
            abort(404)
        steps = journey(chronicle, words)
        is_brief = request.args.get("brief") == "yes"
        shown: Sequence[Day] = by_day(only_main(steps) if is_brief else steps, words)
        return render_template(
            "inbox/ticket.html",
            chronicle=chronicle,
            days=shown,
            is_brief=is_brief,
            hidden=len(steps) - len(only_main(steps)),
            words=words,
        )

    @pages.post("/inbox/<int:event_id>/replay")
    @requires(Right.ADMINISTER)
    def replay(event_id: int) -> ResponseReturnValue:
        try:
            starting_over.event(_known(event_id), Orderer(person().login, person().account.name))
            flash("Событие поручено обработать заново. Обновите страницу через минуту.", "good")
        except NotDone as refusal:
            flash(str(refusal), "warn")
            return redirect(url_for("inbox.show"))
        return redirect(url_for("inbox.event", event_id=event_id))

    return pages


def _older(found: Sequence[FoundEvent]) -> str:
    """The query of the next page; empty when there is none."""
    if len(found) <= PAGE:
        return ""
    asked = {key: value for key, value in request.args.items() if value and key != "before"}
    return f"?{urlencode({**asked, 'before': found[PAGE - 1].event.id})}"


def _before() -> int | None:
    wanted = request.args.get("before", "")
    if not wanted:
        return None
    return int(wanted) if wanted.isdecimal() and len(wanted) < 10 else abort(404)


def _known(number: int) -> int:
    return number if number <= _LARGEST_ID else abort(404)


def _readable(body: bytes) -> str:
    """The event as it came, with its structure shown where it has one."""
    text = body.decode(errors="replace")
    with suppress(ValueError):
        text = json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    return text if len(text) <= LARGEST_BODY else text[:LARGEST_BODY] + "\n…"
