"""Stored clocks. One that has a verdict is never written again (reading 1)."""

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.sla.clocks import Clock, Verdict
from bridge.sla.policy import ClockKind
from bridge.store.models import ClockRow


def of_ticket(session: Session, ticket_id: int) -> tuple[Clock, ...]:
    """Every clock of the ticket, in the order of their starts."""
    rows = session.scalars(
        select(ClockRow).where(ClockRow.ticket_id == ticket_id).order_by(ClockRow.id)
    )
    return tuple(_as_clock(row) for row in rows)


def of_tickets(session: Session, ticket_ids: Collection[int]) -> Mapping[int, tuple[Clock, ...]]:
    """Every clock of these tickets, by ticket, in the order of their starts."""
    rows = session.scalars(
        select(ClockRow).where(ClockRow.ticket_id.in_(ticket_ids)).order_by(ClockRow.id)
    )
    found: dict[int, list[Clock]] = {ticket_id: [] for ticket_id in ticket_ids}
    for row in rows:
        found[row.ticket_id].append(_as_clock(row))
    return {ticket_id: tuple(clocks) for ticket_id, clocks in found.items()}


def frozen(session: Session, ticket_id: int) -> Mapping[str, Clock]:
    """The ticket's clocks that have a verdict, by key."""
    return {clock.key: clock for clock in of_ticket(session, ticket_id) if not clock.running}


def save(session: Session, ticket_id: int, clocks: Iterable[Clock]) -> None:
    """Write new and running clocks; drop running ones that the timeline no longer shows."""
    rows = {
        row.key: row
        for row in session.scalars(select(ClockRow).where(ClockRow.ticket_id == ticket_id))
    }
    for clock in clocks:
        row = rows.pop(clock.key, None)
        if row is None:
            row = ClockRow(ticket_id=ticket_id, key=clock.key)
            session.add(row)
        elif row.verdict is not None:
            continue
        _write(row, clock)
    for row in rows.values():
        if row.verdict is None:
            session.delete(row)


def _write(row: ClockRow, clock: Clock) -> None:
    row.kind = clock.kind
    row.clause = clock.clause
    row.holder = clock.holder
    row.policy = clock.policy
    row.policy_version = clock.policy_version
    row.calendar_version = clock.calendar_version
    row.start = clock.start
    row.due = clock.due
    row.stop = clock.stop
    row.verdict = clock.verdict
    row.cause = clock.cause
    row.explanation = clock.explanation


def _as_clock(row: ClockRow) -> Clock:
    return Clock(
        key=row.key,
        kind=ClockKind(row.kind),
        clause=row.clause,
        holder=row.holder,
        start=row.start,
        due=row.due,
        explanation=row.explanation,
        policy=row.policy,
        policy_version=row.policy_version,
        calendar_version=row.calendar_version,
        stop=row.stop,
        verdict=Verdict(row.verdict) if row.verdict else None,
        cause=row.cause,
    )
