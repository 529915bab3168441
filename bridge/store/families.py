"""Families of tickets: a whole and its parts, one for each department (clause 2.1.2).

Each keeps with itself what the others need to know of it, so that nobody has to read a whole
family to decide on one ticket. A change there makes the others due to be looked at, in the same
transaction.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from bridge.sla.parts import Part, Standing, Turn, Whole
from bridge.store.models import TicketRow

_PART = TypeAdapter(Part)
_WHOLE = TypeAdapter(Whole)


def lock(session: Session, ticket_id: int) -> None:
    """Wait for whoever writes to the ticket: a whole is always locked before its parts."""
    session.execute(select(TicketRow.id).where(TicketRow.id == ticket_id).with_for_update())


def parts_of(session: Session, ticket_id: int) -> tuple[Part, ...]:
    """The parts of a ticket as last observed, in the order of their opening."""
    rows = session.scalars(
        select(TicketRow).where(TicketRow.parent_id == ticket_id).order_by(TicketRow.id)
    )
    return tuple(_part(row) for row in rows)


def parts_with_issues(session: Session, ticket_id: int) -> Sequence[tuple[int, Part]]:
    """The parts that stand in the helpdesk, each with its number there, in the same order."""
    rows = session.scalars(
        select(TicketRow).where(TicketRow.parent_id == ticket_id).order_by(TicketRow.id)
    )
    return [(row.issue_id, _part(row)) for row in rows if row.issue_id is not None]


def whole_of(session: Session, ticket: TicketRow) -> Whole | None:
    """What the ticket is a part of; None when it is a ticket of its own."""
    if ticket.parent_id is None:
        return None
    whole = session.get_one(TicketRow, ticket.parent_id)
    return _WHOLE.validate_python(whole.whole) if whole.whole else Whole()


def save_part(session: Session, row: TicketRow, part: Part, now: datetime) -> None:
    """Keep what is known of a part; the whole is to look if that is new."""
    facts = _PART.dump_python(part, mode="json")
    if row.parent_id is None or row.part == facts:
        return
    row.part = facts
    _make_due(session, TicketRow.id == row.parent_id, now)


def save_whole(session: Session, row: TicketRow, whole: Whole | None, now: datetime) -> None:
    """Keep what is known of a whole; its open parts are to look if that is new."""
    facts = _WHOLE.dump_python(whole, mode="json") if whole else None
    if row.whole == facts:
        return
    row.whole = facts
    _make_due(session, TicketRow.parent_id == row.id, now)


def due_relatives(session: Session, ticket: TicketRow, now: datetime) -> Sequence[int]:
    """The whole or the parts of the ticket that are due to be looked at."""
    return session.scalars(
        select(TicketRow.id)
        .where(
            or_(TicketRow.id == ticket.parent_id, TicketRow.parent_id == ticket.id),
            TicketRow.look_at <= now,
        )
        .order_by(TicketRow.id)
    ).all()


def _make_due(session: Session, which: Any, now: datetime) -> None:
    """The count of hints makes a worker that is just looking look once more."""
    session.execute(update(TicketRow).where(which).values(look_at=now, hints=TicketRow.hints + 1))


def _part(row: TicketRow) -> Part:
    if row.part:
        return _PART.validate_python(row.part)
    return Part(row.department, (Turn(row.created_at, Standing.PENDING),))
