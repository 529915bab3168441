"""Takes in a message that another system has brought already: one message, one set of tickets."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy.orm import Session

from bridge.channels import Channels
from bridge.messages import Message, Visibility
from bridge.sla.additions import AdditionKind
from bridge.sla.policy import Policy, SlaSettings
from bridge.sla.ruling_policy import ruling_policy
from bridge.sla.service_time import ServiceCalendar
from bridge.store import additions, attachments, conversations, sources, tickets
from bridge.store.models import InboxEvent, MessageRow, SourceRow, TicketRow

log = structlog.get_logger()


@dataclass(frozen=True)
class SameMessage:
    """Knows a message again by the numbers that cards name."""

    channels: Channels
    policies: SlaSettings
    calendar: ServiceCalendar
    now: Callable[[], datetime]

    def take(self, session: Session, event: InboxEvent, message: Message) -> int | None:
        """Store the further system and have the ticket tell of it; the ticket's id.

        None when nobody brought the message before.
        """
        row = sources.find_same(session, message)
        if row is None:
            return None
        source = sources.add(session, row.id, message, event.id, self.now())
        if _is_original(message):
            tickets.take_over(row, message)
            attachments.add(session, row, self.now())
        ticket = conversations.ticket_of(session, row)
        if ticket is None:
            raise LookupError(f"message {row.id}: has no ticket")
        self._choose_policy(session, row, source)
        self._tell(session, ticket, row, source)
        log.info("message came again", inbox_event=event.id, ticket=ticket.id)
        return ticket.id

    def _choose_policy(self, session: Session, row: MessageRow, source: SourceRow) -> None:
        """Of two policies, the one with the earliest deadline rules (`two_policies`)."""
        if source.channel not in self.channels:
            return
        visibility = Visibility(source.visibility)
        other = self.policies.policy(self.channels[source.channel].policy.of(visibility))
        for ticket in tickets.open_of_message(session, row.id):
            ticket.policy = self._ruling(ticket, row, other).key

    def _ruling(self, ticket: TicketRow, row: MessageRow, other: Policy) -> Policy:
        first = self.policies.policy(ticket.policy)
        begun: Sequence[datetime] = (row.posted_at, ticket.created_at)
        return ruling_policy(first, other, max(begun), self.calendar, self.policies.readings)

    def _tell(
        self, session: Session, ticket: TicketRow, row: MessageRow, source: SourceRow
    ) -> None:
        additions.add(
            session,
            kind=AdditionKind.CAME_AGAIN,
            ticket_id=ticket.id,
            message=row,
            event_id=source.inbox_event_id,
            at=source.received_at,
            now=self.now(),
            source=source,
        )


def _is_original(message: Message) -> bool:
    """A card names what it is about; what names nothing is the message itself."""
    return not message.also_known_as
