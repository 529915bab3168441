"""Nightly runs: at most one that has not ended, how far it came, and what it found and read."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session

from bridge.store.insertion import insert_into
from bridge.store.models import (
    NightlyDifferenceRow,
    NightlyPhase,
    NightlyReadingRow,
    NightlyRunRow,
    Outcome,
    TicketRow,
)


class RunLost(Exception):
    """Another process carries the run on: what this one was about to record is void."""


@dataclass(frozen=True)
class Tally:
    """What is added to a run's counters."""

    looked: int = 0
    read: int = 0
    differing: int = 0
    failed: int = 0


def open_run(session: Session, since: datetime, now: datetime) -> None:
    """Begin a run unless there is one that has not ended."""
    insertion = insert_into(session, NightlyRunRow).values(
        active=True,
        started_at=now,
        since=since,
        phase=NightlyPhase.OPEN,
        reached=0,
        looked=0,
        read=0,
        differing=0,
        failed=0,
        reason="",
    )
    session.execute(insertion.on_conflict_do_nothing(index_elements=[NightlyRunRow.active]))


def abandon(session: Session, begun_before: datetime, now: datetime) -> None:
    """Give up a run that has not ended, is too old to be carried on, and that nobody works at."""
    session.execute(
        update(NightlyRunRow)
        .where(
            NightlyRunRow.active.is_(True), NightlyRunRow.started_at < begun_before, _is_free(now)
        )
        .values(active=None, lease_owner=None, lease_until=None)
    )


def take(session: Session, owner: str, now: datetime, until: datetime) -> NightlyRunRow | None:
    """Take the lease of the run that has not ended; None when another process holds it."""
    taken = session.scalars(
        update(NightlyRunRow)
        .where(NightlyRunRow.active.is_(True), _is_free(now))
        .values(lease_owner=owner, lease_until=until)
        .returning(NightlyRunRow)
    )
    return taken.one_or_none()


def active_run(session: Session) -> NightlyRunRow | None:
    """The run that has not ended, if any."""
    return session.scalars(
        select(NightlyRunRow).where(NightlyRunRow.active.is_(True))
    ).one_or_none()


def latest(session: Session) -> NightlyRunRow | None:
    """The run that began last."""
    return session.scalars(
        select(NightlyRunRow).order_by(NightlyRunRow.id.desc()).limit(1)
    ).one_or_none()


def last_finished_start(session: Session) -> datetime | None:
    """When the last run began of those that came to their end."""
    run = last_finished(session)
    return run.started_at if run else None


def last_finished(session: Session) -> NightlyRunRow | None:
    """The last run of those that came to their end."""
    return session.scalars(
        select(NightlyRunRow)
        .where(NightlyRunRow.finished_at.is_not(None))
        .order_by(NightlyRunRow.id.desc())
        .limit(1)
    ).one_or_none()


def advance(
    session: Session, run_id: int, owner: str, reached: int, tally: Tally, until: datetime
) -> None:
    """Record how far the phase came, count, and hold the run until then.

    Raises `RunLost`, which rolls the transaction back.
    """
    row = NightlyRunRow
    counters = {
        "looked": row.looked + tally.looked,
        "read": row.read + tally.read,
        "differing": row.differing + tally.differing,
        "failed": row.failed + tally.failed,
    }
    _change(session, run_id, owner, {"reached": reached, "lease_until": until, **counters})


def enter(session: Session, run_id: int, owner: str, phase: NightlyPhase) -> None:
    """Go on to a phase, from its beginning. Raises `RunLost`."""
    _change(session, run_id, owner, {"phase": phase, "reached": 0})


def pause(session: Session, run_id: int, owner: str, reason: str) -> None:
    """Let go of a run that has not ended, and say why, if there is a reason."""
    _change(session, run_id, owner, {"reason": reason, "lease_owner": None, "lease_until": None})


def finish(session: Session, run_id: int, owner: str, now: datetime) -> None:
    """End the run. Raises `RunLost`."""
    ended = {"active": None, "finished_at": now, "reason": ""}
    _change(session, run_id, owner, {**ended, "lease_owner": None, "lease_until": None})


def note_trouble(session: Session, run_id: int, reason: str) -> None:
    """Say what did not work after the run had ended."""
    session.execute(update(NightlyRunRow).where(NightlyRunRow.id == run_id).values(reason=reason))


def add_difference(session: Session, difference: NightlyDifferenceRow) -> bool:
    """List it; False when it stayed as an earlier run had listed it already."""
    if difference.outcome != Outcome.MENDED and _is_listed(session, difference):
        return False
    session.add(difference)
    return True


def differences(
    session: Session, run_id: int, after: int, limit: int
) -> Sequence[NightlyDifferenceRow]:
    """What a run found, in order: a page of those with an id above `after`."""
    return session.scalars(
        select(NightlyDifferenceRow)
        .where(NightlyDifferenceRow.run_id == run_id, NightlyDifferenceRow.id > after)
        .order_by(NightlyDifferenceRow.id)
        .limit(limit)
    ).all()


def counts(session: Session, run_id: int) -> Mapping[tuple[str, str], int]:
    """How many differences a run found, by cause and outcome."""
    row = NightlyDifferenceRow
    rows = session.execute(
        select(row.cause, row.outcome, func.count())
        .where(row.run_id == run_id)
        .group_by(row.cause, row.outcome)
    )
    return {(cause, outcome): count for cause, outcome, count in rows}


def save_reading(
    session: Session, run_id: int, ticket_id: int, fingerprint: str, now: datetime
) -> None:
    """Remember that a ticket was read with its journal, and what it was like."""
    insertion = insert_into(session, NightlyReadingRow).values(
        ticket_id=ticket_id, run_id=run_id, read_at=now, fingerprint=fingerprint
    )
    session.execute(
        insertion.on_conflict_do_update(
            index_elements=[NightlyReadingRow.ticket_id],
            set_={"run_id": run_id, "read_at": now, "fingerprint": fingerprint},
        )
    )


def readings(session: Session, ticket_ids: Collection[int]) -> Mapping[int, NightlyReadingRow]:
    """The tickets' last readings, by ticket; without those that were never read."""
    rows = session.scalars(
        select(NightlyReadingRow).where(NightlyReadingRow.ticket_id.in_(ticket_ids))
    )
    return {row.ticket_id: row for row in rows}


def in_helpdesk(session: Session, ticket_ids: Collection[int]) -> Sequence[TicketRow]:
    """Those of the tickets that have an issue, in order."""
    return session.scalars(
        select(TicketRow)
        .where(TicketRow.id.in_(ticket_ids), TicketRow.issue_id.is_not(None))
        .order_by(TicketRow.id)
    ).all()


def closed_unread(session: Session, run_id: int, issue_ids: Collection[int]) -> Sequence[int]:
    """Closed tickets among the issues that the run has not read."""
    read = select(NightlyReadingRow.ticket_id).where(NightlyReadingRow.run_id == run_id)
    return session.scalars(
        select(TicketRow.id).where(
            TicketRow.closed, TicketRow.issue_id.in_(issue_ids), TicketRow.id.not_in(read)
        )
    ).all()


def count_open(session: Session, after: int) -> int:
    """How many open tickets there are with an id above `after`."""
    counted = select(func.count(TicketRow.id)).where(
        TicketRow.closed.is_(False), TicketRow.id > after
    )
    return session.scalar(counted) or 0


def first_ticket_at(session: Session) -> datetime | None:
    """When the oldest ticket was made."""
    return session.scalar(select(TicketRow.created_at).order_by(TicketRow.id).limit(1))


def _is_free(now: datetime) -> ColumnElement[bool]:
    return or_(NightlyRunRow.lease_until.is_(None), NightlyRunRow.lease_until < now)


def _change(session: Session, run_id: int, owner: str, values: Mapping[str, Any]) -> None:
    changed = session.execute(
        update(NightlyRunRow)
        .where(NightlyRunRow.id == run_id, NightlyRunRow.lease_owner == owner)
        .values(**values)
        .returning(NightlyRunRow.id)
    ).scalar_one_or_none()
    if changed is None:
        raise RunLost(f"nightly run {run_id}")


def _is_listed(session: Session, difference: NightlyDifferenceRow) -> bool:
    row = NightlyDifferenceRow
    listed = select(row.id).where(
        row.ticket_id == difference.ticket_id,
        row.side == difference.side,
        row.what == difference.what,
        row.was == difference.was,
        row.became == difference.became,
        row.outcome == difference.outcome,
    )
    return session.scalars(listed.limit(1)).one_or_none() is not None


def forget_differences(session: Session, before: datetime, limit: int) -> int:
    """Remove so many differences that were found before the instant; how many."""
    old = session.scalars(
        select(NightlyDifferenceRow.id)
        .where(NightlyDifferenceRow.at < before)
        .order_by(NightlyDifferenceRow.id)
        .limit(limit)
    ).all()
    session.execute(delete(NightlyDifferenceRow).where(NightlyDifferenceRow.id.in_(old)))
    return len(old)
