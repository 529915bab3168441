"""A person has the bridge take up again what it could not do: a ticket, or an event."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bridge.effects import EffectKind
from bridge.flow.placement_hold import NotDone, Orderer, refuse_if_busy
from bridge.flow.queue import Hints
from bridge.flow.reconcile import Trigger
from bridge.store import audit, inbox, outbox, placements, tickets
from bridge.store.audit import Action, AuditEntry
from bridge.store.database import Store
from bridge.store.models import InboxEvent


@dataclass(frozen=True)
class StartingOver:
    """Each in one transaction with its audit entry; a worker is told of it afterwards."""

    store: Store
    hints: Hints
    now: Callable[[], datetime]

    def ticket(self, ticket_id: int, by: Orderer) -> None:
        """Have the ticket created, or changed as the rules want it now. Raises `NotDone`.

        What was refused before and is no longer wanted is withdrawn by the decision that follows.
        """
        with self.store.writing() as session:
            ticket = placements.lock(session, ticket_id)
            if ticket is None:
                raise NotDone("Такой карточки нет.")
            refuse_if_busy(ticket, self.now())
            failed = outbox.failed(session, ticket_id, EffectKind.UPDATE_TICKET)
            outbox.try_again(session, failed, self.now())
            tickets.look_now(session, ticket_id, self.now())
            subject, details = f"ticket:{ticket_id}", {"issue": ticket.issue_id}
            audit.record(
                session,
                AuditEntry(self.now(), by.login, Action.TICKET_RETRIED, subject, details),
            )
        self.hints.ticket(ticket_id, Trigger.ORDER)

    def event(self, event_id: int, by: Orderer) -> None:
        """Have the event processed as if it had just come. Raises `NotDone`.

        What it brought the first time is known by then, so nothing is brought twice.
        """
        with self.store.writing() as session:
            event = session.get(InboxEvent, event_id)
            if event is None:
                raise NotDone("Такого события нет.")
            was = event.state
            inbox.reopen(session, event_id)
            subject, details = f"event:{event_id}", {"was": was, "source": event.source}
            audit.record(
                session,
                AuditEntry(self.now(), by.login, Action.EVENT_REPLAYED, subject, details),
            )
        self.hints.event(event_id)
