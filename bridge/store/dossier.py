"""All that is kept of one message, as a document for the person whose data it is."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.store.models import (
    AdditionRow,
    AttachmentRow,
    DeliveryRow,
    EffectRow,
    InboxEvent,
    MessageRow,
    SourceRow,
    TicketRow,
)

Document = dict[str, Any]


def of_message(session: Session, message_id: int) -> Document:
    """The message, what brought it, its files, tickets and answers. Instants are ISO 8601, UTC."""
    message = session.get_one(MessageRow, message_id)
    return {
        "network": message.network,
        "channel": message.channel,
        "author": {
            "id": message.author_id,
            "name": message.author_name,
            "link": message.author_link,
        },
        "posted_at": message.posted_at.isoformat(),
        "received_at": message.received_at.isoformat(),
        "deleted_at": message.deleted_at.isoformat() if message.deleted_at else None,
        "text": message.text,
        "link": message.link,
        "surroundings": message.surroundings,
        "attachments": [_file(row) for row in _of(session, AttachmentRow, message_id)],
        "sources": [_source(row) for row in _of(session, SourceRow, message_id)],
        "later": [_addition(row) for row in _of(session, AdditionRow, message_id)],
        "tickets": [_ticket(session, row) for row in _of(session, TicketRow, message_id)],
        "events": list(_events(session, message)),
    }


def _of(session: Session, table: Any, message_id: int) -> Sequence[Any]:
    return session.scalars(
        select(table).where(table.message_id == message_id).order_by(table.id)
    ).all()


def _file(row: AttachmentRow) -> Document:
    return {"kind": row.kind, "title": row.title, "name": row.name, "link": row.url}


def _source(row: SourceRow) -> Document:
    return {
        "channel": row.channel,
        "number": row.external_id,
        "link": row.link,
        "received_at": row.received_at.isoformat(),
    }


def _addition(row: AdditionRow) -> Document:
    return {
        "kind": row.kind,
        "at": row.at.isoformat(),
        "text": row.text,
        "text_before": row.text_before,
    }


def _ticket(session: Session, row: TicketRow) -> Document:
    answers = session.execute(
        select(DeliveryRow)
        .join(EffectRow, EffectRow.id == DeliveryRow.effect_id)
        .where(EffectRow.ticket_id == row.id)
        .order_by(DeliveryRow.id)
    ).scalars()
    return {
        "redmine": row.issue_id,
        "number": row.external_number,
        "status": row.status,
        "closed": row.closed,
        "department": row.department,
        "created_at": row.created_at.isoformat(),
        "answers": [_answer(each) for each in answers],
    }


def _answer(row: DeliveryRow) -> Document:
    return {
        "text": row.text,
        "state": row.state,
        "link": row.result.get("link"),
        "at": row.finished_at.isoformat() if row.finished_at else None,
    }


def _events(session: Session, message: MessageRow) -> Iterator[Document]:
    ids = {message.inbox_event_id}
    ids.update(row.inbox_event_id for row in _of(session, SourceRow, message.id))
    ids.update(row.inbox_event_id for row in _of(session, AdditionRow, message.id))
    for event in session.scalars(
        select(InboxEvent).where(InboxEvent.id.in_(ids)).order_by(InboxEvent.id)
    ):
        yield {
            "source": event.source,
            "received_at": event.received_at.isoformat(),
            "body": event.body.decode("utf-8", errors="replace"),
        }
