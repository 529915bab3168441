"""What a worker does with a hint."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bridge.flow.adoption import Adoption
from bridge.flow.downloading import Downloading
from bridge.flow.intake import Intake
from bridge.flow.queue import Hints
from bridge.flow.reconcile import Reconciler, Result, Trigger
from bridge.helpdesk.signature import UnreadableWebhook, WebhookHint, read_webhook
from bridge.store import attachments, channel_switches, families, inbox, outbox, tickets
from bridge.store.database import Store
from bridge.store.models import EventState, InboxEvent, TicketRow
from bridge.tracing import tracing

log = structlog.get_logger()

CREATED = "issue.created"
"""The type of Redmine's webhook for a new issue."""


@dataclass(frozen=True)
class Worker:
    """Takes hints to their end. `horizon`: nearer timers are set, later ones are the sweep's."""

    store: Store
    intake: Intake
    downloading: Downloading
    reconciler: Reconciler
    adoption: Adoption
    hints: Hints
    horizon: timedelta
    now: Callable[[], datetime]

    def process_event(self, event_id: int) -> None:
        """Process an event of the inbox, unless that is done already.

        Events of a channel that is switched off wait until it is on: then the sweep finds them.
        """
        with tracing(event_id):
            self._process(event_id)

    def _process(self, event_id: int) -> None:
        with self.store.reading() as session:
            event = session.get(InboxEvent, event_id)
            off = event and channel_switches.switch_of(session, event.source)
        if event is None or off or event.state != EventState.RECEIVED:
            return
        if event.source == inbox.HELPDESK:
            self._process_webhook(event)
            return
        ticket_id = self.intake.take(event)
        if ticket_id is not None:
            self._have_downloaded(ticket_id)
            self.reconcile(ticket_id, Trigger.MESSAGE)

    def download(self, attachment_id: int) -> None:
        """Try to download a file that is due, and have its ticket looked at for it."""
        ticket_id = self.downloading.download(attachment_id)
        if ticket_id is not None:
            self.hints.ticket(ticket_id, Trigger.ATTACHMENT)

    def reconcile(self, ticket_id: int, trigger: Trigger) -> Result:
        """Reconcile a ticket, and be reminded when it is to be looked at again soon."""
        result = self.reconciler.reconcile(ticket_id, trigger)
        if result in (Result.SETTLED, Result.LATER):
            self._set_timer(ticket_id)
            self._wake_relatives(ticket_id)
        return result

    def _process_webhook(self, event: InboxEvent) -> None:
        try:
            hint = read_webhook(event.body)
        except UnreadableWebhook as error:
            self._finish(event, EventState.UNREADABLE, str(error))
            return
        ticket = self._ticket_of(hint)
        if ticket is None:
            self._finish(event, EventState.SET_ASIDE, "not a ticket of ours")
        elif _is_seen(hint, ticket):
            self._finish(event, EventState.SET_ASIDE, "seen")
        else:
            self.reconcile(ticket.id, Trigger.WEBHOOK)
            self._finish(event, EventState.PROCESSED, "")

    def _ticket_of(self, hint: WebhookHint) -> TicketRow | None:
        if hint.issue_id is None:
            return None
        with self.store.reading() as session:
            ticket = tickets.by_issue(session, hint.issue_id)
        if ticket is None and hint.parent_id:
            return self.adoption.adopt(hint.issue_id, hint.parent_id)
        return ticket

    def _have_downloaded(self, ticket_id: int) -> None:
        with self.store.reading() as session:
            ticket = session.get_one(TicketRow, ticket_id)
            due = attachments.due_of(session, ticket, self.now())
        for attachment_id in due:
            self.hints.file(attachment_id)

    def _wake_relatives(self, ticket_id: int) -> None:
        """What was decided here may matter to the ticket's whole, or to its parts."""
        with self.store.reading() as session:
            ticket = session.get_one(TicketRow, ticket_id)
            due = families.due_relatives(session, ticket, self.now())
        for relative in due:
            self.hints.ticket(relative, Trigger.RELATIVE)

    def _set_timer(self, ticket_id: int) -> None:
        with self.store.reading() as session:
            ticket = session.get_one(TicketRow, ticket_id)
            instants = (ticket.look_at, outbox.next_attempt(session, ticket_id))
        soonest = min((instant for instant in instants if instant), default=None)
        if soonest and soonest <= self.now() + self.horizon:
            self.hints.ticket_at(ticket_id, soonest)

    def _finish(self, event: InboxEvent, state: EventState, reason: str) -> None:
        with self.store.writing() as session:
            inbox.finish(session, event.id, state, reason, self.now())


def _is_seen(hint: WebhookHint, ticket: TicketRow) -> bool:
    """Whether the ticket was observed after what the webhook tells of.

    Whoever observed an issue saw it created: the news of it is mostly of the bridge's own doing,
    and looking again would cost the helpdesk two requests for every new ticket.
    """
    if hint.type == CREATED:
        return ticket.observed_update is not None
    return hint.journal_id is not None and hint.journal_id <= ticket.observed_journal
