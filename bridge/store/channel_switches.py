"""Which channels an administrator switched off: their events wait, their answers wait."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bridge.store.insertion import insert_into
from bridge.store.models import ChannelSwitchRow


def switched_off(session: Session) -> Sequence[ChannelSwitchRow]:
    """Every channel that is off."""
    return session.scalars(select(ChannelSwitchRow).order_by(ChannelSwitchRow.channel)).all()


def switch_of(session: Session, channel: str) -> ChannelSwitchRow | None:
    """Who switched the channel off, when and why; None while it is on."""
    return session.get(ChannelSwitchRow, channel)


def switch_off(session: Session, channel: str, actor: str, reason: str, now: datetime) -> bool:
    """Switch the channel off; False when it was off: who was first stays named."""
    insertion = insert_into(session, ChannelSwitchRow).values(
        channel=channel, off_since=now, actor=actor, reason=reason
    )
    done = session.execute(insertion.on_conflict_do_nothing().returning(ChannelSwitchRow.channel))
    return done.scalar_one_or_none() is not None


def switch_on(session: Session, channel: str) -> bool:
    """Switch the channel on; False when it was on."""
    done = session.execute(
        delete(ChannelSwitchRow)
        .where(ChannelSwitchRow.channel == channel)
        .returning(ChannelSwitchRow.channel)
    )
    return done.scalar_one_or_none() is not None
