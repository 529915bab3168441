"""Reads open tickets by how urgent they are: every duty in short, and some tickets in full.

A ticket's duties are its running clocks; an open ticket that has none counts as one without a
term. Of thousands of tickets that are open a page shows a hundred: so the two are read apart.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, select
from sqlalchemy.orm import Session, aliased

from bridge.sla.clocks import CURATOR, Verdict
from bridge.sla.policy import Party
from bridge.store.models import ClockRow, MessageRow, TicketRow

WORDS: Final = 240
"""So many letters of a message are read: its first words."""


class Band(IntEnum):
    """How soon a duty is due, the most urgent first."""

    OVERDUE = 0
    HALF_HOUR = 1
    TWO_HOURS = 2
    TODAY = 3
    LATER = 4
    UNTIMED = 5
    """No clock of the ticket runs: it waits for other parts, or for a person."""


@dataclass(frozen=True)
class Horizons:
    """The instants between the bands, UTC; the day is the local one."""

    start_of_day: datetime
    now: datetime
    half_hour: datetime
    two_hours: datetime
    end_of_day: datetime


class Duty(NamedTuple):
    """One running clock of an open ticket; `clock_key` is None and `clause` empty without one.

    `department` is who holds the clock or, where the curator does, whose ticket it last was; empty
    when it was nobody's. `band` is a `Band`, as a number: there are thousands of these.
    """

    ticket_id: int
    clock_key: str | None
    holder: str
    department: str
    channel: str
    clause: str
    band: int


@dataclass(frozen=True)
class OpenTicket:
    """What a line of a page needs of one open ticket; `words` are the message's first."""

    issue_id: int | None
    whole_issue_id: int | None
    visibility: str
    status: str
    attention: str
    words: str


@dataclass(frozen=True)
class Promptness:
    """Duties that ended in a span of time; those that ceased are not among them."""

    in_time: int = 0
    late: int = 0

    @property
    def percent(self) -> int | None:
        """How many of a hundred were in time, rounded down; None when nothing ended."""
        done = self.in_time + self.late
        return 100 * self.in_time // done if done else None


def read_duties(session: Session, horizons: Horizons) -> Sequence[Duty]:
    """Every duty of every open ticket, the most urgent first; of those due at once the newest."""
    holder = func.coalesce(ClockRow.holder, TicketRow.department, CURATOR)
    band = _band(horizons)
    rows = session.execute(
        select(
            TicketRow.id,
            ClockRow.key,
            holder,
            case((holder != CURATOR, holder), else_=_last_department()),
            _channel(),
            func.coalesce(ClockRow.clause, ""),
            band.label("band"),
        )
        .outerjoin(ClockRow, and_(ClockRow.ticket_id == TicketRow.id, ClockRow.verdict.is_(None)))
        .where(TicketRow.closed.is_(False))
        .order_by("band", ClockRow.due, ClockRow.id.desc(), TicketRow.id)
    )
    return [Duty(*row) for row in rows]


def read_tickets(session: Session, ticket_ids: Collection[int]) -> Mapping[int, OpenTicket]:
    """These tickets by their ids."""
    whole = aliased(TicketRow)
    rows = session.execute(
        select(
            TicketRow.id,
            TicketRow.issue_id,
            whole.issue_id,
            MessageRow.visibility,
            TicketRow.status,
            TicketRow.attention,
            func.substr(MessageRow.text, 1, WORDS),
        )
        .join(MessageRow, MessageRow.id == TicketRow.message_id)
        .outerjoin(whole, whole.id == TicketRow.parent_id)
        .where(TicketRow.id.in_(ticket_ids))
    )
    return {row[0]: OpenTicket(*row[1:]) for row in rows}


def read_promptness(session: Session, since: datetime) -> Mapping[Party, Promptness]:
    """The duties of curators and of departments that ended at `since`, UTC, or later."""
    ended = (
        select(_party(ClockRow.holder).label("party"), ClockRow.verdict)
        .where(ClockRow.stop >= since, ClockRow.verdict.in_((Verdict.IN_TIME, Verdict.LATE)))
        .subquery()
    )
    counted = select(ended.c.party, ended.c.verdict, func.count()).group_by(
        ended.c.party, ended.c.verdict
    )
    found = {(party, verdict): number for party, verdict, number in session.execute(counted)}
    return {
        party: Promptness(
            found.get((party, Verdict.IN_TIME), 0), found.get((party, Verdict.LATE), 0)
        )
        for party in Party
    }


def _party(holder: Any) -> ColumnElement[str]:
    return case((holder == CURATOR, Party.CURATOR.value), else_=Party.DEPARTMENT.value)


def _channel() -> ColumnElement[str]:
    """Looked up by key: for a join PostgreSQL would read every message that ever came."""
    channel = select(MessageRow.channel).where(MessageRow.id == TicketRow.message_id)
    return channel.scalar_subquery()


def _last_department() -> ColumnElement[str]:
    """Staff may have sent the ticket on from where the mapping had put it."""
    earlier = aliased(ClockRow)
    last = (
        select(earlier.holder)
        .where(earlier.ticket_id == TicketRow.id, earlier.holder != CURATOR)
        .order_by(earlier.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(last, TicketRow.department, "")


def _band(horizons: Horizons) -> ColumnElement[int]:
    due = ClockRow.due
    return case(
        (due.is_(None), int(Band.UNTIMED)),
        (due < horizons.now, int(Band.OVERDUE)),
        (due <= horizons.half_hour, int(Band.HALF_HOUR)),
        (due <= horizons.two_hours, int(Band.TWO_HOURS)),
        (due <= horizons.end_of_day, int(Band.TODAY)),
        else_=int(Band.LATER),
    )
