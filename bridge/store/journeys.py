"""All that the store knows of one ticket's way, from its message's arrival on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, defer

from bridge.store import audit, deliveries, inbox, sources, tickets
from bridge.store.audit import AuditSearch
from bridge.store.models import (
    AdditionRow,
    AttachmentRow,
    AuditRow,
    ClockRow,
    DecisionRow,
    DeliveryRow,
    EffectRow,
    InboxEvent,
    MessageRow,
    NightlyDifferenceRow,
    RepairRow,
    RouteCorrectionRow,
    SourceRow,
    TicketRow,
)

MOST: Final = 500
"""Rows of one kind: no ticket has more unless something goes round in circles."""


@dataclass(frozen=True)
class Chronicle:
    """The rows of one ticket, each kind in its order. Events come without their bodies.

    `events` are those that brought the message, or news of it, and the helpdesk's webhooks.
    `parts` are the tickets below it, `whole` the one above.
    """

    ticket: TicketRow
    message: MessageRow
    events: Sequence[InboxEvent]
    sources: Sequence[SourceRow]
    whole: TicketRow | None
    parts: Sequence[TicketRow]
    additions: Sequence[tuple[AdditionRow, MessageRow]]
    attachments: Sequence[AttachmentRow]
    decisions: Sequence[DecisionRow]
    clocks: Sequence[ClockRow]
    effects: Sequence[EffectRow]
    deliveries: Sequence[DeliveryRow]
    repairs: Sequence[RepairRow]
    differences: Sequence[NightlyDifferenceRow]
    correction: RouteCorrectionRow | None
    deeds: Sequence[AuditRow]


def chronicle(session: Session, ticket_id: int) -> Chronicle | None:
    """Read it; None when there is no such ticket."""
    found = tickets.with_message(session, ticket_id)
    if found is None:
        return None
    ticket, message = found
    effects = session.scalars(
        select(EffectRow).where(EffectRow.ticket_id == ticket_id).order_by(EffectRow.id).limit(MOST)
    ).all()
    decisions = session.scalars(
        select(DecisionRow)
        .where(DecisionRow.ticket_id == ticket_id)
        .order_by(DecisionRow.id)
        .limit(MOST)
    ).all()
    additions = _additions(session, ticket, message)
    brought = sources.of_message(session, message.id)
    events = [message.inbox_event_id, *(source.inbox_event_id for source in brought)]
    events += [addition.inbox_event_id for addition, _ in additions]
    return Chronicle(
        ticket=ticket,
        message=message,
        events=[*_events(session, events), *_webhooks(session, decisions)],
        sources=brought,
        whole=session.get(TicketRow, ticket.parent_id) if ticket.parent_id else None,
        parts=session.scalars(
            select(TicketRow).where(TicketRow.parent_id == ticket_id).order_by(TicketRow.id)
        ).all(),
        additions=additions,
        attachments=session.scalars(
            select(AttachmentRow)
            .where(AttachmentRow.message_id == message.id)
            .order_by(AttachmentRow.id)
        ).all(),
        decisions=decisions,
        clocks=session.scalars(
            select(ClockRow).where(ClockRow.ticket_id == ticket_id).order_by(ClockRow.id)
        ).all(),
        effects=effects,
        deliveries=deliveries.of_effects(session, [effect.id for effect in effects]),
        repairs=session.scalars(
            select(RepairRow)
            .where(RepairRow.ticket_id == ticket_id)
            .order_by(RepairRow.id)
            .limit(MOST)
        ).all(),
        differences=session.scalars(
            select(NightlyDifferenceRow)
            .where(NightlyDifferenceRow.ticket_id == ticket_id)
            .order_by(NightlyDifferenceRow.id)
            .limit(MOST)
        ).all(),
        correction=session.scalars(
            select(RouteCorrectionRow).where(RouteCorrectionRow.ticket_id == ticket_id)
        ).one_or_none(),
        deeds=_deeds(session, ticket_id, events),
    )


def _additions(
    session: Session, ticket: TicketRow, message: MessageRow
) -> Sequence[tuple[AdditionRow, MessageRow]]:
    rows = session.execute(
        select(AdditionRow, MessageRow)
        .join(MessageRow, MessageRow.id == AdditionRow.message_id)
        .where(
            or_(
                AdditionRow.ticket_id.in_((ticket.id, ticket.parent_id)),
                AdditionRow.message_id == message.id,
            )
        )
        .order_by(AdditionRow.id)
        .limit(MOST)
    )
    return [(addition, told) for addition, told in rows]


def _events(session: Session, event_ids: Sequence[int]) -> Sequence[InboxEvent]:
    return session.scalars(
        select(InboxEvent)
        .options(defer(InboxEvent.body))
        .where(InboxEvent.id.in_(event_ids))
        .order_by(InboxEvent.id)
    ).all()


def _webhooks(session: Session, decisions: Sequence[DecisionRow]) -> Sequence[InboxEvent]:
    """Those of the helpdesk's that told of an entry on which something was decided."""
    names = {f"journal:{row.journal_id}" for row in decisions if row.journal_id}
    return session.scalars(
        select(InboxEvent)
        .options(defer(InboxEvent.body))
        .where(InboxEvent.source == inbox.HELPDESK, InboxEvent.external_id.in_(names))
        .order_by(InboxEvent.id)
    ).all()


def _deeds(session: Session, ticket_id: int, events: Sequence[int]) -> Sequence[AuditRow]:
    subjects = [f"ticket:{ticket_id}", *(f"event:{number}" for number in events)]
    found: list[AuditRow] = []
    for subject in subjects:
        found.extend(audit.page(session, AuditSearch(subject=subject), MOST))
    return found
