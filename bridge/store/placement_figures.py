"""Counts of answers on their way: what was placed where, and what a person is to look at."""

from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from bridge.effects import EffectKind
from bridge.store.figures import Figures, grouped
from bridge.store.models import DeliveryRow, EffectRow, EffectState, SourceRow, TicketRow
from bridge.store.outbox import OPEN_STATES

_FOR_A_PERSON = (EffectState.UNCERTAIN, EffectState.FAILED)


def placements(session: Session, _now: datetime) -> Figures:
    """Parts of answers by the channel that they go to and how far they have come."""
    counted = (
        select(SourceRow.channel, DeliveryRow.state, func.count())
        .join(SourceRow, SourceRow.id == DeliveryRow.source_id)
        .group_by(SourceRow.channel, DeliveryRow.state)
    )
    return grouped(session.execute(counted))


def unplaced_answers(session: Session, _now: datetime) -> Figures:
    """Answers of open tickets that are not, or not surely, where they belong, by channel and state.

    Only of a ticket's newest answer: what an earlier one did not reach, the newer one has taken up.
    """
    newer = aliased(EffectRow)
    is_taken_up = exists().where(
        newer.ticket_id == EffectRow.ticket_id,
        newer.kind == EffectKind.PLACE_ANSWER,
        newer.state != EffectState.WITHDRAWN,
        newer.id > EffectRow.id,
    )
    counted = (
        select(EffectRow.channel, EffectRow.state, func.count())
        .join(TicketRow, TicketRow.id == EffectRow.ticket_id)
        .where(
            EffectRow.kind == EffectKind.PLACE_ANSWER,
            EffectRow.state.in_((*OPEN_STATES, *_FOR_A_PERSON)),
            TicketRow.closed.is_(False),
            ~is_taken_up,
        )
        .group_by(EffectRow.channel, EffectRow.state)
    )
    return grouped(session.execute(counted))
