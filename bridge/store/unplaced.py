"""Approved answers that are not, or not surely, where they belong: what a person is to look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bridge.effects import EffectKind
from bridge.store.models import DeliveryRow, EffectRow, EffectState, SourceRow, TicketRow

_NOT_THERE = (
    EffectState.PENDING,
    EffectState.SENDING,
    EffectState.UNCERTAIN,
    EffectState.FAILED,
)


@dataclass(frozen=True)
class Unplaced:
    """One part of one answer. `issue` is the ticket's number in the helpdesk; `since` is UTC."""

    delivery: int
    issue: int | None
    channel: str
    target: str
    part: int
    state: EffectState
    since: datetime
    code: str
    meaning: str


def unplaced(session: Session, after: int, limit: int) -> Sequence[Unplaced]:
    """Those of open tickets with an id above `after`, in order: a page.

    Only of a ticket's newest answer: what an earlier one did not reach, the newer one has taken up.
    A ticket leaves the list when somebody closes it, and by nothing else.
    """
    newest = (
        select(func.max(EffectRow.id))
        .where(EffectRow.kind == EffectKind.PLACE_ANSWER, EffectRow.state != EffectState.WITHDRAWN)
        .group_by(EffectRow.ticket_id)
    )
    rows = session.execute(
        select(DeliveryRow, EffectRow, SourceRow, TicketRow)
        .join(EffectRow, EffectRow.id == DeliveryRow.effect_id)
        .join(SourceRow, SourceRow.id == DeliveryRow.source_id)
        .join(TicketRow, TicketRow.id == EffectRow.ticket_id)
        .where(
            DeliveryRow.id > after,
            DeliveryRow.state.in_(_NOT_THERE),
            TicketRow.closed.is_(False),
            EffectRow.id.in_(newest),
        )
        .order_by(DeliveryRow.id)
        .limit(limit)
    )
    return [
        Unplaced(
            delivery=delivery.id,
            issue=ticket.issue_id,
            channel=source.channel,
            target=source.link,
            part=delivery.part,
            state=EffectState(delivery.state),
            since=effect.created_at,
            code=delivery.code,
            meaning=delivery.meaning,
        )
        for delivery, effect, source, ticket in rows
    ]
