"""What a person orders on the administrator's pages, written into the ticket.

An order waits in the outbox beside what the rules want, and is carried out under the same lease.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

import structlog
from jinja2 import Environment
from sqlalchemy.orm import Session

from bridge.effects import EffectKind
from bridge.flow.lease import Lease
from bridge.flow.updating import note_stands
from bridge.helpdesk.port import (
    Helpdesk,
    HelpdeskRefused,
    Issue,
    SilentlyDropped,
    StaleIssue,
    TicketUpdate,
)
from bridge.sla.effects import Note
from bridge.store import outbox
from bridge.store.models import EffectRow, EffectState
from bridge.texts import note_text

log = structlog.get_logger()

_MOVED = "Карточка тем временем перешла в другой статус, поэтому в ней ничего не изменено."


@dataclass(frozen=True)
class OrderedUpdate:
    """A private note, and a status with it if the ticket stands in one of `only_in`.

    The note names who ordered it when: by it an order whose call was cut short is known again.
    """

    note: Note
    only_in: Sequence[str] = ()
    status: str | None = None

    def as_json(self) -> dict[str, Any]:
        """As the outbox keeps it."""
        return {
            "note": {"template": self.note.template, "values": dict(self.note.values)},
            "only_in": list(self.only_in),
            "status": self.status,
        }

    @classmethod
    def from_json(cls, payload: Mapping[str, Any]) -> Self:
        """The order that was kept."""
        return cls(Note(**payload["note"]), tuple(payload["only_in"]), payload["status"])


def order_update(
    session: Session, ticket_id: int, key: str, update: OrderedUpdate, now: datetime
) -> bool:
    """Store the order in the transaction of what it belongs to; False while it waits already."""
    return outbox.order(
        session,
        ticket_id=ticket_id,
        key=f"ordered:{key}",
        kind=EffectKind.ORDERED_UPDATE,
        payload=update.as_json(),
        now=now,
    )


@dataclass(frozen=True)
class OrderedUpdates:
    """Carries out `ordered_update`."""

    helpdesk: Helpdesk
    texts: Environment
    now: Callable[[], datetime]

    def carry_out(self, lease: Lease, issue: Issue) -> bool:
        """Write the order that is due; True when there was one, and so news of the issue.

        Raises `HelpdeskUnavailable`: then the next observation shows whether it was written.
        """
        with lease.store.reading() as session:
            due = outbox.due(session, lease.ticket_id, EffectKind.ORDERED_UPDATE, self.now())
        if not due:
            return False
        self._write(lease, due[0], issue)
        return True

    def _write(self, lease: Lease, effect: EffectRow, issue: Issue) -> None:
        order = OrderedUpdate.from_json(effect.payload)
        note = note_text(self.texts, order.note)
        if effect.state == EffectState.SENDING and note_stands(issue, note, effect.created_at):
            self._finish(lease, effect, EffectState.DONE)
        elif order.only_in and issue.status not in order.only_in:
            self._finish(lease, effect, EffectState.WITHDRAWN, "moved", _MOVED)
        else:
            self._send(lease, effect, issue, TicketUpdate(status=order.status, note=note))

    def _send(self, lease: Lease, effect: EffectRow, issue: Issue, update: TicketUpdate) -> None:
        with lease.writing() as session:
            outbox.begin_sending(session, effect.id, self.now())
        try:
            self.helpdesk.update(issue.id, update, issue.lock_version)
        except StaleIssue:
            with lease.writing() as session:
                outbox.postpone(session, effect.id, self.now(), "stale", "")
        except SilentlyDropped as drop:
            log.error("helpdesk silently dropped", issue=issue.id, names=drop.names)
            meaning = f"Redmine не записал: {', '.join(drop.names)}"
            self._finish(lease, effect, EffectState.FAILED, "dropped", meaning)
        except HelpdeskRefused as refusal:
            log.error("helpdesk refused", issue=issue.id, effect=effect.key, why=str(refusal))
            meaning = f"Redmine отказал: {refusal}"
            self._finish(lease, effect, EffectState.FAILED, "refused", meaning)
        else:
            self._finish(lease, effect, EffectState.DONE)

    def _finish(
        self, lease: Lease, effect: EffectRow, state: EffectState, code: str = "", meaning: str = ""
    ) -> None:
        with lease.writing() as session:
            outbox.finish(
                session, effect.id, state=state, now=self.now(), code=code, meaning=meaning
            )
