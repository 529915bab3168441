"""`/admin/journal`: searchable, and to be taken as a file."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest

from bridge.admin.access import Right, requires
from bridge.admin.journal import export, wording
from bridge.admin.journal.entries import Entry, of_decision, of_deed, ticket_of
from bridge.admin.local_days import LocalDays, read_days
from bridge.admin.parts import AdminParts
from bridge.store import audit, decisions, tickets
from bridge.store.audit import AuditSearch
from bridge.store.decisions import DecisionSearch

_PAGE: Final = 50
_PORTION: Final = 1000
"""Of a file's lines, so many are read at once."""
_DEEDS: Final = "deeds"
_DECISIONS: Final = "decisions"

Reader = Callable[[int, int | None], Sequence[Entry]]
"""Reads so many entries below an id, newest first."""


@dataclass(frozen=True)
class _Question:
    """What the person asked for, as the address says."""

    kind: str
    who: str
    what: str
    subject: str
    days: LocalDays


def routes(parts: AdminParts) -> Blueprint:
    """`/admin/journal`, `/admin/journal.csv`."""
    pages = Blueprint("journal", __name__)
    statuses = {status.key: status.name for status in parts.office.layout.statuses}
    zone = parts.office.calendar.zone

    @pages.get("/journal")
    @requires(Right.ADMINISTER)
    def show() -> ResponseReturnValue:
        question = _question(parts)
        entries = reader_of(question)(_PAGE + 1, request.args.get("before", type=int))
        shown = entries[:_PAGE]
        return render_template(
            "journal/page.html",
            entries=shown,
            older=shown[-1].id if len(entries) > _PAGE else None,
            kind=question.kind,
            deeds=sorted(wording.DEEDS.items(), key=lambda pair: pair[1]),
            triggers=wording.TRIGGERS.items(),
        )

    @pages.get("/journal.csv")
    @requires(Right.ADMINISTER)
    def take() -> Response:
        question = _question(parts)
        lines = export.as_csv(_all(reader_of(question)), zone)
        name = f"journal-{question.kind}-{parts.now().astimezone(zone):%Y-%m-%d}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(lines, mimetype=export.MIMETYPE, headers=headers)

    def reader_of(question: _Question) -> Reader:
        return deeds(question) if question.kind == _DEEDS else decided(question)

    def deeds(question: _Question) -> Reader:
        def read(limit: int, before: int | None) -> Sequence[Entry]:
            with parts.store.reading() as session:
                search = AuditSearch(
                    actor=question.who,
                    actions=(question.what,) if question.what else (),
                    subject=_subject(session, question.subject),
                    since=question.days.since,
                    until=question.days.until,
                )
                rows = audit.page(session, search, limit, before)
                issues = tickets.issues_of(session, {ticket_of(row) or 0 for row in rows})
                return [of_deed(row, issues) for row in rows]

        return read

    def decided(question: _Question) -> Reader:
        search = DecisionSearch(
            issue=_issue(question.subject),
            trigger=question.what,
            since=question.days.since,
            until=question.days.until,
        )

        def read(limit: int, before: int | None) -> Sequence[Entry]:
            with parts.store.reading() as session:
                rows = decisions.page(session, search, limit, before)
                return [of_decision(row, statuses) for row in rows]

        return read

    return pages


def _question(parts: AdminParts) -> _Question:
    kind = request.args.get("kind", _DEEDS)
    if kind not in {_DEEDS, _DECISIONS}:
        raise BadRequest(f"no such kind: {kind}")
    return _Question(
        kind=kind,
        who=request.args.get("who", "").strip(),
        what=request.args.get("what", ""),
        subject=request.args.get("subject", "").strip(),
        days=read_days(
            request.args.get("first", ""),
            request.args.get("last", ""),
            parts.office.calendar.zone,
        ),
    )


def _subject(session: Session, text: str) -> str:
    """As entries name it; a ticket is asked for by its number in the helpdesk, «#12»."""
    if not text.startswith("#"):
        return text
    ticket = tickets.by_issue(session, _issue(text) or 0)
    return f"ticket:{ticket.id if ticket else 0}"


def _issue(text: str) -> int | None:
    """The number of a ticket as people write it, «#12»; one that is none finds nothing."""
    digits = text.removeprefix("#")
    if not digits:
        return None
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else -1


def _all(read: Reader) -> Iterator[Entry]:
    before: int | None = None
    while portion := read(_PORTION, before):
        yield from portion
        before = portion[-1].id
