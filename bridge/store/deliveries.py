"""Deliveries: the way of one answer to each system that brought the message, part by part."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bridge.store.models import DeliveryRow, EffectRow, EffectState
from bridge.store.outbox import OPEN_STATES

DROPPED: Final = "dropped"
"""The code of a delivery that a person has decided against: it failed for good, and nobody waits
for it."""


def open_part(
    session: Session, effect: EffectRow, source_id: int, part: int, text: str, now: datetime
) -> DeliveryRow:
    """Store a part that is to go out.

    Of an effect whose outcome is unknown though it has no part yet (it is from before deliveries
    were kept, or from before the store was restored) it may have gone out: it is looked for.
    """
    row = DeliveryRow(
        effect_id=effect.id,
        source_id=source_id,
        part=part,
        text=text,
        state=effect.state,
        sending_since=effect.sending_since,
        next_attempt_at=now,
    )
    session.add(row)
    session.flush()
    return row


def of_effect(session: Session, effect_id: int) -> Sequence[DeliveryRow]:
    """Every part to every system, in the order in which they go out."""
    return session.scalars(
        select(DeliveryRow).where(DeliveryRow.effect_id == effect_id).order_by(DeliveryRow.id)
    ).all()


def of_effects(session: Session, effect_ids: Collection[int]) -> Sequence[DeliveryRow]:
    """The same of several effects."""
    return session.scalars(
        select(DeliveryRow).where(DeliveryRow.effect_id.in_(effect_ids)).order_by(DeliveryRow.id)
    ).all()


def begin_sending(session: Session, delivery_id: int, now: datetime) -> None:
    """Say that the call is about to be made; to be committed before it is."""
    _change(
        session,
        delivery_id,
        state=EffectState.SENDING,
        sending_since=now,
        attempts=DeliveryRow.attempts + 1,
    )


def postpone(session: Session, delivery_id: int, until: datetime, code: str, meaning: str) -> None:
    """Nothing went out: try again at the given instant."""
    _change(
        session,
        delivery_id,
        state=EffectState.PENDING,
        next_attempt_at=until,
        code=code,
        meaning=meaning,
    )


def postpone_look(
    session: Session, delivery_id: int, until: datetime, code: str, meaning: str
) -> None:
    """The outcome stays unknown: look again at the given instant."""
    _change(session, delivery_id, next_attempt_at=until, code=code, meaning=meaning)


def finish(
    session: Session,
    delivery_id: int,
    *,
    state: EffectState,
    now: datetime,
    result: Mapping[str, Any] | None = None,
    code: str = "",
    meaning: str = "",
) -> None:
    """Close the delivery for good."""
    _change(
        session,
        delivery_id,
        state=state,
        finished_at=now,
        result=dict(result or {}),
        code=code,
        meaning=meaning,
    )


def begin_anew(session: Session, delivery_id: int, now: datetime) -> None:
    """Have a delivery that has ended begin again, with all its tries."""
    _change(
        session,
        delivery_id,
        state=EffectState.PENDING,
        attempts=0,
        next_attempt_at=now,
        sending_since=None,
        finished_at=None,
        result={},
        code="",
        meaning="",
    )


def hurry(session: Session, delivery_id: int, now: datetime) -> None:
    """Have what waits for its next try tried at once."""
    _change(session, delivery_id, next_attempt_at=now)


def is_open(row: DeliveryRow) -> bool:
    """Whether something is still to be done."""
    return row.state in OPEN_STATES


def _change(session: Session, delivery_id: int, **values: Any) -> None:
    session.execute(update(DeliveryRow).where(DeliveryRow.id == delivery_id).values(**values))
