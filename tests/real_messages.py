"""A store with citizens' messages as people write them, each with its ticket, some corrected."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from bridge.store import route_corrections
from bridge.store.database import Store
from bridge.store.models import MessageRow, TicketRow
from tests.store_contract.rows import add_ticket

_TEXTS: Final = Path(__file__).parent / "unit" / "routing" / "messages_held_out.jsonl"


def fill_with_messages(store: Store, newest_at: datetime, count: int) -> None:
    """So many messages, one every 20 minutes up to `newest_at`."""
    lines = _TEXTS.read_text(encoding="utf-8").splitlines()
    with store.writing() as session:
        for number in range(1, count + 1):
            written = json.loads(lines[number % len(lines)])
            at = newest_at - timedelta(minutes=20 * (count - number))
            departments = written["departments"]
            department = departments[0] if len(departments) == 1 else None
            _add(session, number, written["text"], department, at)


def add_corrected(
    store: Store, first: int, texts: tuple[str, ...], proposed: str, chosen: str, rule: str
) -> None:
    """Messages that the bridge proposed for one department and curators gave to another."""
    with store.writing() as session:
        for number, text in enumerate(texts, start=first):
            at = datetime.fromisoformat("2026-11-22T09:00:00+00:00")
            ticket = _add(session, number, text, chosen, at)
            route_corrections.save(
                session,
                ticket_id=ticket.id,
                proposed=[proposed],
                chosen=[chosen],
                reasons=[{"department": proposed, "rule": rule, "words": []}],
                mapping_version="m",
                model_version="",
                now=at,
            )


def _add(
    session: Session, number: int, text: str, department: str | None, at: datetime
) -> TicketRow:
    ticket = add_ticket(session, number)
    ticket.issue_id = 4000 + number
    ticket.department = department
    ticket.created_at = at
    ticket.closed = True
    message = session.get_one(MessageRow, ticket.message_id)
    message.text = text
    message.received_at = at
    return ticket
