"""Forgets what is personal about messages; what reports count stays."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.orm import Session

from bridge.effects import EffectKind
from bridge.store.deliveries import DROPPED
from bridge.store.inbox import HELPDESK
from bridge.store.models import (
    AdditionRow,
    AttachmentRow,
    AttachmentState,
    DeliveryRow,
    EffectRow,
    EventState,
    InboxEvent,
    MessageRow,
    NightlyDifferenceRow,
    NumberRow,
    RouteCorrectionRow,
    SourceRow,
    TicketRow,
)

_OPEN_FILES = (AttachmentState.WAITING, AttachmentState.FETCHED)


def outdated(session: Session, before: datetime, limit: int) -> Sequence[int]:
    """Ids of messages that are not forgotten, and whose tickets all closed before the instant."""
    in_use = exists().where(
        TicketRow.message_id == MessageRow.id,
        or_(
            TicketRow.closed.is_(False),
            TicketRow.observed_update.is_(None),
            TicketRow.observed_update >= before,
        ),
    )
    return session.scalars(
        select(MessageRow.id)
        .where(MessageRow.erased_at.is_(None), MessageRow.received_at < before, ~in_use)
        .order_by(MessageRow.id)
        .limit(limit)
    ).all()


def erase(session: Session, message_ids: Collection[int], now: datetime) -> None:
    """Forget the messages' authors, texts, links, files, answers and raw events."""
    tickets = session.scalars(
        select(TicketRow.id).where(TicketRow.message_id.in_(message_ids))
    ).all()
    for message_id in message_ids:
        _erase_message(session, message_id, now)
    _erase_events(session, message_ids)
    _erase_sources(session, message_ids)
    _erase_files(session, message_ids)
    _erase_additions(session, message_ids)
    for ticket_id in tickets:
        _erase_ticket(session, ticket_id)
    _erase_effects(session, tickets)
    session.execute(
        update(NightlyDifferenceRow)
        .where(NightlyDifferenceRow.ticket_id.in_(tickets))
        .values(was="", became="")
    )
    session.execute(
        update(RouteCorrectionRow)
        .where(RouteCorrectionRow.ticket_id.in_(tickets))
        .values(reasons=[])
    )


def forget_bodies(session: Session, before: datetime, limit: int) -> int:
    """Empty the bodies of so many events that were finished before the instant; how many.

    The helpdesk's webhooks, which nothing refers to, are removed.
    """
    old = session.execute(
        select(InboxEvent.id, InboxEvent.source)
        .where(
            InboxEvent.state != EventState.RECEIVED,
            InboxEvent.finished_at < before,
            InboxEvent.body != b"",
        )
        .order_by(InboxEvent.id)
        .limit(limit)
    ).all()
    hints = [event_id for event_id, source in old if source == HELPDESK]
    others = [event_id for event_id, source in old if source != HELPDESK]
    session.execute(delete(InboxEvent).where(InboxEvent.id.in_(hints)))
    session.execute(update(InboxEvent).where(InboxEvent.id.in_(others)).values(body=b""))
    return len(old)


def _erase_message(session: Session, message_id: int, now: datetime) -> None:
    session.execute(
        update(MessageRow)
        .where(MessageRow.id == message_id)
        .values(
            external_id=_stand_in(message_id),
            conversation="",
            author_id="",
            author_name="",
            author_link="",
            text="",
            link="",
            address={},
            attachments=[],
            surroundings=None,
            erased_at=now,
        )
    )


def _erase_events(session: Session, message_ids: Collection[int]) -> None:
    brought = (
        select(MessageRow.inbox_event_id)
        .where(MessageRow.id.in_(message_ids))
        .union(
            select(SourceRow.inbox_event_id).where(SourceRow.message_id.in_(message_ids)),
            select(AdditionRow.inbox_event_id).where(AdditionRow.message_id.in_(message_ids)),
        )
    )
    session.execute(update(InboxEvent).where(InboxEvent.id.in_(brought)).values(body=b""))


def _erase_sources(session: Session, message_ids: Collection[int]) -> None:
    for source_id in session.scalars(
        select(SourceRow.id).where(SourceRow.message_id.in_(message_ids))
    ).all():
        session.execute(
            update(SourceRow)
            .where(SourceRow.id == source_id)
            .values(external_id=_stand_in(source_id), link="", address={})
        )
    session.execute(delete(NumberRow).where(NumberRow.message_id.in_(message_ids)))


def _erase_files(session: Session, message_ids: Collection[int]) -> None:
    mine = AttachmentRow.message_id.in_(message_ids)
    session.execute(
        update(AttachmentRow)
        .where(mine, AttachmentRow.state.in_(_OPEN_FILES))
        .values(state=AttachmentState.REFUSED)
    )
    session.execute(
        update(AttachmentRow)
        .where(mine)
        .values(url="", title="", name="", reason="", sha256="", content=None)
    )


def _erase_additions(session: Session, message_ids: Collection[int]) -> None:
    session.execute(
        update(AdditionRow)
        .where(AdditionRow.message_id.in_(message_ids))
        .values(text="", text_before="", attachments=[], suggestion="")
    )


def _erase_ticket(session: Session, ticket_id: int) -> None:
    row = session.get_one(TicketRow, ticket_id)
    row.external_number = _stand_in(ticket_id)
    row.route = {key: row.route[key] for key in _ROUTE_KEPT if key in row.route}
    row.part = row.whole = None
    row.attention = ""
    session.flush()


def _erase_effects(session: Session, tickets: Collection[int]) -> None:
    for row in session.scalars(select(EffectRow).where(EffectRow.ticket_id.in_(tickets))).all():
        row.payload = _bare(row.kind, row.payload)
        row.result = {}
    session.flush()
    effects = select(EffectRow.id).where(EffectRow.ticket_id.in_(tickets))
    session.execute(
        update(DeliveryRow).where(DeliveryRow.effect_id.in_(effects)).values(text="", result={})
    )
    # Why somebody decided against an answer is told in that person's own words.
    session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.effect_id.in_(effects), DeliveryRow.code == DROPPED)
        .values(meaning="")
    )


def _bare(kind: str, payload: dict[str, Any]) -> dict[str, Any]:
    """The payload without words and values; its shape stays, for it is read again."""
    match kind:
        case EffectKind.PLACE_ANSWER:
            return {**payload, "text": ""}
        case EffectKind.UPDATE_TICKET:
            return {**payload, "fields": {}, "note": None}
        case EffectKind.ORDERED_UPDATE:
            return {**payload, "note": {**payload["note"], "values": {}}}
        case _:
            return payload


def _stand_in(row_id: int) -> str:
    """In place of a number that leads to the citizen; as unique as the row."""
    return f"erased:{row_id}"


_ROUTE_KEPT = ("departments", "mapping_version", "model_version", "importance", "split")
