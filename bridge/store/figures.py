"""Counts over the store: how much waits, runs, failed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bridge.store import silences
from bridge.store.models import (
    AttachmentRow,
    ChannelStateRow,
    ClockRow,
    EffectRow,
    InboxEvent,
    RepairRow,
    TicketRow,
)


@dataclass(frozen=True)
class Figures:
    """One moment's counts."""

    events: dict[str, int]
    effects: dict[str, int]
    tickets: dict[str, int]
    clocks: dict[str, int]
    attachments: dict[str, int]
    repairs: int
    holds: int
    attention: int
    silent: dict[str, int]


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
    )


def _holds(session: Session, now: datetime) -> int:
    held = or_(ChannelStateRow.until.is_(None), ChannelStateRow.until > now)
    return session.scalar(select(func.count(ChannelStateRow.channel)).where(held)) or 0


def _by(
    session: Session, column: InstrumentedAttribute[str] | InstrumentedAttribute[bool]
) -> dict[str, int]:
    rows = session.execute(select(column, func.count()).group_by(column))
    return {str(value): count for value, count in rows}
