"""Where each poll of a channel stands, and who is at it: one process at a time looks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from bridge.store.insertion import insert_into
from bridge.store.leases import LeaseLost
from bridge.store.models import PollRow


@dataclass(frozen=True)
class PollKey:
    """Which poll: a channel's key and the poller's name within it."""

    channel: str
    name: str


def acquire(
    session: Session, key: PollKey, owner: str, now: datetime, until: datetime
) -> PollRow | None:
    """Take the lease, or go on holding it; None while another process holds it."""
    insertion = insert_into(session, PollRow).values(
        channel=key.channel, name=key.name, state={}, failures=0, code="", meaning=""
    )
    session.execute(insertion.on_conflict_do_nothing())
    return session.scalars(
        update(PollRow)
        .where(
            *_is(key),
            or_(
                PollRow.lease_owner.is_(None),
                PollRow.lease_owner == owner,
                PollRow.lease_until < now,
            ),
        )
        .values(lease_owner=owner, lease_until=until)
        .returning(PollRow)
    ).one_or_none()


def keep(
    session: Session, key: PollKey, owner: str, state: Mapping[str, Any], now: datetime
) -> None:
    """Keep where a look ended. Raises `LeaseLost`, which rolls the transaction back."""
    _record(
        session,
        key,
        owner,
        state=dict(state),
        looked_at=now,
        failing_since=None,
        failures=0,
        code="",
        meaning="",
    )


def fail(
    session: Session, key: PollKey, owner: str, now: datetime, code: str, meaning: str
) -> None:
    """Keep why a look failed; the state stays. Raises `LeaseLost`."""
    row = session.get_one(PollRow, (key.channel, key.name))
    _record(
        session,
        key,
        owner,
        failing_since=row.failing_since or now,
        failures=row.failures + 1,
        code=code,
        meaning=meaning,
    )


def release(session: Session, key: PollKey, owner: str) -> None:
    """Let another process look from now on."""
    session.execute(
        update(PollRow)
        .where(*_is(key), PollRow.lease_owner == owner)
        .values(lease_owner=None, lease_until=None)
    )


def of_channel(session: Session, channel: str) -> Sequence[PollRow]:
    """The channel's polls that were ever taken up, by name."""
    return session.scalars(
        select(PollRow).where(PollRow.channel == channel).order_by(PollRow.name)
    ).all()


def _record(session: Session, key: PollKey, owner: str, **values: Any) -> None:
    recorded = session.execute(
        update(PollRow)
        .where(*_is(key), PollRow.lease_owner == owner)
        .values(**values)
        .returning(PollRow.channel)
    ).scalar_one_or_none()
    if recorded is None:
        raise LeaseLost(f"poll {key.channel} {key.name}")


def _is(key: PollKey) -> tuple[Any, Any]:
    return PollRow.channel == key.channel, PollRow.name == key.name
