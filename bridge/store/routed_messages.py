"""Messages as curators had them routed: what the office's own model learns from."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from bridge.sla.clocks import CURATOR, Verdict
from bridge.sla.policy import ClockKind
from bridge.sla.timeline import Status
from bridge.store.models import ClockRow, MessageRow, TicketRow

_TAKEN_BACK = ("rerouted", "misrouted")
"""Causes for which a department's clock ends because it never was in charge."""


@dataclass(frozen=True)
class RoutedMessage:
    """A message whose ticket is closed, with the departments that were in charge in the end."""

    ticket_id: int
    text: str
    departments: frozenset[str]


def page(session: Session, after: int, limit: int) -> tuple[Sequence[RoutedMessage], int]:
    """Such messages of the next `limit` closed tickets after `after`, and the last ticket's number.

    Left out: a ticket for which no department ever was in charge, unless the curators closed it as
    needing no answer and the bridge had proposed none either. The number is 0 at the end.
    """
    rows = session.execute(
        select(TicketRow, MessageRow.text)
        .join(MessageRow, MessageRow.id == TicketRow.message_id)
        .where(TicketRow.id > after, TicketRow.parent_id.is_(None), TicketRow.closed)
        .order_by(TicketRow.id)
        .limit(limit)
    ).all()
    held = _held_by(session, {ticket.id for ticket, _ in rows})
    found = [
        RoutedMessage(ticket.id, text, departments)
        for ticket, text in rows
        if text.strip() and ((departments := held[ticket.id]) or _concerns_nobody(ticket))
    ]
    return found, rows[-1][0].id if rows else 0


def _concerns_nobody(ticket: TicketRow) -> bool:
    return ticket.status == Status.NO_ANSWER_NEEDED and not ticket.route.get("departments")


def _held_by(session: Session, tickets: Collection[int]) -> dict[int, frozenset[str]]:
    """By ticket the departments that held an answer's clock, in it or in its parts, to the end."""
    whole = func.coalesce(TicketRow.parent_id, TicketRow.id)
    taken_back = and_(ClockRow.verdict == Verdict.CANCELLED, ClockRow.cause.in_(_TAKEN_BACK))
    rows = session.execute(
        select(whole, ClockRow.holder)
        .join(TicketRow, TicketRow.id == ClockRow.ticket_id)
        .where(
            or_(TicketRow.id.in_(tickets), TicketRow.parent_id.in_(tickets)),
            ClockRow.kind == ClockKind.ANSWER,
            ClockRow.holder != CURATOR,
            or_(ClockRow.verdict.is_(None), ~taken_back),
        )
        .distinct()
    )
    held: dict[int, set[str]] = {ticket: set() for ticket in tickets}
    for ticket, holder in rows:
        held[ticket].add(holder)
    return {ticket: frozenset(holders) for ticket, holders in held.items()}


def every(session: Session, portion: int) -> Iterator[RoutedMessage]:
    """All of them, read in portions."""
    last = 0
    while True:
        found, last = page(session, last, portion)
        yield from found
        if not last:
            return
