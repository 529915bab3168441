"""Takes in what became of a message that is stored: edited, deleted, restored by its author."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from bridge.flow.opening import is_still_to_draft
from bridge.ingest.port import MessageDeleted, MessageEdited, MessageRestored
from bridge.messages import Message
from bridge.sla.additions import AdditionKind
from bridge.store import additions, attachments, conversations, inbox, tickets
from bridge.store.database import Store
from bridge.store.models import EventState, InboxEvent, MessageRow, TicketRow

PATIENCE: Final = timedelta(minutes=2)
"""How long a deletion waits for its message, which another worker may be taking in."""


@dataclass(frozen=True)
class LaterNews:
    """Each method returns the ticket to be looked at, if any; the event is finished with it."""

    store: Store
    now: Callable[[], datetime]

    def take_edit(self, event: InboxEvent, edited: MessageEdited) -> int | None:
        """Keep the new text; the ticket tells both, unless it is not even written."""
        with self.store.writing() as session:
            row = _stored(session, edited.message)
            if _reads_the_same(row, edited.message):
                self._set_aside(session, event, "known")
                return None
            ticket = self._edit(session, event, row, edited.message)
            self._processed(session, event)
            return ticket.id

    def take_deletion(self, event: InboxEvent, deleted: MessageDeleted) -> int | None:
        """Keep that the message is gone (reading 15)."""
        with self.store.writing() as session:
            row = tickets.find_to_change(session, deleted.id)
            if row is None:
                self._put_off(session, event)
                return None
            if row.deleted_at:
                self._set_aside(session, event, "known")
                return None
            row.deleted_at = event.received_at
            ticket = self._add(session, _kind_of(deleted, row), event, row)
            self._processed(session, event)
            return ticket.id

    def take_restoration(self, event: InboxEvent, restored: MessageRestored) -> int | None:
        """Keep that the message is there again."""
        with self.store.writing() as session:
            row = _stored(session, restored.message)
            if row.deleted_at is None:
                self._set_aside(session, event, "known")
                return None
            row.deleted_at = None
            ticket = self._add(session, AdditionKind.RESTORED, event, row)
            self._processed(session, event)
            return ticket.id

    def _edit(
        self, session: Session, event: InboxEvent, row: MessageRow, message: Message
    ) -> TicketRow:
        before = row.text
        row.text = message.text
        row.attachments = tickets.attachments_as_json(message)
        attachments.add(session, row, self.now())
        ticket = _ticket_of(session, row)
        if ticket.message_id == row.id and is_still_to_draft(session, ticket):
            return ticket
        return self._add(session, AdditionKind.EDITED, event, row, before)

    def _put_off(self, session: Session, event: InboxEvent) -> None:
        """Leave a deletion to the sweep while its message may still be on its way."""
        if self.now() - event.received_at >= PATIENCE:
            self._set_aside(session, event, "unknown")

    def _add(
        self,
        session: Session,
        kind: AdditionKind,
        event: InboxEvent,
        row: MessageRow,
        text_before: str = "",
    ) -> TicketRow:
        ticket = _ticket_of(session, row)
        additions.add(
            session,
            kind=kind,
            ticket_id=ticket.id,
            message=row,
            event_id=event.id,
            at=event.received_at,
            now=self.now(),
            text_before=text_before,
        )
        return ticket

    def _set_aside(self, session: Session, event: InboxEvent, reason: str) -> None:
        inbox.finish(session, event.id, EventState.SET_ASIDE, reason, self.now())

    def _processed(self, session: Session, event: InboxEvent) -> None:
        inbox.finish(session, event.id, EventState.PROCESSED, "", self.now())


def _stored(session: Session, message: Message) -> MessageRow:
    row = tickets.find_to_change(session, message.id)
    if row is None:
        raise LookupError(f"message {message.external_id}: no longer stored")
    return row


def _ticket_of(session: Session, row: MessageRow) -> TicketRow:
    ticket = conversations.ticket_of(session, row)
    if ticket is None:
        raise LookupError(f"message {row.id}: has no ticket")
    return ticket


def _reads_the_same(row: MessageRow, message: Message) -> bool:
    """Addresses of attachments are signed anew each time: they say nothing."""
    shown = [(each["kind"], each["title"]) for each in row.attachments]
    return row.text == message.text and shown == [
        (each.kind, each.title) for each in message.attachments
    ]


def _kind_of(deleted: MessageDeleted, row: MessageRow) -> AdditionKind:
    """A deletion by somebody else takes no duty away: deadlines are not deleted with it."""
    if deleted.deleter in ("", row.author_id):
        return AdditionKind.DELETED
    return AdditionKind.REMOVED
