"""Whether a channel may be used now: up, paused for a while, or down until somebody mends it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bridge.store import channel_switches
from bridge.store.insertion import insert_into
from bridge.store.models import ChannelStateRow


class ChannelCondition(StrEnum):
    """How a channel is. A channel without a row is up."""

    PAUSED = "paused"
    DOWN = "down"
    OFF = "off"
    """Switched off by an administrator; not in this table, but in that of the switches."""


@dataclass(frozen=True)
class Hold:
    """Why a channel must not be used now. `until` is None while it is down."""

    channel: str
    condition: ChannelCondition
    since: datetime
    until: datetime | None
    code: str
    meaning: str


SWITCHED_OFF: Final = "switched_off"


def hold_of(session: Session, channel: str, now: datetime) -> Hold | None:
    """What holds the channel's queue at this instant; None when it may be used."""
    switch = channel_switches.switch_of(session, channel)
    if switch:
        meaning = f"Канал выключен администратором: {switch.reason}"
        return Hold(channel, ChannelCondition.OFF, switch.off_since, None, SWITCHED_OFF, meaning)
    row = session.get(ChannelStateRow, channel)
    if row is None or (row.until is not None and row.until <= now):
        return None
    return _as_hold(row)


def holds(session: Session) -> Sequence[Hold]:
    """Every channel that is or was last held."""
    return [_as_hold(row) for row in session.scalars(select(ChannelStateRow))]


def set_hold(session: Session, hold: Hold) -> bool:
    """Hold the channel's queue; True when it was not held for the same reason before."""
    if _insert(session, hold):
        return True
    row = session.get_one(ChannelStateRow, hold.channel, with_for_update=True)
    is_new = row.state != hold.condition or row.code != hold.code
    if is_new:
        row.since = hold.since
    row.state = hold.condition
    row.until = hold.until
    row.code = hold.code
    row.meaning = hold.meaning
    return is_new


def _insert(session: Session, hold: Hold) -> bool:
    """False when there is one: two workers may find the same trouble at the same time."""
    insertion = insert_into(session, ChannelStateRow).values(
        channel=hold.channel,
        state=hold.condition,
        since=hold.since,
        until=hold.until,
        code=hold.code,
        meaning=hold.meaning,
    )
    inserted = session.execute(
        insertion.on_conflict_do_nothing().returning(ChannelStateRow.channel)
    )
    return inserted.scalar_one_or_none() is not None


def release(session: Session, channel: str) -> bool:
    """Let the channel's queue go; True when it was held."""
    released = session.execute(
        delete(ChannelStateRow)
        .where(ChannelStateRow.channel == channel)
        .returning(ChannelStateRow.channel)
    )
    return released.scalar_one_or_none() is not None


def _as_hold(row: ChannelStateRow) -> Hold:
    return Hold(
        channel=row.channel,
        condition=ChannelCondition(row.state),
        since=row.since,
        until=row.until,
        code=row.code,
        meaning=row.meaning,
    )
