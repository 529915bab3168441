"""Conversations: which ticket a citizen's further message belongs to."""

import hashlib

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bridge.messages import Message
from bridge.store import additions
from bridge.store.models import MessageRow, TicketRow


def hold(session: Session, message: Message) -> None:
    """Let nobody else take in a message of this author's in this conversation meanwhile.

    Until the transaction ends. SQLite has one writer at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_lock_number(message))))


def earlier_ticket(session: Session, message: Message) -> TicketRow | None:
    """The ticket that the message continues: the newest open one, else the newest.

    A citizen who posted on the wall and comments there continues the post. The ticket does not
    change until the transaction ends.
    """
    if not message.conversation:
        return None
    return session.scalars(
        select(TicketRow)
        .join(MessageRow, MessageRow.id == TicketRow.message_id)
        .where(
            MessageRow.network == message.network,
            MessageRow.visibility == message.visibility,
            MessageRow.conversation.in_(_conversations_of(message)),
            MessageRow.author_id == message.author.external_id,
            TicketRow.parent_id.is_(None),
        )
        .order_by(TicketRow.closed, MessageRow.id.desc(), TicketRow.id)
        .limit(1)
        .with_for_update(of=TicketRow)
    ).one_or_none()


def ticket_of(session: Session, message: MessageRow) -> TicketRow | None:
    """The message's own ticket, or the one that it was added to; locked, too."""
    added_to = additions.ticket_of(session, message.id)
    wanted = select(TicketRow).order_by(TicketRow.id).limit(1).with_for_update()
    if added_to is not None:
        return session.scalars(wanted.where(TicketRow.id == added_to)).one_or_none()
    own = wanted.where(TicketRow.message_id == message.id, TicketRow.parent_id.is_(None))
    return session.scalars(own).one_or_none()


def _conversations_of(message: Message) -> tuple[str, ...]:
    wider, slash, _ = message.conversation.rpartition("/")
    return (message.conversation, wider) if slash else (message.conversation,)


def _lock_number(message: Message) -> int:
    """Different conversations may share a number: then one waits for the other without need."""
    parts = (
        message.network,
        message.visibility,
        _conversations_of(message)[-1],
        message.author.external_id,
    )
    digest = hashlib.sha256("\n".join(parts).encode()).digest()
    return int.from_bytes(digest[:8], signed=True)
