"""Looks, because a person asked for it, whether an answer stands where it should be.

Only workers have the networks' keys, so the question waits in the outbox for one of them. Nothing
is ever sent from here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy.orm import Session

from bridge.effects import EffectKind
from bridge.flow.delivering import SKEW, Consignment
from bridge.flow.lease import Lease
from bridge.flow.placing import Placing
from bridge.messages import Placed
from bridge.publish.port import CannotLook, PublishError
from bridge.store import deliveries, outbox
from bridge.store.models import DeliveryRow, EffectRow, EffectState, MessageRow

log = structlog.get_logger()

LOOKED_AT: Final = (EffectState.UNCERTAIN, EffectState.FAILED)
"""Of what still waits or is being sent the workers find out by themselves."""

_CANNOT: Final = "Робот не может посмотреть: у канала нет ключа, который даёт читать ответы."
_NOT_THERE: Final = "Робот проверил: ответа на месте нет."
_MOVED: Final = "Состояние ответа тем временем изменилось."


def order_look(session: Session, ticket_id: int, delivery_id: int, now: datetime) -> bool:
    """Store the question; False while it waits already."""
    return outbox.order(
        session,
        ticket_id=ticket_id,
        key=f"look:{delivery_id}",
        kind=EffectKind.LOOK_FOR_ANSWER,
        payload={"delivery": delivery_id},
        now=now,
    )


@dataclass(frozen=True)
class LookingUp:
    """Carries out `look_for_answer`."""

    placing: Placing
    now: Callable[[], datetime]

    def carry_out(self, lease: Lease, message: MessageRow) -> bool:
        """Answer the question that is due; True when there was one."""
        with lease.store.reading() as session:
            due = outbox.due(session, lease.ticket_id, EffectKind.LOOK_FOR_ANSWER, self.now())
            if not due:
                return False
            row = session.get_one(DeliveryRow, due[0].payload["delivery"])
            answer = session.get_one(EffectRow, row.effect_id)
        if row.state not in LOOKED_AT:
            self._give_up(lease, due[0], "moved", _MOVED)
            return True
        self._look(due[0], self.placing.consignment(lease, answer, row, message))
        return True

    def _look(self, order: EffectRow, consignment: Consignment) -> None:
        lease, row = consignment.lease, consignment.row
        since = row.sending_since or row.finished_at or row.next_attempt_at
        try:
            publisher = self.placing.delivering.publishers.of(consignment.channel)
            placed = publisher.find(consignment.placement, since - SKEW)
        except CannotLook:
            self._give_up(lease, order, "cannot_look", _CANNOT)
        except PublishError as error:
            log.warning("looking failed", ticket=lease.ticket_id, code=error.code)
            self._give_up(lease, order, error.code, error.meaning)
        else:
            self._record(order, consignment, placed)

    def _record(self, order: EffectRow, consignment: Consignment, placed: Placed | None) -> None:
        with consignment.recording() as session:
            if placed:
                self._found(session, consignment.row, placed)
            elif consignment.row.state == EffectState.UNCERTAIN:
                self._not_there(session, consignment.row)
            result = {"found": placed is not None, "link": placed.link if placed else ""}
            outbox.finish(session, order.id, state=EffectState.DONE, now=self.now(), result=result)

    def _found(self, session: Session, row: DeliveryRow, placed: Placed) -> None:
        log.info("answer found", delivery=row.id, link=placed.link)
        result = {"link": placed.link, "external_id": placed.external_id}
        deliveries.finish(session, row.id, state=EffectState.DONE, now=self.now(), result=result)

    def _not_there(self, session: Session, row: DeliveryRow) -> None:
        """Of an answer in parts, those that stand leave it uncertain what the citizen reads."""
        rows = deliveries.of_effect(session, row.effect_id)
        siblings = [other for other in rows if other.source_id == row.source_id]
        if any(other.state == EffectState.DONE for other in siblings):
            return
        deliveries.finish(
            session,
            row.id,
            state=EffectState.FAILED,
            now=self.now(),
            code="not_there",
            meaning=_NOT_THERE,
        )

    def _give_up(self, lease: Lease, order: EffectRow, code: str, meaning: str) -> None:
        """It could not be found out, which is an answer, too, and no failure of the bridge's."""
        with lease.writing() as session:
            outbox.finish(
                session,
                order.id,
                state=EffectState.DONE,
                now=self.now(),
                result={"found": None},
                code=code,
                meaning=meaning,
            )
