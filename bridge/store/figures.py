"""Counts over the store: how much came, waits, failed, needs somebody.

Each function answers for one figure: values by its labels. They are asked often, and must stay
quick with years of tickets: every one reads an index, or only what is open.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bridge.store.models import (
    AttachmentRow,
    AttachmentState,
    EffectRow,
    EffectState,
    EventState,
    InboxEvent,
    MessageRow,
    RepairRow,
    TicketRow,
)

Figures = Mapping[tuple[str, ...], float]
"""Values by labels; a figure that has no labels has one value, by the empty tuple."""

LAGS_OF: Final = timedelta(hours=1)
LAGS_AMONG: Final = 500
"""Newest messages that are looked at: the figure is read often."""


def events(session: Session, _now: datetime) -> Figures:
    """Events of the inbox by state."""
    return _by_state(session, InboxEvent.state, EventState)


def arrivals(session: Session, _now: datetime) -> Figures:
    """Events by the source that brought them, whatever became of them."""
    return grouped(
        session.execute(select(InboxEvent.source, func.count()).group_by(InboxEvent.source))
    )


def last_arrivals(session: Session, now: datetime) -> Figures:
    """Seconds since each source was heard last."""
    newest = select(InboxEvent.source, func.max(InboxEvent.received_at))
    rows = session.execute(newest.group_by(InboxEvent.source))
    return {(source,): age(now, at) for source, at in rows}


def oldest_waiting(session: Session, now: datetime) -> Figures:
    """Seconds for which the oldest event waits to be processed; 0 when none does."""
    waiting = select(func.min(InboxEvent.received_at))
    return single(age(now, session.scalar(waiting.where(InboxEvent.state == EventState.RECEIVED))))


def effects(session: Session, _now: datetime) -> Figures:
    """Effects of the outbox by state."""
    return _by_state(session, EffectRow.state, EffectState)


def attachments(session: Session, _now: datetime) -> Figures:
    """Citizens' files by state."""
    return _by_state(session, AttachmentRow.state, AttachmentState)


def tickets(session: Session, _now: datetime) -> Figures:
    """Tickets, open and closed."""
    rows = session.execute(select(TicketRow.closed, func.count()).group_by(TicketRow.closed))
    counts = {bool(closed): count for closed, count in rows}
    return {("open",): counts.get(False, 0), ("closed",): counts.get(True, 0)}


def open_tickets(session: Session, _now: datetime) -> Figures:
    """Open tickets by the key of their status; the empty key: not in the helpdesk yet."""
    by_status = select(TicketRow.status, func.count()).where(TicketRow.closed.is_(False))
    return grouped(session.execute(by_status.group_by(TicketRow.status)))


def attention(session: Session, _now: datetime) -> Figures:
    """Tickets whose last reconciliation did not do all it should."""
    counted = select(func.count(TicketRow.id)).where(TicketRow.attention != "")
    return single(session.scalar(counted) or 0)


def repairs(session: Session, _now: datetime) -> Figures:
    """Changes that no webhook announced and the sweep found."""
    return single(session.scalar(select(func.count(RepairRow.id))) or 0)


def lags(session: Session, now: datetime) -> Figures:
    """Seconds from posting to arrival: the longest of each channel's messages of the last hour.

    The hour of clause 3.1 runs from the posting.
    """
    newest = (
        select(MessageRow.channel, MessageRow.posted_at, InboxEvent.received_at)
        .join(InboxEvent, InboxEvent.id == MessageRow.inbox_event_id)
        .order_by(MessageRow.id.desc())
        .limit(LAGS_AMONG)
    )
    longest: dict[tuple[str, ...], float] = {}
    for channel, posted_at, received_at in session.execute(newest):
        if received_at > now - LAGS_OF:
            lag = max(0.0, (received_at - posted_at).total_seconds())
            longest[(channel,)] = max(lag, longest.get((channel,), 0.0))
    return longest


def single(value: float) -> Figures:
    """The value of a figure that has no labels."""
    return {(): value}


def grouped(rows: Iterable[Any]) -> Figures:
    """Rows that end with a count, by what stands before it."""
    return {tuple(str(label) for label in labels): count for *labels, count in rows}


def age(now: datetime, since: datetime | None) -> float:
    """Seconds since an instant, which may be by another machine's clock; 0 for none."""
    return max(0.0, (now - since).total_seconds()) if since else 0.0


def _by_state(
    session: Session, column: InstrumentedAttribute[str], states: type[StrEnum]
) -> Figures:
    """Counts of every state, those that nothing is in as 0: a figure must not come and go."""
    counted = grouped(session.execute(select(column, func.count()).group_by(column)))
    return {(state.value,): 0.0 for state in states} | dict(counted)
