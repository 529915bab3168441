"""Creates a ticket's issue in the helpdesk, once, whatever happens on the way."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bridge.channels import Channels
from bridge.drafting import Drafter
from bridge.effects import EffectKind
from bridge.flow.lease import Lease
from bridge.helpdesk.layout import EXTERNAL_NUMBER
from bridge.helpdesk.port import (
    Helpdesk,
    HelpdeskRefused,
    HelpdeskUnavailable,
    HelpdeskUnreachable,
    Issue,
    IssueMissing,
    SilentlyDropped,
    TicketDraft,
    TicketUpdate,
)
from bridge.joining import joined
from bridge.messages import Message
from bridge.sla.additions import AdditionKind
from bridge.sla.policy import SlaSettings
from bridge.sla.timeline import Status
from bridge.store import additions, outbox, tickets
from bridge.store.models import EffectRow, EffectState, MessageRow, TicketRow

log = structlog.get_logger()


@dataclass(frozen=True)
class Creation:
    """Carries out `create_ticket`.

    `grace`: how long what was sent may still be on its way before its absence means anything.
    `pages`: the address of the administrator's pages, empty where they have none.
    """

    helpdesk: Helpdesk
    drafter: Drafter
    channels: Channels
    policies: SlaSettings
    grace: timedelta
    now: Callable[[], datetime]
    pages: str = ""

    def carry_out(self, lease: Lease, ticket: TicketRow, message: MessageRow) -> Issue:
        """Return the ticket's issue: found by its external number, or created.

        Raises `HelpdeskError` when neither worked; the outcome is looked up before the next try.
        """
        effect = self._effect(lease)
        issue = self._find(effect, ticket) if effect.state == EffectState.SENDING else None
        if issue is None:
            issue = self._send(lease, effect, self._draft(lease, ticket, message))
        self._relate(lease, ticket, issue)
        self._record(lease, effect, issue)
        return issue

    def fill_in(self, lease: Lease, ticket: TicketRow, message: MessageRow, issue: Issue) -> None:
        """Complete an issue that a curator made as a part: whoever gets it is to read the message.

        Does nothing when that is done, or never was needed. Raises `HelpdeskError`.
        """
        with lease.store.reading() as session:
            effect = outbox.first_open(session, lease.ticket_id, EffectKind.CREATE_TICKET)
        if effect is None:
            return
        draft = self._draft(lease, ticket, message)
        fields = {**draft.fields, EXTERNAL_NUMBER: draft.external_number}
        description = "" if issue.description.strip() else draft.description
        update = TicketUpdate(fields=fields, description=description)
        self.helpdesk.update(issue.id, update, issue.lock_version)
        self._record(lease, effect, issue)

    def _send(self, lease: Lease, effect: EffectRow, draft: TicketDraft) -> Issue:
        self._begin(lease, effect)
        try:
            return self._create(draft)
        except HelpdeskUnreachable:
            with lease.writing() as session:
                outbox.postpone(session, effect.id, self.now(), "unreachable", "")
            raise

    def _relate(self, lease: Lease, ticket: TicketRow, issue: Issue) -> None:
        """Link the ticket to the one that it follows (reading 14); its text names that one, too."""
        if ticket.follows_id is None:
            return
        with lease.store.reading() as session:
            former = session.get_one(TicketRow, ticket.follows_id).issue_id
        if former is None:
            return
        try:
            self.helpdesk.relate(issue.id, former)
        except (HelpdeskRefused, IssueMissing) as refusal:
            log.error("relation refused", issue=issue.id, former=former, why=str(refusal))

    def _effect(self, lease: Lease) -> EffectRow:
        with lease.store.reading() as session:
            effect = outbox.first_open(session, lease.ticket_id, EffectKind.CREATE_TICKET)
        if effect is None:
            raise LookupError(f"ticket {lease.ticket_id}: has no issue and none is to be created")
        return effect

    def _find(self, effect: EffectRow, ticket: TicketRow) -> Issue | None:
        """The issue that an earlier try made although its answer never came."""
        if effect.sending_since and self.now() < effect.sending_since + self.grace:
            raise HelpdeskUnavailable("whether the issue was created will be looked up shortly")
        found = self.helpdesk.find(ticket.external_number)
        return self.helpdesk.read(found[0]) if found else None

    def _begin(self, lease: Lease, effect: EffectRow) -> None:
        with lease.writing() as session:
            outbox.begin_sending(session, effect.id, self.now())

    def _draft(self, lease: Lease, ticket: TicketRow, message: MessageRow) -> TicketDraft:
        return self.drafter.draft(
            self._whole_text(lease, ticket, message),
            channel=self.channels[message.channel],
            external_number=ticket.external_number,
            department=ticket.department,
            route=ticket.route,
            policy=self.policies.policy(ticket.policy),
            now=self.now(),
            parent=self._parent(lease, ticket),
            journey=f"{self.pages}/admin/inbox/ticket/{ticket.id}" if self.pages else "",
        )

    def _whole_text(self, lease: Lease, ticket: TicketRow, message: MessageRow) -> Message:
        """The message with those that came right after it, before the ticket was written."""
        with lease.store.reading() as session:
            following = additions.messages_of(
                session, ticket.parent_id or ticket.id, (AdditionKind.JOINED,)
            )
        return joined(tickets.as_message(message), [tickets.as_message(row) for row in following])

    def _parent(self, lease: Lease, ticket: TicketRow) -> int | None:
        """The issue of the whole, which is there before any part is opened."""
        if ticket.parent_id is None:
            return None
        with lease.store.reading() as session:
            return session.get_one(TicketRow, ticket.parent_id).issue_id

    def _create(self, draft: TicketDraft) -> Issue:
        """Create it; what the helpdesk refuses for a department goes to the curators."""
        try:
            return self.helpdesk.create(draft)
        except HelpdeskRefused as refusal:
            if draft.department is None:
                raise
            log.error(
                "ticket refused for department", department=draft.department, why=str(refusal)
            )
            return self._create(replace(draft, department=None, status=Status.NEW))
        except SilentlyDropped as drop:
            log.error("helpdesk silently dropped", issue=drop.issue_id, names=drop.names)
            return self.helpdesk.read(drop.issue_id)

    def _record(self, lease: Lease, effect: EffectRow, issue: Issue) -> None:
        log.info("ticket created", issue=issue.id)
        with lease.writing() as session:
            row = session.get_one(TicketRow, lease.ticket_id)
            row.issue_id = issue.id
            outbox.finish(
                session,
                effect.id,
                state=EffectState.DONE,
                now=self.now(),
                result={"issue": issue.id},
            )
