"""Counts over the store: how much waits, runs, failed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bridge.store import silences
from bridge.store.models import (
    AttachmentRow,
    ChannelStateRow,
    ClockRow,
    EffectRow,
    InboxEvent,
    MessageRow,
    RepairRow,
    TicketRow,
)

LAGS_OF: Final = timedelta(hours=1)
LAGS_AMONG: Final = 500
"""Newest messages that are looked at: the figure is read often."""


@dataclass(frozen=True)
class Figures:
    """One moment's counts.

    `lags` are seconds from posting to arrival, the longest of each channel's messages of the last
    hour: the hour of clause 3.1 runs from the posting.
    """

    events: dict[str, int]
    effects: dict[str, int]
    tickets: dict[str, int]
    clocks: dict[str, int]
    attachments: dict[str, int]
    repairs: int
    holds: int
    attention: int
    silent: dict[str, int]
    lags: dict[str, float]


def read_figures(session: Session, now: datetime) -> Figures:
    """Count; a channel whose pause has ended by `now` is not held any more."""
    closed = _by(session, TicketRow.closed)
    running = session.execute(
        select(ClockRow.kind, func.count())
        .where(ClockRow.verdict.is_(None))
        .group_by(ClockRow.kind)
    )
    return Figures(
        events=_by(session, InboxEvent.state),
        effects=_by(session, EffectRow.state),
        tickets={"open": closed.get("False", 0), "closed": closed.get("True", 0)},
        clocks={kind: count for kind, count in running},  # noqa: C416
        attachments=_by(session, AttachmentRow.state),
        repairs=session.scalar(select(func.count(RepairRow.id))) or 0,
        holds=_holds(session, now),
        attention=session.scalar(select(func.count(TicketRow.id)).where(TicketRow.attention != ""))
        or 0,
        silent={row.source: 1 for row in silences.silent(session)},
        lags=_lags(session, now),
    )


def _lags(session: Session, now: datetime) -> dict[str, float]:
    newest = (
        select(MessageRow.channel, MessageRow.posted_at, InboxEvent.received_at)
        .join(InboxEvent, InboxEvent.id == MessageRow.inbox_event_id)
        .order_by(MessageRow.id.desc())
        .limit(LAGS_AMONG)
    )
    lags: dict[str, float] = {}
    for channel, posted_at, received_at in session.execute(newest):
        if received_at > now - LAGS_OF:
            lag = max(0.0, (received_at - posted_at).total_seconds())
            lags[channel] = max(lag, lags.get(channel, 0.0))
    return lags


def _holds(session: Session, now: datetime) -> int:
    held = or_(ChannelStateRow.until.is_(None), ChannelStateRow.until > now)
    return session.scalar(select(func.count(ChannelStateRow.channel)).where(held)) or 0


def _by(
    session: Session, column: InstrumentedAttribute[str] | InstrumentedAttribute[bool]
) -> dict[str, int]:
    rows = session.execute(select(column, func.count()).group_by(column))
    return {str(value): count for value, count in rows}
