"""Additions: what citizens did about messages that have a ticket; what of it is yet to be told."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, String, cast, exists, or_, select
from sqlalchemy.orm import Session

from bridge.sla.additions import KEY_PREFIX, AdditionKind
from bridge.store import tickets
from bridge.store.models import (
    AdditionRow,
    EffectRow,
    EffectState,
    MessageRow,
    SourceRow,
    TicketRow,
)

WRITTEN = (AdditionKind.FURTHER, AdditionKind.JOINED)
"""Additions that are messages of their own, without a ticket of their own."""


def add(
    session: Session,
    *,
    kind: AdditionKind,
    ticket_id: int,
    message: MessageRow,
    event_id: int,
    at: datetime,
    now: datetime,
    text_before: str = "",
    source: SourceRow | None = None,
    suggestion: str = "",
) -> None:
    """Store what happened, and have its ticket looked at. `message` is as it reads now.

    `source` is the further system by which it came. Raises `IntegrityError` when the event was
    taken in before.
    """
    session.add(
        AdditionRow(
            ticket_id=ticket_id,
            message_id=message.id,
            inbox_event_id=event_id,
            kind=kind,
            at=at,
            text=message.text,
            text_before=text_before,
            suggestion=suggestion,
            attachments=message.attachments,
            source_id=source.id if source else None,
        )
    )
    tickets.look_now(session, ticket_id, now)
    session.flush()


def untold(
    session: Session, ticket: TicketRow, limit: int
) -> Sequence[tuple[AdditionRow, MessageRow, SourceRow | None]]:
    """The oldest additions that staff were not told of in this ticket, each with its message.

    With the system by which it came again, where that is what happened.

    Those of the ticket that it is a part of are told in it, too.
    """
    rows = session.execute(
        select(AdditionRow, MessageRow, SourceRow)
        .join(MessageRow, MessageRow.id == AdditionRow.message_id)
        .outerjoin(SourceRow, SourceRow.id == AdditionRow.source_id)
        .where(
            AdditionRow.ticket_id.in_((ticket.id, ticket.parent_id)),
            AdditionRow.kind != AdditionKind.JOINED,
            ~_is_told(ticket.id),
        )
        .order_by(AdditionRow.id)
        .limit(limit)
    )
    return [(addition, message, source) for addition, message, source in rows]


def ticket_of(session: Session, message_id: int) -> int | None:
    """The ticket to which a further message was added; None when it has one of its own."""
    return session.scalars(
        select(AdditionRow.ticket_id).where(
            AdditionRow.message_id == message_id, AdditionRow.kind.in_(WRITTEN)
        )
    ).one_or_none()


def messages_of(
    session: Session, ticket_id: int, kinds: Collection[AdditionKind]
) -> Sequence[MessageRow]:
    """The messages that were added to this ticket in one of these ways, in the order they came."""
    return session.scalars(
        select(MessageRow)
        .join(AdditionRow, AdditionRow.message_id == MessageRow.id)
        .where(AdditionRow.ticket_id == ticket_id, AdditionRow.kind.in_(kinds))
        .order_by(AdditionRow.id)
    ).all()


def _is_told(ticket_id: int) -> ColumnElement[bool]:
    key = KEY_PREFIX + cast(AdditionRow.id, String)
    return exists().where(
        EffectRow.ticket_id == ticket_id,
        EffectRow.state == EffectState.DONE,
        or_(EffectRow.key == key, EffectRow.key.startswith(key + ":")),
    )
