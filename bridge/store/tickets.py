"""Messages and their tickets: what arrived, and how far each duty has come."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import Session

from bridge.messages import (
    Attachment,
    Author,
    Message,
    MessageId,
    Network,
    Surroundings,
    Visibility,
)
from bridge.store import sources
from bridge.store.models import MessageRow, RepairRow, TicketRow


def find_message(session: Session, message: Message) -> MessageRow | None:
    """The stored message with this identity, by whichever event it came first."""
    return session.scalars(_message_with(message.id)).one_or_none()


def find_to_change(session: Session, message_id: MessageId) -> MessageRow | None:
    """The stored message; nobody else changes it until the transaction ends."""
    return session.scalars(_message_with(message_id).with_for_update()).one_or_none()


def _message_with(message_id: MessageId) -> Select[MessageRow]:
    return select(MessageRow).where(
        MessageRow.network == message_id.network,
        MessageRow.visibility == message_id.visibility,
        MessageRow.external_id == message_id.external_id,
    )


def add_message(session: Session, message: Message, event_id: int, now: datetime) -> MessageRow:
    """Store a message that is not there yet."""
    row = MessageRow(
        inbox_event_id=event_id,
        channel=message.channel,
        network=message.network,
        visibility=message.visibility,
        external_id=message.external_id,
        conversation=message.conversation,
        author_id=message.author.external_id,
        author_name=message.author.name,
        author_link=message.author.link,
        text=message.text,
        link=message.link,
        address=dict(message.address),
        attachments=attachments_as_json(message),
        surroundings=asdict(message.surroundings) if message.surroundings else None,
        topics=list(message.topics),
        district=message.district,
        posted_at=message.posted_at,
        received_at=now,
    )
    session.add(row)
    session.flush()
    sources.add(session, row.id, message, event_id, now)
    return row


def take_over(row: MessageRow, message: Message) -> None:
    """Let the stored message be what its author posted: so far it was known from a card only."""
    row.channel = message.channel
    row.network = message.network
    row.visibility = message.visibility
    row.external_id = message.external_id
    row.conversation = message.conversation
    row.author_id = message.author.external_id
    row.author_name = message.author.name or row.author_name
    row.author_link = message.author.link
    row.link = message.link
    row.address = dict(message.address)
    row.attachments = attachments_as_json(message) or row.attachments
    row.surroundings = asdict(message.surroundings) if message.surroundings else row.surroundings


def attachments_as_json(message: Message) -> list[dict[str, str]]:
    """The message's attachments as the store keeps them."""
    return [asdict(attachment) for attachment in message.attachments]


def as_message(row: MessageRow) -> Message:
    """The stored message in the shared vocabulary."""
    return Message(
        channel=row.channel,
        network=Network(row.network),
        visibility=Visibility(row.visibility),
        external_id=row.external_id,
        author=Author(row.author_id, row.author_name, row.author_link),
        text=row.text,
        link=row.link,
        posted_at=row.posted_at,
        address=row.address,
        attachments=tuple(Attachment(**attachment) for attachment in row.attachments),
        conversation=row.conversation,
        surroundings=Surroundings(**row.surroundings) if row.surroundings else None,
        topics=tuple(row.topics),
        district=row.district,
    )


def add_ticket(
    session: Session,
    message: MessageRow,
    *,
    external_number: str,
    department: str | None,
    route: Mapping[str, Any],
    policy: str,
    now: datetime,
    parent_id: int | None = None,
    follows_id: int | None = None,
) -> TicketRow:
    """Store a duty that has no issue in the helpdesk yet."""
    row = TicketRow(
        message_id=message.id,
        parent_id=parent_id,
        external_number=external_number,
        department=department,
        route=dict(route),
        policy=policy,
        follows_id=follows_id,
        created_at=now,
    )
    session.add(row)
    session.flush()
    return row


def issues_of(session: Session, ticket_ids: Collection[int]) -> dict[int, int]:
    """The helpdesk's numbers of those of the tickets that have one."""
    rows = session.execute(
        select(TicketRow.id, TicketRow.issue_id).where(
            TicketRow.id.in_(ticket_ids), TicketRow.issue_id.is_not(None)
        )
    )
    return {ticket_id: issue for ticket_id, issue in rows if issue is not None}


def by_issue(session: Session, issue_id: int) -> TicketRow | None:
    """The ticket that stands in the helpdesk under this number."""
    return session.scalars(select(TicketRow).where(TicketRow.issue_id == issue_id)).one_or_none()


def whole_by_issue(session: Session, issue_id: int) -> tuple[TicketRow, MessageRow] | None:
    """The ticket under this number, with its message, unless it is a part itself."""
    ticket = by_issue(session, issue_id)
    return with_message(session, ticket.id) if ticket and ticket.parent_id is None else None


def with_message(session: Session, ticket_id: int) -> tuple[TicketRow, MessageRow] | None:
    """The ticket and its message; None when there is no such ticket."""
    found = session.execute(
        select(TicketRow, MessageRow)
        .join(MessageRow, MessageRow.id == TicketRow.message_id)
        .where(TicketRow.id == ticket_id)
    ).one_or_none()
    return (found[0], found[1]) if found else None


def look_now(session: Session, ticket_id: int, now: datetime) -> None:
    """Have the ticket and its parts looked at, should the hint of it get lost."""
    family = or_(TicketRow.id == ticket_id, TicketRow.parent_id == ticket_id)
    session.execute(update(TicketRow).where(family).values(look_at=now))


def to_look_at(session: Session, now: datetime, limit: int) -> Sequence[int]:
    """Tickets at which it is time to look though nothing happened, the longest waiting first."""
    return session.scalars(
        select(TicketRow.id)
        .where(TicketRow.look_at <= now)
        .order_by(TicketRow.look_at)
        .limit(limit)
    ).all()


def open_ids(session: Session, after: int, limit: int) -> Sequence[int]:
    """Open tickets with an id above `after`, in order: a page."""
    return session.scalars(
        select(TicketRow.id)
        .where(TicketRow.closed.is_(False), TicketRow.id > after)
        .order_by(TicketRow.id)
        .limit(limit)
    ).all()


def open_of_message(session: Session, message_id: int) -> Sequence[TicketRow]:
    """The message's own tickets that are not closed."""
    return session.scalars(
        select(TicketRow)
        .where(TicketRow.message_id == message_id, TicketRow.closed.is_(False))
        .order_by(TicketRow.id)
    ).all()


def issue_ids(session: Session, ticket_ids: Collection[int]) -> Mapping[int, int | None]:
    """The tickets' numbers in the helpdesk; None for one that is not there yet."""
    rows = session.execute(
        select(TicketRow.id, TicketRow.issue_id).where(TicketRow.id.in_(ticket_ids))
    )
    return dict(rows.tuples().all())


@dataclass(frozen=True)
class LastSeen:
    """A ticket as it was last observed; `observed_update` is None when it never was."""

    ticket_id: int
    observed_update: datetime | None
    status: str


def last_seen(session: Session, issue_ids: Sequence[int]) -> Mapping[int, LastSeen]:
    """By the issue's number; what is not a ticket of the bridge is left out."""
    rows = session.execute(
        select(TicketRow.issue_id, TicketRow.id, TicketRow.observed_update, TicketRow.status).where(
            TicketRow.issue_id.in_(issue_ids)
        )
    )
    return {
        issue_id: LastSeen(ticket_id, observed_update, status)
        for issue_id, ticket_id, observed_update, status in rows
        if issue_id
    }


def note_failure(session: Session, ticket_id: int, attention: str, look_at: datetime) -> None:
    """Keep why the last try failed, and when to try again."""
    session.execute(
        update(TicketRow)
        .where(TicketRow.id == ticket_id)
        .values(attention=attention, look_at=look_at, attempts=TicketRow.attempts + 1)
    )


def note_repair(session: Session, ticket_id: int, changed_at: datetime, now: datetime) -> None:
    """Count a change that no webhook announced."""
    session.add(RepairRow(ticket_id=ticket_id, at=now, changed_at=changed_at))
