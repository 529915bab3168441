"""A ticket's clocks: what each timed duty was, when it was due, how it ended."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bridge.sla.alarm import SILENT, Alarm
from bridge.sla.deadlines import Deadline, deadline
from bridge.sla.policy import ClockKind, ClockRule, Importance, Policy
from bridge.sla.readings import Readings
from bridge.sla.service_time import ServiceCalendar

CURATOR = "curator"
"""Holder of the clocks that run for the curator."""


class Verdict(StrEnum):
    """How a clock ended."""

    IN_TIME = "in_time"
    LATE = "late"
    CANCELLED = "cancelled"
    """The duty ceased (misrouted, withdrawn …); `Clock.cause` says why."""


@dataclass(frozen=True)
class Clock:
    """One timed duty. With a verdict it is history and nothing changes it (reading 1).

    `key` is the kind and the round (`answer:1`), `holder` a department's key or `curator`. `cause`
    is why it ended without being done; of a revision's clock, until then, the clause of the reason
    why the answer was sent back (`3.7.2`), by which reports count.
    Instants are UTC. `alarm` matters while the clock runs only, and is not stored with it.
    """

    key: str
    kind: ClockKind
    clause: str
    holder: str
    start: datetime
    due: datetime
    explanation: str
    policy: str
    policy_version: str
    calendar_version: str
    stop: datetime | None = None
    verdict: Verdict | None = None
    cause: str = ""
    alarm: Alarm = field(default=SILENT, compare=False)

    @property
    def running(self) -> bool:
        """Whether the duty is still open; an overdue clock runs on until it stops (reading 2)."""
        return self.verdict is None

    def overdue(self, now: datetime) -> bool:
        """Whether the duty was, or by now is, not done in time."""
        if self.verdict is None:
            return now > self.due
        return self.verdict is Verdict.LATE


def stopped(clock: Clock, at: datetime, readings: Readings) -> Clock:
    """The clock, ended at `at`; exactly at the due instant by default is in time (reading 2)."""
    at_due = at == clock.due and readings.at_the_due_instant == "in_time"
    verdict = Verdict.IN_TIME if at < clock.due or at_due else Verdict.LATE
    return replace(clock, stop=at, verdict=verdict)


def cancelled(clock: Clock, at: datetime, cause: str) -> Clock:
    """The clock, ended because its duty ceased: never a breach (reading 8)."""
    return replace(clock, stop=at, verdict=Verdict.CANCELLED, cause=cause)


def retimed(clock: Clock, term: Deadline) -> Clock:
    """The clock under another term: its start stays (reading 3)."""
    return replace(
        clock,
        clause=term.clause,
        due=term.due,
        explanation=term.explanation,
        alarm=term.alarm,
    )


def latest(clocks: tuple[Clock, ...], *kinds: ClockKind) -> Clock | None:
    """The last begun of these kinds that was not cancelled."""
    valid = [
        clock for clock in clocks if clock.kind in kinds and clock.verdict is not Verdict.CANCELLED
    ]
    return valid[-1] if valid else None


class ClockBoard:
    """The clocks of one ticket while its timeline is read from the beginning."""

    def __init__(
        self,
        policy: Policy,
        calendar: ServiceCalendar,
        importance: Importance = Importance.NORMAL,
    ) -> None:
        self._policy = policy
        self._importance = importance
        self._calendar = calendar
        self._clocks: dict[str, Clock] = {}

    @property
    def clocks(self) -> tuple[Clock, ...]:
        """Every clock so far, in the order of their starts."""
        return tuple(self._clocks.values())

    def start(self, rule: ClockRule | None, at: datetime, holder: str, cause: str = "") -> None:
        """Start a clock by its rule; a policy without the rule has no such clock."""
        if rule is None:
            return
        self.open(deadline(rule, at, self._calendar, self._importance), holder, cause)

    def open(self, term: Deadline, holder: str, cause: str = "") -> None:
        """Start a clock whose term is known already."""
        clock = replace(self._clock(term, holder), cause=cause)
        self._clocks[clock.key] = clock

    def drop(self, kind: ClockKind) -> None:
        """Take the running clock of this kind away, as if it had not been started."""
        for clock in self._running((kind,)):
            del self._clocks[clock.key]

    def retime(self, kind: ClockKind, term: Deadline) -> None:
        """Put the running clock of this kind under another term."""
        for clock in self._running((kind,)):
            self._clocks[clock.key] = retimed(clock, term)

    def stop(self, at: datetime, *kinds: ClockKind) -> None:
        """Stop the running clocks of these kinds."""
        for clock in self._running(kinds):
            self._clocks[clock.key] = stopped(clock, at, self._policy.readings)

    def cancel(self, at: datetime, cause: str, *kinds: ClockKind) -> None:
        """Cancel the running clocks of these kinds."""
        for clock in self._running(kinds):
            self._clocks[clock.key] = cancelled(clock, at, cause)

    def running(self, kind: ClockKind) -> Clock | None:
        """The clock of this kind that runs; there is at most one."""
        return next(iter(self._running((kind,))), None)

    def is_running(self, *kinds: ClockKind) -> bool:
        """Whether a clock of one of these kinds runs."""
        return bool(self._running(kinds))

    def _running(self, kinds: tuple[ClockKind, ...]) -> list[Clock]:
        return [clock for clock in self.clocks if clock.running and clock.kind in kinds]

    def _clock(self, term: Deadline, holder: str) -> Clock:
        number = sum(clock.kind is term.clock for clock in self.clocks) + 1
        return Clock(
            key=f"{term.clock}:{number}",
            kind=term.clock,
            clause=term.clause,
            holder=holder,
            start=term.start,
            due=term.due,
            explanation=term.explanation,
            policy=self._policy.key,
            policy_version=self._policy.version,
            calendar_version=self._calendar.version,
            alarm=term.alarm,
        )
