"""Looks at one ticket at night: compares it, has it reconciled, says what became of it."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import structlog

from bridge.differences import Comparison, Difference, Patience, Remembered
from bridge.flow.patience import Patiently
from bridge.flow.reconcile import Result, Trigger
from bridge.flow.recording import Recording
from bridge.helpdesk.port import Helpdesk, HelpdeskError, Issue, IssueMissing, IssueRow
from bridge.sla.clocks import Clock
from bridge.sla.effects import UpdateTicket
from bridge.sla.rules import decide
from bridge.store import clocks, inbox, outbox, tickets
from bridge.store.database import Store
from bridge.store.models import Cause, EffectState, Outcome, Side, TicketRow

log = structlog.get_logger()


@dataclass(frozen=True)
class Listed:
    """A difference and what became of it."""

    difference: Difference
    outcome: Outcome


@dataclass(frozen=True)
class Looked:
    """What a look found. `fingerprint` is empty unless all is as it should be now."""

    listed: tuple[Listed, ...]
    fingerprint: str


@dataclass(frozen=True)
class Looking:
    """Reads tickets with their journal. It finds; what mends is the reconciliation, as always.

    A ticket's fingerprint is made of all that a comparison depends on and that may change: its
    row in the helpdesk's list, what the store remembers of it, the policy and the calendar. As
    long as it stays, reading the journal again would find what it found before.
    """

    store: Store
    helpdesk: Helpdesk
    recording: Recording
    reconcile: Callable[[int, Trigger], Result]
    patience: Patience
    patiently: Patiently
    now: Callable[[], datetime]

    def fingerprint(
        self, ticket: TicketRow, shown: IssueRow | Issue, timed: Iterable[Clock]
    ) -> str:
        """The ticket as it is now; raises ValueError for a policy that is not there any more."""
        facts = [
            [shown.status, shown.department, sorted(shown.fields.items()), _iso(shown.due_date)],
            [shown.updated_at.isoformat(), ticket.status, ticket.closed, ticket.observed_journal],
            [_iso(ticket.reconciled_at), _iso(ticket.look_at), ticket.attention],
            [[clock.key, _iso(clock.due), _iso(clock.stop), clock.verdict] for clock in timed],
            [self.recording.policies.policy(ticket.policy).version],
            [self.recording.calendar.version],
        ]
        return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()

    def look(self, ticket_id: int) -> Looked:
        """Compare the ticket, mend what differs by reconciling it, and compare again.

        Raises `HelpdeskError` when the helpdesk could not be read, whatever the patience: then
        nothing was done.
        """
        try:
            before = self._compare(ticket_id)
        except IssueMissing:
            return self._missing(ticket_id)
        if before.is_settled:
            return Looked(tuple(_kept(before)), self._settled_fingerprint(ticket_id, before))
        self._try_failed_again(before)
        result = self.reconcile(ticket_id, Trigger.NIGHTLY)
        if result is Result.BUSY:
            # A worker is at it: what was seen may be half of what it does, and it looks again.
            return Looked((), "")
        after = self._compare_again(ticket_id) if result is Result.SETTLED else None
        if after is None:
            return Looked((*_kept(before), *_left(before)), "")
        fingerprint = self._settled_fingerprint(ticket_id, after) if after.is_settled else ""
        return Looked((*_kept(after), *_mended(before, after)), fingerprint)

    def _compare(self, ticket_id: int) -> Comparison:
        """The store is read before the issue: what changes in between looks like news."""
        with self.store.reading() as session:
            loaded = tickets.with_message(session, ticket_id)
            timed = clocks.of_ticket(session, ticket_id)
        if loaded is None or loaded[0].issue_id is None:
            raise LookupError(f"ticket {ticket_id} is not in the helpdesk")
        ticket, message = loaded
        issue_id = loaded[0].issue_id
        issue = self.patiently(lambda: self.helpdesk.view(issue_id))
        with self.store.reading() as session:
            case = self.recording.case(session, ticket, message, issue)
            decision = decide(case)
            keys = [effect.key for effect in decision.effects]
            effects = outbox.by_key(session, ticket_id, keys)
            news = [entry.id for entry in issue.journal if entry.id > ticket.observed_journal]
            announced = inbox.announced(session, news)
        remembered = Remembered(
            status=ticket.status,
            closed=ticket.closed,
            observed_journal=ticket.observed_journal,
            look_at=ticket.look_at,
            clocks=timed,
            effects=effects,
            announced=announced,
        )
        unfrozen = decide(replace(case, frozen={})).clocks
        return Comparison(remembered, issue, case, decision, unfrozen, self.patience)

    def _compare_again(self, ticket_id: int) -> Comparison | None:
        """None where the helpdesk is gone again: then nobody knows that it was mended."""
        try:
            return self._compare(ticket_id)
        except HelpdeskError as error:
            log.warning("mended ticket not read", ticket=ticket_id, error=type(error).__name__)
            return None

    def _settled_fingerprint(self, ticket_id: int, compared: Comparison) -> str:
        with self.store.reading() as session:
            ticket = session.get_one(TicketRow, ticket_id)
            timed = clocks.of_ticket(session, ticket_id)
        return self.fingerprint(ticket, compared.issue, timed)

    def _try_failed_again(self, compared: Comparison) -> None:
        """What Redmine did not write may be written today, once the setting behind it is mended.

        An update with a note is not tried again: the note may have been written.
        """
        wanted = compared.remembered.effects
        failed = [
            wanted[effect.key].id
            for effect in compared.decision.effects
            if isinstance(effect, UpdateTicket)
            and effect.note is None
            and effect.key in wanted
            and wanted[effect.key].state == EffectState.FAILED
        ]
        if failed:
            with self.store.writing() as session:
                outbox.try_again(session, failed, self.now())

    def _missing(self, ticket_id: int) -> Looked:
        self.reconcile(ticket_id, Trigger.NIGHTLY)
        gone = Difference(Side.HELPDESK, "issue", "", "", Cause.UNKNOWN)
        return Looked((Listed(gone, Outcome.LEFT),), "")


def is_turn(ticket_id: int, day: date, days: int) -> bool:
    """Whether the ticket is to be read on this day though nothing changed.

    Each ticket has its turn once in so many days, and about as many have it every day.
    """
    return (ticket_id + day.toordinal()) % days == 0


def is_stale(read_at: datetime, now: datetime, days: int) -> bool:
    """Whether the ticket's turn was missed, because there was no run that night."""
    return now - read_at > timedelta(days=days, hours=1)


def _kept(compared: Comparison) -> Iterator[Listed]:
    for difference in compared.differences:
        if difference.frozen:
            yield Listed(difference, Outcome.KEPT)


def _left(compared: Comparison) -> Iterator[Listed]:
    for difference in compared.differences:
        if not difference.frozen:
            yield Listed(difference, Outcome.LEFT)


def _mended(before: Comparison, after: Comparison) -> Iterator[Listed]:
    remaining = {(left.side, left.what) for left in after.differences if not left.frozen}
    for difference in before.differences:
        if not difference.frozen:
            is_left = (difference.side, difference.what) in remaining
            yield Listed(difference, Outcome.LEFT if is_left else Outcome.MENDED)


def _iso(moment: datetime | date | None) -> str:
    return moment.isoformat() if moment else ""
