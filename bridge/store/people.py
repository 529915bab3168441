"""Citizens as the store knows them: by network and number there. Nothing else names a person."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from bridge.store.models import MessageRow, TicketRow


@dataclass(frozen=True)
class Citizen:
    """One author in one network, and how many messages are kept of them."""

    network: str
    author_id: str
    name: str
    link: str
    messages: int
    last_at: datetime


def find(session: Session, words: str, limit: int) -> Sequence[Citizen]:
    """Authors whose name holds the words, or whose number or link is exactly that."""
    name = func.max(MessageRow.author_name)
    rows = session.execute(
        select(
            MessageRow.network,
            MessageRow.author_id,
            name,
            func.max(MessageRow.author_link),
            func.count(),
            func.max(MessageRow.received_at),
        )
        .where(
            MessageRow.author_id != "",
            or_(
                *_names_like(words),
                MessageRow.author_id == words,
                MessageRow.author_link == words,
            ),
        )
        .group_by(MessageRow.network, MessageRow.author_id)
        .order_by(func.max(MessageRow.received_at).desc())
        .limit(limit)
    )
    return [Citizen(*row) for row in rows]


def _names_like(words: str) -> Iterator[ColumnElement[bool]]:
    """In any case: SQLite knows the cases of Latin letters only."""
    for spelling in {words, words.lower(), words.title(), words.capitalize()}:
        yield MessageRow.author_name.icontains(spelling, autoescape=True)


def messages_of(session: Session, network: str, author_id: str) -> Sequence[int]:
    """Ids of all that is kept of the author's, oldest first."""
    return session.scalars(
        select(MessageRow.id)
        .where(MessageRow.network == network, MessageRow.author_id == author_id)
        .order_by(MessageRow.id)
    ).all()


def issues_of(session: Session, message_ids: Sequence[int]) -> Sequence[tuple[int, bool]]:
    """The helpdesk's numbers of the messages' tickets, and whether each is closed."""
    rows = session.execute(
        select(TicketRow.issue_id, TicketRow.closed)
        .where(TicketRow.message_id.in_(message_ids), TicketRow.issue_id.is_not(None))
        .order_by(TicketRow.issue_id)
    )
    return [(number, closed) for number, closed in rows if number is not None]


def has_open(session: Session, message_ids: Sequence[int]) -> bool:
    """Whether one of the messages still has an open ticket, in the helpdesk or on its way there."""
    found = session.scalar(
        select(TicketRow.id)
        .where(TicketRow.message_id.in_(message_ids), TicketRow.closed.is_(False))
        .limit(1)
    )
    return found is not None
