"""Approved answers that are not, or not surely, where they belong: what a person is to look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from bridge.effects import EffectKind
from bridge.sla.late_placements import KEY_PATTERN as LATE
from bridge.store.deliveries import DROPPED
from bridge.store.models import DeliveryRow, EffectRow, EffectState, SourceRow, TicketRow

NOT_THERE: Final = (
    EffectState.PENDING,
    EffectState.SENDING,
    EffectState.UNCERTAIN,
    EffectState.FAILED,
)


@dataclass(frozen=True)
class Unplaced:
    """One part of one answer. `issue` is the ticket's number in the helpdesk; `since` is UTC.

    `late`: the answer stands already, and only a system that brought the message later lacks it.
    """

    delivery: int
    issue: int | None
    channel: str
    target: str
    part: int
    state: EffectState
    since: datetime
    code: str
    meaning: str
    late: bool


def is_awaited() -> ColumnElement[bool]:
    """The condition for deliveries, joined with their effect and ticket, that still matter.

    Only of a ticket's newest answer: what an earlier one did not reach, the newer one has taken up.
    An answer to an open ticket matters; one for a system that came later does whatever becomes of
    the ticket, which is closed by then.
    """
    newer = aliased(EffectRow)
    taken_up = exists().where(
        newer.ticket_id == EffectRow.ticket_id,
        newer.kind == EffectKind.PLACE_ANSWER,
        newer.state != EffectState.WITHDRAWN,
        newer.key.not_like(LATE),
        newer.id > EffectRow.id,
    )
    return and_(
        EffectRow.kind == EffectKind.PLACE_ANSWER,
        EffectRow.state != EffectState.WITHDRAWN,
        DeliveryRow.code != DROPPED,
        or_(TicketRow.closed.is_(False), EffectRow.key.like(LATE)),
        ~taken_up,
    )


def unplaced(session: Session, after: int, limit: int) -> Sequence[Unplaced]:
    """Those with an id above `after`, in order: a page.

    An answer leaves the list when it is placed, or somebody closes its ticket or decides against
    it, and by nothing else.
    """
    rows = session.execute(
        select(DeliveryRow, EffectRow, SourceRow, TicketRow)
        .join(EffectRow, EffectRow.id == DeliveryRow.effect_id)
        .join(SourceRow, SourceRow.id == DeliveryRow.source_id)
        .join(TicketRow, TicketRow.id == EffectRow.ticket_id)
        .where(DeliveryRow.id > after, DeliveryRow.state.in_(NOT_THERE), is_awaited())
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
            late=effect.payload.get("only_source") is not None,
        )
        for delivery, effect, source, ticket in rows
    ]
