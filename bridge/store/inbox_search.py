"""Finds events of the inbox by what people know of them, newest first."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Select, false, or_, select, union
from sqlalchemy.orm import InstrumentedAttribute, Session, defer

from bridge.messages import MessageId, Network, Visibility, external_number
from bridge.networks.canonical_links import canonical_number
from bridge.store.models import (
    AdditionRow,
    InboxEvent,
    MessageRow,
    NumberRow,
    SourceRow,
    TicketRow,
)

LONGEST_WORD: Final = 100
_SLACK: Final = 1000
"""How many events may have been numbered before one that came earlier."""


@dataclass(frozen=True)
class InboxSearch:
    """What to look for; what is empty is not looked at. `since` is included, `until` is not.

    `issue`: the ticket's number in the helpdesk. `number`: a message's, or a link to it, or an
    event's own. `words` and `author` are pieces of the message's text and of its author's name.
    `sources` are all that there are: an event's own number is looked for in each of them.
    """

    source: str = ""
    state: str = ""
    kind: str = ""
    event: int | None = None
    issue: int | None = None
    number: str = ""
    words: str = ""
    author: str = ""
    since: datetime | None = None
    until: datetime | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class FoundEvent:
    """An event (without its body), with the message and the ticket that it is about, if any."""

    event: InboxEvent
    message: MessageRow | None
    ticket: TicketRow | None


def search(
    session: Session, wanted: InboxSearch, limit: int, before: int | None = None
) -> Sequence[FoundEvent]:
    """The newest that fit, newest first; `before` is the id that ended the last page."""
    # Whose text is looked for is found from the messages on, which are fewer and shorter.
    id_ = MessageRow.inbox_event_id if wanted.words or wanted.author else InboxEvent.id
    found = _matching(wanted).where(*_within(session, wanted, id_))
    if before is not None:
        found = found.where(id_ < before)
    rows = session.scalars(found.order_by(id_.desc()).limit(limit)).all()
    return with_messages(session, rows)


def _within(
    session: Session, wanted: InboxSearch, id_: InstrumentedAttribute[int]
) -> Iterator[ColumnElement[bool]]:
    """The period as a span of ids: events are numbered nearly as they come."""
    received = select(InboxEvent.id).limit(1)
    if wanted.since is not None:
        since = received.where(InboxEvent.received_at >= wanted.since)
        first = session.scalar(since.order_by(InboxEvent.received_at))
        yield id_ >= first - _SLACK if first else false()
    if wanted.until is not None:
        until = received.where(InboxEvent.received_at < wanted.until)
        last = session.scalar(until.order_by(InboxEvent.received_at.desc()))
        yield id_ <= last + _SLACK if last else false()


def with_messages(session: Session, events: Sequence[InboxEvent]) -> Sequence[FoundEvent]:
    """The events with what they are about."""
    messages = _messages_of(session, [event.id for event in events])
    tickets = _tickets_of(session, {message.id for message in messages.values()})
    added = _added_to(session, [event.id for event in events])
    found = []
    for event in events:
        message = messages.get(event.id)
        ticket = added.get(event.id) or (tickets.get(message.id) if message else None)
        found.append(FoundEvent(event, message, ticket))
    return found


def kinds(session: Session) -> Sequence[str]:
    """Every kind of event that ever came, each by one step in the index of them."""
    found: list[str] = []
    while True:
        after = InboxEvent.kind > found[-1] if found else InboxEvent.kind >= ""
        kind = session.scalar(
            select(InboxEvent.kind).where(after).order_by(InboxEvent.kind).limit(1)
        )
        if kind is None:
            return found
        found.append(kind)


def _matching(wanted: InboxSearch) -> Select[InboxEvent]:
    found = select(InboxEvent).options(defer(InboxEvent.body))
    equal: Sequence[tuple[InstrumentedAttribute[str], str]] = (
        (InboxEvent.source, wanted.source),
        (InboxEvent.state, wanted.state),
        (InboxEvent.kind, wanted.kind),
    )
    for column, value in equal:
        if value:
            found = found.where(column == value)
    if wanted.event is not None:
        found = found.where(InboxEvent.id == wanted.event)
    if wanted.since is not None:
        found = found.where(InboxEvent.received_at >= wanted.since)
    if wanted.until is not None:
        found = found.where(InboxEvent.received_at < wanted.until)
    if wanted.issue is not None:
        found = found.where(InboxEvent.id.in_(_events_of_issue(wanted.issue)))
    if wanted.number:
        found = found.where(_is_numbered(wanted.number, wanted.sources))
    if wanted.words or wanted.author:
        found = found.join(MessageRow, MessageRow.inbox_event_id == InboxEvent.id)
        if wanted.words:
            found = found.where(_contains(MessageRow.text, wanted.words))
        if wanted.author:
            found = found.where(_contains(MessageRow.author_name, wanted.author))
    return found


def _contains(column: InstrumentedAttribute[str], words: str) -> ColumnElement[bool]:
    """Whatever the case it is written in: SQLite itself knows only that of Latin letters."""
    spellings = {words, words.lower(), words.upper(), words[:1].upper() + words[1:].lower()}
    return or_(*(column.contains(each, autoescape=True) for each in sorted(spellings)))


def _events_of_issue(issue: int) -> Select[int]:
    ticket = select(TicketRow).where(TicketRow.issue_id == issue).subquery()
    messages = select(ticket.c.message_id)
    family = select(ticket.c.id).union(select(ticket.c.parent_id))
    told = select(AdditionRow.inbox_event_id).where(AdditionRow.ticket_id.in_(family))
    return select(union(_events_of(messages), told).subquery().c[0])


def _events_of(messages: Select[int]) -> Select[int]:
    """The events that brought these messages, or news of them."""
    ways = union(
        select(MessageRow.inbox_event_id).where(MessageRow.id.in_(messages)),
        select(SourceRow.inbox_event_id).where(SourceRow.message_id.in_(messages)),
        select(AdditionRow.inbox_event_id).where(AdditionRow.message_id.in_(messages)),
    )
    return select(ways.subquery().c[0])


def _is_numbered(number: str, sources: Sequence[str]) -> ColumnElement[bool]:
    known = [number, *(_spelt(network, visibility, number) for network, visibility in _WAYS)]
    linked = canonical_number(number)
    if linked:
        known.append(linked)
    messages = select(NumberRow.message_id).where(NumberRow.number.in_(known))
    by_itself = select(InboxEvent.id).where(
        InboxEvent.source.in_(sources), InboxEvent.external_id == number
    )
    # One list and not an alternative: only so PostgreSQL begins with it.
    return InboxEvent.id.in_(union(_events_of(messages), by_itself))


_WAYS: Final = tuple((network, visibility) for network in Network for visibility in Visibility)


def _spelt(network: Network, visibility: Visibility, number: str) -> str:
    return external_number(MessageId(network, visibility, number))


def _messages_of(session: Session, event_ids: Collection[int]) -> Mapping[int, MessageRow]:
    """By event: what it brought, brought again, or told of."""
    found: dict[int, MessageRow] = {}
    for way in (AdditionRow, SourceRow):
        rows = session.execute(
            select(way.inbox_event_id, MessageRow)
            .join(MessageRow, MessageRow.id == way.message_id)
            .where(way.inbox_event_id.in_(event_ids))
        )
        found.update({row[0]: row[1] for row in rows})
    brought = session.scalars(select(MessageRow).where(MessageRow.inbox_event_id.in_(event_ids)))
    found.update({message.inbox_event_id: message for message in brought})
    return found


def _tickets_of(session: Session, message_ids: Collection[int]) -> Mapping[int, TicketRow]:
    """By message: its ticket, the whole where it has parts."""
    # Most tickets have no parent, so to ask the database for that as well only misleads it.
    rows = session.scalars(
        select(TicketRow).where(TicketRow.message_id.in_(message_ids)).order_by(TicketRow.id)
    )
    return {row.message_id: row for row in rows if row.parent_id is None}


def _added_to(session: Session, event_ids: Collection[int]) -> Mapping[int, TicketRow]:
    """By event: the ticket in which it was told."""
    rows = session.execute(
        select(AdditionRow.inbox_event_id, TicketRow)
        .join(TicketRow, TicketRow.id == AdditionRow.ticket_id)
        .where(AdditionRow.inbox_event_id.in_(event_ids))
    )
    return {row[0]: row[1] for row in rows}
