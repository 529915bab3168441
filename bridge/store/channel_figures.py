"""How each channel does: what came by it, what goes out by it, and what went wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median_high
from typing import Final

from sqlalchemy import ColumnElement, Integer, cast, extract, func, select
from sqlalchemy.orm import Session

from bridge.store.models import (
    DeliveryRow,
    EffectState,
    EventState,
    InboxEvent,
    MessageRow,
    SourceRow,
)

_HOUR: Final = 3600
_LAGS_AMONG: Final = 500
"""Newest messages whose lag is looked at."""
_WAITING: Final = (EffectState.PENDING, EffectState.SENDING)


@dataclass(frozen=True)
class Incoming:
    """What came by a channel. `last` is UTC; counts are of events."""

    last: datetime | None
    waiting: int
    unreadable: int
    by_hour: Mapping[datetime, int]
    """By the beginning of each hour in which something came."""
    usual_lag: timedelta | None
    """Half of the newest messages were known sooner after they were posted."""
    longest_lag: timedelta | None


@dataclass(frozen=True)
class Outgoing:
    """What goes out by a channel; counts are of deliveries."""

    placed: int
    waiting: int
    waiting_since: datetime | None
    uncertain: int
    failed: int


@dataclass(frozen=True)
class Trouble:
    """One kind of error among the deliveries; `last` is UTC."""

    code: str
    meaning: str
    count: int
    last: datetime | None


def incoming(session: Session, channel: str, since: datetime) -> Incoming:
    """What came since then; what waits or could not be read is counted whenever it came."""
    states = _count_by_state(session, channel)
    lags = _lags(session, channel, since)
    return Incoming(
        last=session.scalar(
            select(func.max(InboxEvent.received_at)).where(InboxEvent.source == channel)
        ),
        waiting=states.get(EventState.RECEIVED, 0),
        unreadable=states.get(EventState.UNREADABLE, 0),
        by_hour=_by_hour(session, channel, since),
        usual_lag=median_high(lags) if lags else None,
        longest_lag=max(lags, default=None),
    )


def outgoing(session: Session, channel: str, since: datetime) -> Outgoing:
    """What was placed since then, and what has not come to its end whenever it began."""
    waiting, oldest = session.execute(
        select(func.count(DeliveryRow.id), func.min(DeliveryRow.next_attempt_at))
        .join(SourceRow, SourceRow.id == DeliveryRow.source_id)
        .where(SourceRow.channel == channel, DeliveryRow.state.in_(_WAITING))
    ).one()
    ended = _count_deliveries(session, channel, DeliveryRow.finished_at >= since)
    return Outgoing(
        placed=ended.get(EffectState.DONE, 0),
        waiting=waiting,
        waiting_since=oldest,
        uncertain=ended.get(EffectState.UNCERTAIN, 0),
        failed=ended.get(EffectState.FAILED, 0),
    )


def troubles(session: Session, channel: str, since: datetime, limit: int) -> Sequence[Trouble]:
    """Errors of deliveries that ended or were tried since then, the most frequent first."""
    when = func.coalesce(DeliveryRow.finished_at, DeliveryRow.next_attempt_at)
    rows = session.execute(
        select(DeliveryRow.code, func.max(DeliveryRow.meaning), func.count(), func.max(when))
        .join(SourceRow, SourceRow.id == DeliveryRow.source_id)
        .where(SourceRow.channel == channel, DeliveryRow.code != "", when >= since)
        .group_by(DeliveryRow.code)
        .order_by(func.count().desc(), DeliveryRow.code)
        .limit(limit)
    )
    return [Trouble(code, meaning, count, last) for code, meaning, count, last in rows]


def _count_by_state(session: Session, channel: str) -> dict[str, int]:
    rows = session.execute(
        select(InboxEvent.state, func.count())
        .where(
            InboxEvent.source == channel,
            InboxEvent.state.in_((EventState.RECEIVED, EventState.UNREADABLE)),
        )
        .group_by(InboxEvent.state)
    )
    return {state: count for state, count in rows}  # noqa: C416


def _count_deliveries(
    session: Session, channel: str, condition: ColumnElement[bool]
) -> dict[str, int]:
    rows = session.execute(
        select(DeliveryRow.state, func.count())
        .join(SourceRow, SourceRow.id == DeliveryRow.source_id)
        .where(SourceRow.channel == channel, condition)
        .group_by(DeliveryRow.state)
    )
    return {state: count for state, count in rows}  # noqa: C416


def _by_hour(session: Session, channel: str, since: datetime) -> dict[datetime, int]:
    hour = cast(extract("epoch", InboxEvent.received_at), Integer) / _HOUR
    whole = cast(func.floor(hour), Integer)
    rows = session.execute(
        select(whole, func.count())
        .where(InboxEvent.source == channel, InboxEvent.received_at >= since)
        .group_by(whole)
    )
    return {datetime.fromtimestamp(number * _HOUR, UTC): count for number, count in rows}


def _lags(session: Session, channel: str, since: datetime) -> Sequence[timedelta]:
    rows = session.execute(
        select(MessageRow.posted_at, MessageRow.received_at)
        .where(MessageRow.channel == channel)
        .order_by(MessageRow.id.desc())
        .limit(_LAGS_AMONG)
    )
    return [max(timedelta(0), came - posted) for posted, came in rows if came >= since]
