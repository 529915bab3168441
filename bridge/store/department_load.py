"""What departments have to do: for whoever changes the mapping."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from bridge.store.models import ClockRow, MessageRow, TicketRow


@dataclass(frozen=True)
class OpenTickets:
    """A department's open tickets: how many, and the newest few (issue's number, if it has one)."""

    count: int
    newest: tuple[int | None, ...] = ()


@dataclass(frozen=True)
class RoutedText:
    """A citizen's message as it was routed. `received_at` is UTC."""

    issue_id: int | None
    channel: str
    text: str
    topics: tuple[str, ...]
    district: str
    received_at: datetime


def tickets_since(session: Session, since: datetime) -> dict[str, int]:
    """How many tickets the bridge sent to each department from then on."""
    rows = session.execute(
        select(TicketRow.department, func.count())
        .where(TicketRow.department.is_not(None), TicketRow.created_at >= since)
        .group_by(TicketRow.department)
    )
    return {department: count for department, count in rows if department}


def open_tickets(session: Session, department: str, limit: int) -> OpenTickets:
    """The open tickets that are with the department, by the mapping or by the curators."""
    here = _is_with(department)
    count = session.scalar(select(func.count()).select_from(TicketRow).where(here)) or 0
    newest = session.scalars(
        select(TicketRow.issue_id).where(here).order_by(TicketRow.id.desc()).limit(limit)
    )
    return OpenTickets(count, tuple(newest))


def _is_with(department: str) -> ColumnElement[bool]:
    runs = exists().where(
        ClockRow.ticket_id == TicketRow.id,
        ClockRow.holder == department,
        ClockRow.verdict.is_(None),
    )
    return ~TicketRow.closed & or_(TicketRow.department == department, runs)


def newest_messages(session: Session, limit: int) -> Sequence[RoutedText]:
    """The newest messages that have a ticket, newest first."""
    rows = session.execute(
        select(TicketRow.issue_id, MessageRow)
        .join(MessageRow, MessageRow.id == TicketRow.message_id)
        .where(TicketRow.parent_id.is_(None))
        .order_by(TicketRow.id.desc())
        .limit(limit)
    )
    return [
        RoutedText(
            issue_id=issue_id,
            channel=message.channel,
            text=message.text,
            topics=tuple(message.topics),
            district=message.district,
            received_at=message.received_at,
        )
        for issue_id, message in rows
    ]
