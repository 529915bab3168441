"""By which event of the inbox a message, or a ticket of it, came."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.store.models import MessageRow, TicketRow


@dataclass(frozen=True)
class Origin:
    """`issue_id` is None while the ticket is not in the helpdesk."""

    event_id: int
    issue_id: int | None


def of_ticket(session: Session, ticket_id: int) -> Origin | None:
    """Where a ticket comes from; None when there is no such ticket."""
    found = session.execute(
        select(MessageRow.inbox_event_id, TicketRow.issue_id)
        .join(MessageRow, MessageRow.id == TicketRow.message_id)
        .where(TicketRow.id == ticket_id)
    ).one_or_none()
    return Origin(found.inbox_event_id, found.issue_id) if found else None


def of_message(session: Session, message_id: int) -> int:
    """The event by which a message first came."""
    return session.get_one(MessageRow, message_id).inbox_event_id
