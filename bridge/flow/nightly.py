"""The nightly reconciliation: every open ticket against Redmine, and what differs is mended.

Every open ticket, and every closed one that changed since the last run, is read from Redmine: by
its row in a list of 100, which shows its status, assignee, fields, due date and time of change. Its
journal is read only where that could tell anything new, that is, unless the row, what the store
remembers, the policy and the calendar are as they were when the journal was read last. Lest that
trust ever be misplaced, each ticket's journal is read once in some nights all the same. So a run
costs a request for every 100 open tickets, and some for each that changed.
"""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

import structlog

from bridge.flow.looking import Looked, Looking, is_stale, is_turn
from bridge.flow.patience import Patiently
from bridge.helpdesk.port import Helpdesk, HelpdeskError, IssueRow
from bridge.sla.clocks import Clock
from bridge.store import clocks, nightly, tickets
from bridge.store.database import Store, StoreUnavailable
from bridge.store.models import (
    NightlyDifferenceRow,
    NightlyPhase,
    NightlyReadingRow,
    NightlyRunRow,
    TicketRow,
)
from bridge.store.nightly import RunLost, Tally

log = structlog.get_logger()

PAGE: Final = 100
"""Tickets compared at once: as many as one list of Redmine's has."""
LEASE: Final = timedelta(minutes=5)
"""After so long without a sign of life another process carries the run on."""
CARRIED_ON_FOR: Final = timedelta(days=1)
"""A run that did not end within this is given up: the next one looks at everything anew."""
OVERLAP: Final = timedelta(minutes=2)
"""Redmine's clock is not ours: read changes a little twice."""
_NOT_COMPARABLE: Final = (LookupError, TypeError, ValueError)


class Ending(StrEnum):
    """How a run was left."""

    FINISHED = "finished"
    PAUSED = "paused"
    """Its time was up; it is carried on at once."""
    UNFINISHED = "unfinished"
    """The helpdesk failed; the next start carries it on."""
    BUSY = "busy"
    """Another process is at it."""


@dataclass(frozen=True)
class NightlyReport:
    """What a run has found so far. `counts`: differences by cause and outcome.

    `reason` says why it has not ended, or that publishing failed; `published` is where the reports
    are. `held_until`: when a run that another process holds may be carried on at the latest.
    """

    ending: Ending
    run: int = 0
    started_at: datetime | None = None
    looked: int = 0
    read: int = 0
    differing: int = 0
    failed: int = 0
    counts: Mapping[tuple[str, str], int] = field(default_factory=dict)
    reason: str = ""
    published: tuple[str, ...] = ()
    held_until: datetime | None = None


class Progress(Protocol):
    """Whoever watches a run."""

    def expect(self, tickets: int) -> None:
        """So many tickets more are to be looked at."""

    def advance(self, tickets: int) -> None:
        """So many tickets more were looked at."""


class Unwatched:
    """Nobody watches."""

    def expect(self, tickets: int) -> None:
        """Nothing to show."""

    def advance(self, tickets: int) -> None:
        """Nothing to show."""


@dataclass
class _Run:
    """A run in this process's hands."""

    id: int
    owner: str
    started_at: datetime
    since: datetime
    phase: NightlyPhase
    reached: int


@dataclass(frozen=True)
class _Known:
    """What the store knows of a ticket, enough to tell whether its row says anything new."""

    ticket: TicketRow
    clocks: tuple[Clock, ...]
    reading: NightlyReadingRow | None


@dataclass(frozen=True)
class Nightly:
    """Runs the nightly reconciliation, as far as it gets; a later call carries it on.

    `publish` is called after a run has ended; it says where it put what.
    """

    store: Store
    helpdesk: Helpdesk
    looking: Looking
    patiently: Patiently
    reread_days: int
    publish: Callable[[datetime], Sequence[str]]
    now: Callable[[], datetime]

    def run(self, progress: Progress, until: datetime | None = None) -> NightlyReport:
        """Begin a run or carry on the one that has not ended, until all is done or time is up.

        Raises `StoreUnavailable`; the next call goes on from the last ticket that was recorded.
        """
        run = self._take()
        if run is None:
            return self._busy()
        try:
            ending = self._carry_on(run, progress, until)
        except RunLost:
            log.warning("nightly run lost", run=run.id)
            return self._busy()
        except HelpdeskError as error:
            log.warning("nightly run stopped", run=run.id, error=type(error).__name__)
            self._let_go(run, f"Redmine: {error}")
            return self._report(run.id, Ending.UNFINISHED)
        except BaseException:
            with suppress(StoreUnavailable, RunLost):
                self._let_go(run, "прервано")
            raise
        published = self._publish(run) if ending is Ending.FINISHED else ()
        return replace(self._report(run.id, ending), published=published)

    # The run

    def _take(self) -> _Run | None:
        now, owner = self.now(), uuid.uuid4().hex
        with self.store.writing() as session:
            nightly.abandon(session, now - CARRIED_ON_FOR, now)
            since = nightly.last_finished_start(session) or now - CARRIED_ON_FOR
            nightly.open_run(session, since, now)
            row = nightly.take(session, owner, now, now + LEASE)
        if row is None:
            return None
        phase = NightlyPhase(row.phase)
        return _Run(row.id, owner, row.started_at, row.since, phase, row.reached)

    def _carry_on(self, run: _Run, progress: Progress, until: datetime | None) -> Ending:
        if run.phase is NightlyPhase.OPEN:
            progress.expect(self._count_open(run.reached))
            if not self._pages(run, self._open_pages(run), progress, until):
                return self._paused(run)
            self._enter_closed(run)
        changed = self._changed_and_closed(run)
        progress.expect(len(changed))
        if not self._pages(run, _portions(changed), progress, until):
            return self._paused(run)
        with self.store.writing() as session:
            nightly.finish(session, run.id, run.owner, self.now())
        return Ending.FINISHED

    def _paused(self, run: _Run) -> Ending:
        self._let_go(run, "")
        return Ending.PAUSED

    def _let_go(self, run: _Run, reason: str) -> None:
        with self.store.writing() as session:
            nightly.pause(session, run.id, run.owner, reason)

    def _enter_closed(self, run: _Run) -> None:
        with self.store.writing() as session:
            nightly.enter(session, run.id, run.owner, NightlyPhase.CLOSED)
        run.phase, run.reached = NightlyPhase.CLOSED, 0

    def _count_open(self, after: int) -> int:
        with self.store.reading() as session:
            return nightly.count_open(session, after)

    def _open_pages(self, run: _Run) -> Iterator[Sequence[int]]:
        """Pages by the ticket's number: what is closed or made meanwhile shifts nothing."""
        while True:
            with self.store.reading() as session:
                page = tickets.open_ids(session, run.reached, PAGE)
            if not page:
                return
            yield page

    def _changed_and_closed(self, run: _Run) -> Sequence[int]:
        """Closed tickets that changed since the last run and that this one has not read."""
        stamps = self.patiently(lambda: list(self.helpdesk.changed_since(run.since - OVERLAP)))
        found: set[int] = set()
        for portion in _portions(sorted({stamp.id for stamp in stamps})):
            with self.store.reading() as session:
                found.update(nightly.closed_unread(session, run.id, portion))
        return sorted(ticket_id for ticket_id in found if ticket_id > run.reached)

    def _pages(
        self,
        run: _Run,
        pages: Iterator[Sequence[int]],
        progress: Progress,
        until: datetime | None,
    ) -> bool:
        """Look at page after page; False when time was up before the end."""
        for page in pages:
            for more in self._page(run, page):
                progress.advance(more)
                if until and self.now() >= until:
                    return False
        return True

    def _page(self, run: _Run, ticket_ids: Sequence[int]) -> Iterator[int]:
        """Look at a page; gives, each time progress was recorded, how many tickets more."""
        known = self._known(ticket_ids)
        rows = self._rows(known)
        passed = 0
        for one in known:
            if self._is_as_it_was(run, one, rows.get(one.ticket.issue_id or 0)):
                passed += 1
                continue
            self._look(run, one.ticket.id, passed)
            yield passed + 1
            passed = 0
        self._advance(run, ticket_ids[-1], Tally(looked=passed))
        yield len(ticket_ids) - len(known) + passed

    def _known(self, ticket_ids: Sequence[int]) -> Sequence[_Known]:
        with self.store.reading() as session:
            timed = clocks.of_tickets(session, ticket_ids)
            readings = nightly.readings(session, ticket_ids)
            return [
                _Known(ticket, timed[ticket.id], readings.get(ticket.id))
                for ticket in nightly.in_helpdesk(session, ticket_ids)
            ]

    def _rows(self, known: Sequence[_Known]) -> Mapping[int, IssueRow]:
        numbers = [one.ticket.issue_id for one in known if one.ticket.issue_id]
        return self.patiently(lambda: self.helpdesk.rows(numbers)) if numbers else {}

    # A ticket

    def _is_as_it_was(self, run: _Run, known: _Known, row: IssueRow | None) -> bool:
        """Whether the journal cannot tell anything new."""
        ticket, reading = known.ticket, known.reading
        if row is None or reading is None or not reading.fingerprint:
            return False
        if ticket.look_at and ticket.look_at <= self.now():
            return False
        if reading.run_id != run.id and self._is_to_be_read(run, ticket.id, reading):
            return False
        with suppress(ValueError):
            return reading.fingerprint == self.looking.fingerprint(ticket, row, known.clocks)
        return False

    def _is_to_be_read(self, run: _Run, ticket_id: int, reading: NightlyReadingRow) -> bool:
        return is_turn(ticket_id, run.started_at.date(), self.reread_days) or is_stale(
            reading.read_at, run.started_at, self.reread_days
        )

    def _look(self, run: _Run, ticket_id: int, passed: int) -> None:
        """Look at one ticket, and record it together with those passed over before it."""
        try:
            looked = self.looking.look(ticket_id)
        except _NOT_COMPARABLE as error:
            log.error("ticket not comparable", ticket=ticket_id, error=type(error).__name__)
            self._advance(run, ticket_id, Tally(looked=passed + 1, failed=1))
            return
        with self.store.writing() as session:
            listed = [
                nightly.add_difference(session, row)
                for row in self._rows_of(run, ticket_id, looked)
            ]
            tally = Tally(looked=passed + 1, read=1, differing=int(any(listed)))
            until = self.now() + LEASE
            nightly.save_reading(session, run.id, ticket_id, looked.fingerprint, self.now())
            nightly.advance(session, run.id, run.owner, ticket_id, tally, until)
        run.reached = ticket_id

    def _advance(self, run: _Run, reached: int, tally: Tally) -> None:
        with self.store.writing() as session:
            nightly.advance(session, run.id, run.owner, reached, tally, self.now() + LEASE)
        run.reached = reached

    def _rows_of(self, run: _Run, ticket_id: int, looked: Looked) -> Iterator[NightlyDifferenceRow]:
        for listed in looked.listed:
            found = listed.difference
            log.info(
                "difference",
                ticket=ticket_id,
                what=found.what,
                cause=found.cause,
                outcome=listed.outcome,
            )
            yield NightlyDifferenceRow(
                run_id=run.id,
                ticket_id=ticket_id,
                at=self.now(),
                side=found.side,
                what=found.what,
                was=found.was,
                became=found.became,
                cause=found.cause,
                outcome=listed.outcome,
            )

    # What is told

    def _publish(self, run: _Run) -> tuple[str, ...]:
        """Have reports published; a failure is said and changes nothing of what was mended."""
        try:
            return tuple(self.publish(self.now()))
        except Exception as error:  # noqa: BLE001 - the tickets are mended, whatever fails here
            log.error("reports not published", run=run.id, error=type(error).__name__)
            with self.store.writing() as session:
                nightly.note_trouble(
                    session, run.id, f"отчёты не опубликованы: {type(error).__name__}"
                )
            return ()

    def _busy(self) -> NightlyReport:
        with self.store.reading() as session:
            row = nightly.active_run(session)
        if row is None:
            return NightlyReport(Ending.BUSY)
        return replace(_report(row, Ending.BUSY), held_until=row.lease_until)

    def _report(self, run_id: int, ending: Ending) -> NightlyReport:
        with self.store.reading() as session:
            row = session.get_one(NightlyRunRow, run_id)
            counts = nightly.counts(session, run_id)
        return replace(_report(row, ending), counts=counts)


def _report(row: NightlyRunRow, ending: Ending) -> NightlyReport:
    return NightlyReport(
        ending=ending,
        run=row.id,
        started_at=row.started_at,
        looked=row.looked,
        read=row.read,
        differing=row.differing,
        failed=row.failed,
        reason=row.reason,
    )


def _portions(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), PAGE):
        yield ids[start : start + PAGE]
