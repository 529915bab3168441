"""Reconciles one ticket: observe, decide, record, carry out, until nothing is left to do.

Everything that happens (a webhook, a timer, the sweep, the nightly job, a command) ends here, and
nothing else changes a ticket.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import structlog
from structlog.contextvars import bound_contextvars

from bridge.backoff import Backoff
from bridge.effects import EffectKind
from bridge.flow.attaching import Attaching
from bridge.flow.creation import Creation
from bridge.flow.lease import Lease
from bridge.flow.looking_up import LookingUp
from bridge.flow.ordered_updates import OrderedUpdates
from bridge.flow.placing import Placing
from bridge.flow.recording import Recording
from bridge.flow.updating import Updating
from bridge.helpdesk.port import Helpdesk, HelpdeskError, Issue, IssueMissing
from bridge.store import origins, outbox, tickets
from bridge.store.database import Store
from bridge.store.leases import LeaseLost
from bridge.store.models import EffectRow, MessageRow, TicketRow
from bridge.store.origins import Origin
from bridge.tracing import tracing

log = structlog.get_logger()

MAX_PASSES = 12
"""More than any course of a ticket needs; a ticket that does not settle is looked at later."""


class Trigger(StrEnum):
    """What made somebody look at a ticket."""

    MESSAGE = "message"
    WEBHOOK = "webhook"
    SWEEP = "sweep"
    TIMER = "timer"
    ATTACHMENT = "attachment"
    """A file of the citizen's is there, or is not to be had."""
    COMMAND = "command"
    NIGHTLY = "nightly"
    RELATIVE = "relative"
    """A part of the ticket changed, or what it is a part of."""
    ORDER = "order"
    """Somebody has done something on the administrator's pages."""


class Result(StrEnum):
    """How a reconciliation ended."""

    SETTLED = "settled"
    BUSY = "busy"
    """Another worker holds the ticket; it has been told to look once more."""
    LATER = "later"
    """Something failed; the ticket says what, and when it is tried again."""
    UNKNOWN = "unknown"
    """There is no such ticket."""


@dataclass(frozen=True)
class Reconciler:
    """One worker's way to reconcile tickets."""

    store: Store
    helpdesk: Helpdesk
    creation: Creation
    updating: Updating
    attaching: Attaching
    placing: Placing
    ordered: OrderedUpdates
    looking_up: LookingUp
    recording: Recording
    backoff: Backoff
    lease_duration: timedelta
    now: Callable[[], datetime]

    def reconcile(self, ticket_id: int, trigger: Trigger) -> Result:
        """Bring the ticket to where the rules want it. Safe to call at any time, from anywhere."""
        origin = self._origin(ticket_id)
        if origin is None:
            return Result.UNKNOWN
        with tracing(origin.event_id, ticket=ticket_id, issue=origin.issue_id):
            return self._reconcile(ticket_id, trigger)

    def _origin(self, ticket_id: int) -> Origin | None:
        with self.store.reading() as session:
            return origins.of_ticket(session, ticket_id)

    def _reconcile(self, ticket_id: int, trigger: Trigger) -> Result:
        lease = Lease(self.store, ticket_id, uuid.uuid4().hex, self.lease_duration, self.now)
        seen = lease.acquire()
        if seen is None:
            return Result.BUSY
        try:
            return self._hold(lease, trigger, seen)
        except LeaseLost:
            log.warning("lease lost")
            return Result.BUSY
        except BaseException:
            lease.give_up()
            raise

    def _hold(self, lease: Lease, trigger: Trigger, seen: int) -> Result:
        """Settle the ticket, again for each hint that comes meanwhile, and let go."""
        try:
            self._settle(lease, trigger)
            while not lease.release(seen):
                seen = lease.hints()
                self._settle(lease, trigger)
        except HelpdeskError as error:
            self._fail(lease, error)
            return Result.LATER
        return Result.SETTLED

    def _settle(self, lease: Lease, trigger: Trigger) -> None:
        for _ in range(MAX_PASSES):
            if not self._pass(lease, trigger):
                return
        log.error("ticket does not settle")

    def _pass(self, lease: Lease, trigger: Trigger) -> bool:
        """Observe, decide, record, carry out; True when there is something new to observe."""
        loaded = self._load(lease.ticket_id)
        if loaded is None:
            return False
        ticket, message = loaded
        issue = self._observe(lease, ticket, message)
        with bound_contextvars(issue=issue.id):
            return self._act(lease, ticket, message, issue, trigger)

    def _act(
        self, lease: Lease, ticket: TicketRow, message: MessageRow, issue: Issue, trigger: Trigger
    ) -> bool:
        """Decide, record, carry out."""
        self.recording.record(lease, ticket, message, issue, trigger)
        if self._place(lease, message) or self._carry_out_orders(lease, message, issue):
            return True
        update = self._due(lease, EffectKind.UPDATE_TICKET)
        if update:
            self.updating.carry_out(lease, update, issue)
            return True
        return self.attaching.carry_out(lease, ticket, issue)

    def _observe(self, lease: Lease, ticket: TicketRow, message: MessageRow) -> Issue:
        if ticket.issue_id is None:
            return self.creation.carry_out(lease, ticket, message)
        issue = self.helpdesk.read(ticket.issue_id)
        if ticket.parent_id is None or ticket.observed_update:
            return issue
        self.creation.fill_in(lease, ticket, message, issue)
        return self.helpdesk.read(issue.id)

    def _place(self, lease: Lease, message: MessageRow) -> bool:
        """Try the placement that is due; True when there is one, and so news of it."""
        placement = self._due(lease, EffectKind.PLACE_ANSWER)
        if placement is None:
            return False
        self.placing.carry_out(lease, placement, message)
        return True

    def _carry_out_orders(self, lease: Lease, message: MessageRow, issue: Issue) -> bool:
        """What people want goes before what the rules want: it may leave nothing of that to do."""
        if self.looking_up.carry_out(lease, message):
            return True
        return self.ordered.carry_out(lease, issue)

    def _due(self, lease: Lease, kind: EffectKind) -> EffectRow | None:
        with self.store.reading() as session:
            effect = outbox.first_open(session, lease.ticket_id, kind)
        return effect if effect and effect.next_attempt_at <= self.now() else None

    def _load(self, ticket_id: int) -> tuple[TicketRow, MessageRow] | None:
        with self.store.reading() as session:
            return tickets.with_message(session, ticket_id)

    def _fail(self, lease: Lease, error: HelpdeskError) -> None:
        log.warning("helpdesk failed", error=type(error).__name__, why=str(error))
        loaded = self._load(lease.ticket_id)
        attempts = loaded[0].attempts if loaded else 0
        wait = self.backoff.longest if isinstance(error, IssueMissing) else None
        until = self.now() + (wait or self.backoff.after(attempts + 1))
        with lease.writing() as session:
            tickets.note_failure(session, lease.ticket_id, str(error), until)
        lease.give_up()
