"""What the page of placement shows, and the rows that an action there is about."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, case, func, select, text
from sqlalchemy.orm import Session

from bridge.effects import ORDERED
from bridge.sla.timeline import Status
from bridge.store import deliveries
from bridge.store.models import (
    DeliveryRow,
    EffectRow,
    EffectState,
    MessageRow,
    SourceRow,
    TicketRow,
)
from bridge.store.unplaced import NOT_THERE, is_awaited

_RECENTLY: Final = timedelta(days=1)
_MOST_BY_HAND: Final = 500
"""Tickets that wait to be placed by hand: more at once would be another kind of trouble."""


class Tab(StrEnum):
    """The lists of the page."""

    ATTENTION = "attention"
    """All that a person is to do something about."""
    WAITING = "waiting"
    SENDING = "sending"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    BY_HAND = "by_hand"
    """Answers of tickets that wait for a person to place them."""
    DONE = "done"
    """Placed within a day."""


_STATES: Final[Mapping[Tab, Collection[EffectState]]] = {
    Tab.ATTENTION: (EffectState.UNCERTAIN, EffectState.FAILED),
    Tab.WAITING: (EffectState.PENDING,),
    Tab.SENDING: (EffectState.SENDING,),
    Tab.UNCERTAIN: (EffectState.UNCERTAIN,),
    Tab.FAILED: (EffectState.FAILED,),
    Tab.BY_HAND: NOT_THERE,
    Tab.DONE: (EffectState.DONE,),
}


@dataclass(frozen=True)
class OnItsWay:
    """One part of an answer on its way to one system, with what it belongs to."""

    delivery: DeliveryRow
    effect: EffectRow
    source: SourceRow
    ticket: TicketRow
    message: MessageRow

    @property
    def is_late(self) -> bool:
        """Whether the answer stands elsewhere, and this system brought the message later."""
        return self.effect.payload.get("only_source") is not None


def page(
    session: Session, tab: Tab, now: datetime, limit: int, before: int | None = None
) -> Sequence[OnItsWay]:
    """The newest of the list, newest first; `before` is the delivery that ended the last page."""
    wanted = _joined().where(_belongs(tab, now)).order_by(DeliveryRow.id.desc()).limit(limit)
    if before is not None:
        wanted = wanted.where(DeliveryRow.id < before)
    return [OnItsWay(*row) for row in session.execute(wanted)]


def counts(session: Session, now: datetime) -> Mapping[Tab, int]:
    """How many each list has."""
    by_hand = TicketRow.status == Status.MANUAL_PLACEMENT
    rows = session.execute(
        select(DeliveryRow.state, func.count(), func.count(case((by_hand, 1))))
        .join(EffectRow, EffectRow.id == DeliveryRow.effect_id)
        .join(TicketRow, TicketRow.id == EffectRow.ticket_id)
        .where(DeliveryRow.state.in_(NOT_THERE), is_awaited())
        .group_by(DeliveryRow.state)
    ).all()
    done = select(func.count()).select_from(DeliveryRow).where(_is_done(now))
    found = {
        tab: sum(number for state, number, _ in rows if state in states)
        for tab, states in _STATES.items()
    }
    return {
        **found,
        Tab.BY_HAND: sum(number for _, _, number in rows),
        Tab.DONE: session.scalars(done).one(),
    }


def _joined() -> Select[DeliveryRow, EffectRow, SourceRow, TicketRow, MessageRow]:
    return (
        select(DeliveryRow, EffectRow, SourceRow, TicketRow, MessageRow)
        .join(EffectRow, EffectRow.id == DeliveryRow.effect_id)
        .join(SourceRow, SourceRow.id == DeliveryRow.source_id)
        .join(TicketRow, TicketRow.id == EffectRow.ticket_id)
        .join(MessageRow, MessageRow.id == SourceRow.message_id)
    )


def _belongs(tab: Tab, now: datetime) -> ColumnElement[bool]:
    if tab is Tab.DONE:
        return _is_done(now)
    states = DeliveryRow.state.in_(_STATES[tab])
    if tab is Tab.BY_HAND:
        return and_(states, is_awaited(), TicketRow.status == Status.MANUAL_PLACEMENT)
    return and_(states, is_awaited())


def _is_done(now: datetime) -> ColumnElement[bool]:
    return and_(DeliveryRow.state == EffectState.DONE, DeliveryRow.finished_at >= now - _RECENTLY)


def find(session: Session, delivery_id: int) -> OnItsWay | None:
    """One delivery that still matters; None when it does not, or is not there."""
    found = session.execute(_joined().where(DeliveryRow.id == delivery_id, is_awaited())).first()
    return OnItsWay(*found) if found else None


def hold(session: Session, delivery_id: int) -> OnItsWay | None:
    """The same, with the ticket's row locked: nobody takes its lease until the transaction ends."""
    ticket_id = session.scalar(
        select(EffectRow.ticket_id)
        .join(DeliveryRow, DeliveryRow.effect_id == EffectRow.id)
        .where(DeliveryRow.id == delivery_id)
    )
    if ticket_id is None:
        return None
    lock(session, ticket_id)
    return find(session, delivery_id)


def lock(session: Session, ticket_id: int) -> TicketRow | None:
    """The ticket; its row stays locked until the transaction ends."""
    return session.scalars(
        select(TicketRow).where(TicketRow.id == ticket_id).with_for_update()
    ).one_or_none()


def parts(session: Session, delivery: DeliveryRow) -> Sequence[DeliveryRow]:
    """All parts of the answer to the same system."""
    rows = deliveries.of_effect(session, delivery.effect_id)
    return [row for row in rows if row.source_id == delivery.source_id]


def orders(session: Session, ticket_ids: Collection[int]) -> Mapping[int, Sequence[EffectRow]]:
    """What people ordered for these tickets, by ticket, oldest first."""
    rows = session.scalars(
        select(EffectRow)
        .where(EffectRow.ticket_id.in_(ticket_ids), EffectRow.kind.in_(ORDERED))
        .order_by(EffectRow.id)
    )
    found: dict[int, list[EffectRow]] = {}
    for row in rows:
        found.setdefault(row.ticket_id, []).append(row)
    return found


_TROUBLED: Final = text("ticket.attention <> ''")
"""Written out, not bound: only so the databases see that the index of such tickets will do."""


def troubled(
    session: Session, limit: int, before: int | None = None
) -> Sequence[tuple[TicketRow, MessageRow]]:
    """The newest tickets that could not be created or changed as the rules want, newest first."""
    wanted = (
        select(TicketRow, MessageRow)
        .join(MessageRow, MessageRow.id == TicketRow.message_id)
        .where(_TROUBLED)
        .order_by(TicketRow.id.desc())
        .limit(limit)
    )
    if before is not None:
        wanted = wanted.where(TicketRow.id < before)
    return [(ticket, message) for ticket, message in session.execute(wanted)]


def count_troubled(session: Session) -> int:
    """How many such tickets there are."""
    return session.scalars(select(func.count()).select_from(TicketRow).where(_TROUBLED)).one()


def only_by_hand(session: Session, limit: int) -> Sequence[tuple[TicketRow, MessageRow]]:
    """The oldest tickets that wait for a person to place an answer that the bridge never had."""
    rows = session.execute(
        select(TicketRow, MessageRow)
        .join(MessageRow, MessageRow.id == TicketRow.message_id)
        .where(TicketRow.status == Status.MANUAL_PLACEMENT, TicketRow.closed.is_(False))
        .order_by(TicketRow.id)
        .limit(_MOST_BY_HAND)
    ).all()
    on_its_way = set(
        session.scalars(
            select(EffectRow.ticket_id)
            .join(DeliveryRow, DeliveryRow.effect_id == EffectRow.id)
            .join(TicketRow, TicketRow.id == EffectRow.ticket_id)
            .where(
                EffectRow.ticket_id.in_([ticket.id for ticket, _ in rows]),
                DeliveryRow.state.in_(NOT_THERE),
                is_awaited(),
            )
        )
    )
    others = [(ticket, message) for ticket, message in rows if ticket.id not in on_its_way]
    return others[:limit]


def has_parts(session: Session, ticket_id: int) -> bool:
    """Whether open tickets stand below this one: the helpdesk closes none above them."""
    found = select(TicketRow.id).where(
        TicketRow.parent_id == ticket_id, TicketRow.closed.is_(False)
    )
    return session.scalars(found.limit(1)).first() is not None
