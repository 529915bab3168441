"""Finds what was written in one breath: a ticket's message and direct ones right after it."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from bridge.joining import belongs_to, joined
from bridge.messages import Message
from bridge.store import additions, tickets
from bridge.store.models import TicketRow


@dataclass(frozen=True)
class Breath:
    """A ticket, and the text that its message makes with those that followed at once."""

    ticket: TicketRow
    text: str


def find_breath(
    session: Session, ticket_id: int, message: Message, window: timedelta
) -> Breath | None:
    """What the further message completes; None when it came too late for that, or in public."""
    found = tickets.with_message(session, ticket_id)
    if found is None:
        return None
    ticket, row = found
    first = tickets.as_message(row)
    if not belongs_to(message, first.posted_at, window):
        return None
    earlier = [
        tickets.as_message(each)
        for each in additions.messages_of(session, ticket_id, additions.WRITTEN)
    ]
    between = [each for each in earlier if belongs_to(each, first.posted_at, window)]
    return Breath(ticket, joined(first, [*between, message]).text)
