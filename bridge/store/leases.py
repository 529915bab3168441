"""A lease on a ticket: one worker at a time reconciles it.

The lease lives in the store and not in Redis, because Redis may be emptied with work in flight.
"""

from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from bridge.store.models import TicketRow


class LeaseLost(Exception):
    """Another worker holds the ticket now: what this one was about to record is void."""


def acquire(
    session: Session, ticket_id: int, owner: str, now: datetime, until: datetime
) -> int | None:
    """Take the lease; return the count of hints so far, or None when another holds it.

    A failed try leaves a hint, so that the holder looks once more before it lets go.
    """
    taken = session.execute(
        update(TicketRow)
        .where(
            TicketRow.id == ticket_id,
            or_(TicketRow.lease_until.is_(None), TicketRow.lease_until < now),
        )
        .values(lease_owner=owner, lease_until=until)
        .returning(TicketRow.hints)
    ).scalar_one_or_none()
    if taken is None:
        session.execute(
            update(TicketRow).where(TicketRow.id == ticket_id).values(hints=TicketRow.hints + 1)
        )
    return taken


def renew(session: Session, ticket_id: int, owner: str, until: datetime) -> None:
    """Extend the lease within the transaction that records something under it.

    Raises `LeaseLost`, which rolls that transaction back.
    """
    renewed = session.execute(
        update(TicketRow)
        .where(TicketRow.id == ticket_id, TicketRow.lease_owner == owner)
        .values(lease_until=until)
        .returning(TicketRow.id)
    ).scalar_one_or_none()
    if renewed is None:
        raise LeaseLost(f"ticket {ticket_id}")


def hints(session: Session, ticket_id: int) -> int:
    """The count of hints so far; to be read before observing."""
    return session.scalars(select(TicketRow.hints).where(TicketRow.id == ticket_id)).one()


def release(session: Session, ticket_id: int, owner: str, seen: int) -> bool:
    """Let go, unless a hint came since `seen` was read: then False, and the lease stays."""
    released = session.execute(
        update(TicketRow)
        .where(TicketRow.id == ticket_id, TicketRow.lease_owner == owner, TicketRow.hints == seen)
        .values(lease_owner=None, lease_until=None)
        .returning(TicketRow.id)
    ).scalar_one_or_none()
    return released is not None


def give_up(session: Session, ticket_id: int, owner: str) -> None:
    """Let go whatever came meanwhile: the sweep will look again."""
    session.execute(
        update(TicketRow)
        .where(TicketRow.id == ticket_id, TicketRow.lease_owner == owner)
        .values(lease_owner=None, lease_until=None)
    )
