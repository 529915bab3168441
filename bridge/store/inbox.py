"""The inbox: every event that a sender was told is safe, once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final, cast

from sqlalchemy import Connection, Table, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert

from bridge.store.models import ChannelSwitchRow, EventState, InboxEvent

HELPDESK: Final = "helpdesk"
"""The source of the helpdesk's webhooks; no channel may have this key."""

_EVENTS: Final = cast(Table, InboxEvent.__table__)


@dataclass(frozen=True)
class Arrival:
    """An event as it came. `received_at` is UTC."""

    source: str
    external_id: str
    kind: str
    body: bytes
    received_at: datetime


def record(connection: Connection, arrival: Arrival) -> int | None:
    """Store the event; return its id, or None when it was there already."""
    return record_all(connection, [arrival])[0]


def record_all(connection: Connection, arrivals: Sequence[Arrival]) -> Sequence[int | None]:
    """Store the events in one statement; their ids, None for what was there already.

    An event that is among the arrivals twice is new once.
    """
    # In one order everywhere: two processes that store the same events never wait for each other.
    ordered = sorted(arrivals, key=_identity)
    insertion = _insertion(connection.dialect.name)
    rows = connection.execute(insertion, [_as_row(arrival) for arrival in ordered])
    new_ids = {(source, external_id): id_ for id_, source, external_id in rows}
    return [new_ids.pop(_identity(arrival), None) for arrival in arrivals]


def _identity(arrival: Arrival) -> tuple[str, str]:
    return arrival.source, arrival.external_id


def _as_row(arrival: Arrival) -> dict[str, Any]:
    return {
        "source": arrival.source,
        "external_id": arrival.external_id,
        "kind": arrival.kind,
        "body": arrival.body,
        "received_at": arrival.received_at,
        "state": EventState.RECEIVED,
        "reason": "",
        "attempts": 0,
    }


@cache
def _insertion(dialect: str) -> ReturningInsert[int, str, str]:
    """An insert into the bare table: as ORM objects, events would cost twice the time."""
    builder = postgresql.insert if dialect == "postgresql" else sqlite.insert
    insertion = builder(_EVENTS).on_conflict_do_nothing(
        index_elements=[_EVENTS.c.source, _EVENTS.c.external_id]
    )
    return insertion.returning(_EVENTS.c.id, _EVENTS.c.source, _EVENTS.c.external_id)


def finish(session: Session, event_id: int, state: EventState, reason: str, now: datetime) -> None:
    """Close the event with the outcome and, where nothing was done, the reason.

    Of two workers that had the same event, the first one's outcome stays.
    """
    session.execute(
        update(InboxEvent)
        .where(InboxEvent.id == event_id, InboxEvent.state == EventState.RECEIVED)
        .values(state=state, reason=reason, finished_at=now, attempts=InboxEvent.attempts + 1)
    )


def reopen(session: Session, event_id: int) -> bool:
    """Make the event be processed again; False when there is no such event."""
    reopened = session.execute(
        update(InboxEvent)
        .where(InboxEvent.id == event_id)
        .values(state=EventState.RECEIVED, reason="", finished_at=None)
        .returning(InboxEvent.id)
    )
    return reopened.scalar_one_or_none() is not None


def waiting(session: Session, received_before: datetime, limit: int) -> Sequence[int]:
    """Ids of events that came before the instant and are still to be processed, oldest first.

    Those of channels that are switched off are not.
    """
    return session.scalars(
        select(InboxEvent.id)
        .where(
            InboxEvent.state == EventState.RECEIVED,
            InboxEvent.received_at < received_before,
            InboxEvent.source.not_in(select(ChannelSwitchRow.channel)),
        )
        .order_by(InboxEvent.received_at, InboxEvent.id)
        .limit(limit)
    ).all()


def outcome(session: Session, event_id: int) -> tuple[str, str]:
    """The event's state and reason. Raises `NoResultFound` when there is no such event."""
    row = session.get_one(InboxEvent, event_id)
    return row.state, row.reason


def has(session: Session, source: str, external_id: str) -> bool:
    """Whether the event has come."""
    found = select(InboxEvent.id).where(
        InboxEvent.source == source, InboxEvent.external_id == external_id
    )
    return session.scalar(found) is not None


def announced(session: Session, journal_ids: Collection[int]) -> frozenset[int]:
    """Those of the helpdesk's journal entries whose webhook has come."""
    names = {f"journal:{number}": number for number in journal_ids}
    found = select(InboxEvent.external_id).where(
        InboxEvent.source == HELPDESK, InboxEvent.external_id.in_(names)
    )
    return frozenset(names[name] for name in session.scalars(found))
