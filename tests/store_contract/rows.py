"""Rows that the store's tests need before they can begin."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from bridge.messages import Attachment, Author, Message, Network, Visibility
from bridge.store import inbox, tickets
from bridge.store.database import Store
from bridge.store.models import InboxEvent, TicketRow

NOW = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)


def minutes(count: float) -> datetime:
    """So many minutes after `NOW`."""
    return NOW + timedelta(minutes=count)


def arrival(external_id: str = "e1", source: str = "vk-head", at: datetime = NOW) -> inbox.Arrival:
    return inbox.Arrival(source, external_id, "wall_reply_new", "{«яма»}".encode(), at)


def record(store: Store, event: inbox.Arrival) -> int | None:
    """Store one event in a transaction of its own."""
    with store.writing() as session:
        return inbox.record(session.connection(), event)


def message(external_id: str = "wall-1_2_r3") -> Message:
    return Message(
        channel="vk-head",
        network=Network.VK,
        visibility=Visibility.FEED,
        external_id=external_id,
        author=Author("501", "Анна Петрова", "https://vk.com/id501"),
        text="Яма на дороге 😡",
        link="https://vk.com/wall-1_2?reply=3",
        posted_at=NOW,
        address={"owner_id": -1, "post_id": 2, "comment_id": 3},
        attachments=(Attachment("photo", "https://vk.com/photo1", "яма"),),
    )


def add_ticket(session: Session, number: int = 1) -> TicketRow:
    """A ticket with its message and the event by which it came."""
    event = InboxEvent(
        source="vk-head",
        external_id=f"e{number}",
        kind="wall_reply_new",
        body=b"{}",
        received_at=NOW,
        finished_at=None,
    )
    session.add(event)
    session.flush()
    told = message(f"wall-1_2_r{number}")
    row = tickets.add_message(session, told, event.id, NOW)
    return tickets.add_ticket(
        session,
        row,
        external_number=told.external_number,
        department="roads",
        route={"departments": ["roads"], "explanation": "Подразделение: дороги."},
        policy="head-feed",
        now=NOW,
    )


def new_ticket(store: Store, number: int = 1) -> int:
    """The id of a ticket stored in a transaction of its own."""
    with store.writing() as session:
        return add_ticket(session, number).id
