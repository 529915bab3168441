"""The systems that brought a message, and the numbers by which it is known in them.

Incident and MSS watch the city's pages, so a comment can come by the page and again as a card that
names it: one message, one set of tickets, an answer for each system.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from bridge.messages import Message, MessageId
from bridge.store.insertion import insert_into
from bridge.store.models import MessageRow, NumberRow, SourceRow


def add(
    session: Session, message_id: int, message: Message, event_id: int, now: datetime
) -> SourceRow:
    """Store that the message came by this system, too, or first.

    Raises `IntegrityError` when another worker has just taken the same in.
    """
    row = SourceRow(
        message_id=message_id,
        inbox_event_id=event_id,
        channel=message.channel,
        network=message.network,
        visibility=message.visibility,
        external_id=message.external_id,
        link=message.link,
        address=dict(message.address),
        posted_at=message.posted_at,
        received_at=now,
    )
    session.add(row)
    session.flush()
    _know_by(session, message_id, message)
    return row


def learn_numbers(session: Session, message: Message) -> None:
    """Know the message by what it says now that it is: a card may name its post later."""
    message_id = session.scalar(select(SourceRow.message_id).where(of(message.id)))
    if message_id is not None:
        _know_by(session, message_id, message)


def is_known(session: Session, message_id: MessageId) -> bool:
    """Whether the message came by this system before."""
    return session.scalar(select(SourceRow.id).where(of(message_id))) is not None


def find_same(session: Session, message: Message) -> MessageRow | None:
    """The message that this one is, as another system brought it; locked until the end.

    The oldest, should a card name several that came apart.
    """
    return session.scalars(
        select(MessageRow)
        .join(NumberRow, NumberRow.message_id == MessageRow.id)
        .where(NumberRow.number.in_(numbers_of(message)))
        .order_by(MessageRow.id)
        .limit(1)
        .with_for_update(of=MessageRow)
    ).one_or_none()


def of_message(session: Session, message_id: int) -> Sequence[SourceRow]:
    """The systems that brought the message, in their order."""
    return session.scalars(
        select(SourceRow).where(SourceRow.message_id == message_id).order_by(SourceRow.id)
    ).all()


def of(message_id: MessageId) -> ColumnElement[bool]:
    """The condition for the source that has this identity."""
    return and_(
        SourceRow.network == message_id.network,
        SourceRow.visibility == message_id.visibility,
        SourceRow.external_id == message_id.external_id,
    )


def _know_by(session: Session, message_id: int, message: Message) -> None:
    for number in numbers_of(message):
        insertion = insert_into(session, NumberRow).values(number=number, message_id=message_id)
        session.execute(insertion.on_conflict_do_nothing())


def numbers_of(message: Message) -> tuple[str, ...]:
    """The message's own number, and those that it says it has elsewhere."""
    return (message.external_number, *message.also_known_as)
