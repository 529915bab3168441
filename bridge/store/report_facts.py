"""Reads what a report is made of: messages with what became of them, and timed duties."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from bridge.effects import EffectKind
from bridge.reporting.facts import Duty, Facts, MessageFact, TicketEnd
from bridge.sla.clocks import Verdict
from bridge.sla.policy import ClockKind
from bridge.sla.timeline import AnswerKind
from bridge.store.models import ClockRow, EffectRow, EffectState, MessageRow, TicketRow

PAGE = 1000
"""Rows fetched at once: a year's duties do not lie in the driver's memory twice."""

Instants = Mapping[int, datetime]


def read_facts(session: Session, start: datetime, end: datetime) -> Facts:
    """All that happened from `start` up to `end`, and what was not finished before; UTC."""
    messages = select(MessageRow.id).where(_concerns(start, end))
    return Facts(_messages(session, messages), _duties(session, start, end))


def first_arrival(session: Session) -> datetime | None:
    """When the bridge received its first message; None while there is none."""
    return session.scalar(select(func.min(MessageRow.received_at)))


def _concerns(start: datetime, end: datetime) -> ColumnElement[bool]:
    alive = select(TicketRow.id).where(
        TicketRow.message_id == MessageRow.id,
        or_(TicketRow.closed.is_(False), TicketRow.observed_update >= start),
    )
    return (MessageRow.posted_at < end) & or_(MessageRow.posted_at >= start, alive.exists())


def _messages(session: Session, ids: Select[int]) -> tuple[MessageFact, ...]:
    rows = session.execute(
        select(MessageRow.id, MessageRow.channel, MessageRow.visibility, MessageRow.posted_at)
        .where(MessageRow.id.in_(ids))
        .order_by(MessageRow.id)
        .execution_options(yield_per=PAGE)
    )
    tickets = _tickets(session, ids)
    return tuple(
        MessageFact(message_id, channel, visibility, posted_at, tuple(tickets[message_id]))
        for message_id, channel, visibility, posted_at in rows
    )


def _tickets(session: Session, messages: Select[int]) -> Mapping[int, list[TicketEnd]]:
    """By message, the oldest first."""
    ids = select(TicketRow.id).where(TicketRow.message_id.in_(messages))
    placed = _instants(session, _finished(ids, EffectState.DONE).where(_is_final()))
    unsure = _instants(session, _finished(ids, EffectState.UNCERTAIN))
    dropped = _instants(session, _dropped(ids))
    stopped = _instants(session, _stopped(ids))
    rows = session.execute(
        select(TicketRow.id, TicketRow.message_id, TicketRow.status, TicketRow.observed_update)
        .where(TicketRow.message_id.in_(messages))
        .order_by(TicketRow.id)
        .execution_options(yield_per=PAGE)
    )
    tickets: dict[int, list[TicketEnd]] = defaultdict(list)
    for ticket_id, message_id, status, changed_at in rows:
        tickets[message_id].append(
            TicketEnd(
                id=ticket_id,
                status=status,
                placed_at=placed.get(ticket_id),
                unsure_at=unsure.get(ticket_id),
                dropped_at=dropped.get(ticket_id),
                last_stop=stopped.get(ticket_id),
                changed_at=changed_at,
            )
        )
    return tickets


def _instants(session: Session, pairs: Select[int, datetime | None]) -> Instants:
    return {ticket_id: at for ticket_id, at in session.execute(pairs) if at}


def _finished(tickets: Select[int], state: EffectState) -> Select[int, datetime | None]:
    """When a placement of each ticket first ended so."""
    return (
        select(EffectRow.ticket_id, func.min(EffectRow.finished_at))
        .where(
            EffectRow.ticket_id.in_(tickets),
            EffectRow.kind == EffectKind.PLACE_ANSWER,
            EffectRow.state == state,
        )
        .group_by(EffectRow.ticket_id)
    )


def _is_final() -> ColumnElement[bool]:
    kind = EffectRow.payload["kind"].as_string()
    return or_(kind.is_(None), kind == AnswerKind.FINAL)


def _dropped(tickets: Select[int]) -> Select[int, datetime | None]:
    """When the duties of each ticket ceased because of the status that it is in."""
    return (
        select(ClockRow.ticket_id, func.max(ClockRow.stop))
        .join(TicketRow, TicketRow.id == ClockRow.ticket_id)
        .where(
            ClockRow.ticket_id.in_(tickets),
            ClockRow.verdict == Verdict.CANCELLED,
            ClockRow.cause == TicketRow.status,
        )
        .group_by(ClockRow.ticket_id)
    )


def _stopped(tickets: Select[int]) -> Select[int, datetime | None]:
    """When the newest duty of each ticket was done."""
    return (
        select(ClockRow.ticket_id, func.max(ClockRow.stop))
        .where(
            ClockRow.ticket_id.in_(tickets),
            ClockRow.verdict.in_((Verdict.IN_TIME, Verdict.LATE)),
        )
        .group_by(ClockRow.ticket_id)
    )


def _duties(session: Session, start: datetime, end: datetime) -> tuple[Duty, ...]:
    obstacles = _obstacles(session, start, end)
    rows = session.execute(
        select(
            ClockRow.ticket_id,
            TicketRow.message_id,
            TicketRow.issue_id,
            MessageRow.channel,
            MessageRow.visibility,
            ClockRow.kind,
            ClockRow.clause,
            ClockRow.holder,
            ClockRow.policy,
            ClockRow.start,
            ClockRow.due,
            ClockRow.stop,
            ClockRow.verdict,
            ClockRow.cause,
            ClockRow.explanation,
        )
        .join(TicketRow, TicketRow.id == ClockRow.ticket_id)
        .join(MessageRow, MessageRow.id == TicketRow.message_id)
        .where(_runs_in(start, end))
        .order_by(ClockRow.id)
        .execution_options(yield_per=PAGE)
    )
    return tuple(
        Duty(
            message_id=row.message_id,
            issue_id=row.issue_id,
            channel=row.channel,
            visibility=row.visibility,
            kind=ClockKind(row.kind),
            clause=row.clause,
            holder=row.holder,
            policy=row.policy,
            start=row.start,
            due=row.due,
            stop=row.stop,
            verdict=Verdict(row.verdict) if row.verdict else None,
            cause=row.cause,
            explanation=row.explanation,
            obstacle=obstacles.get(row.ticket_id, ""),
        )
        for row in rows
    )


def _runs_in(start: datetime, end: datetime) -> ColumnElement[bool]:
    return (ClockRow.start < end) & or_(ClockRow.stop.is_(None), ClockRow.stop >= start)


def _obstacles(session: Session, start: datetime, end: datetime) -> Mapping[int, str]:
    """The newest reason, by ticket, why an answer could not be placed at once."""
    tickets = select(ClockRow.ticket_id).where(_runs_in(start, end))
    rows = session.execute(
        select(EffectRow.ticket_id, EffectRow.meaning)
        .where(
            EffectRow.ticket_id.in_(tickets),
            EffectRow.kind == EffectKind.PLACE_ANSWER,
            EffectRow.meaning != "",
        )
        .order_by(EffectRow.id)
    )
    return {ticket_id: meaning for ticket_id, meaning in rows}  # noqa: C416
