"""Tickets decided a second on one core: `python -m benchmarks.deciding`.

All 100,000 tickets of a large city are decided in memory, as a change of policy or calendar makes
the bridge do: a tenth each of ten histories, spread over 2026 and over the three policies.
"""

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.report import Bound, Goal, Measurement, table
from bridge.config.document import load_document
from bridge.sla.case import Case, Decision
from bridge.sla.policy import SlaSettings
from bridge.sla.rules import decide
from bridge.sla.schedule import CalendarSettings
from bridge.sla.service_time import ServiceCalendar
from bridge.sla.timeline import PlacementFact, PlacementOutcome, Status, Step, Timeline

CONFIG = Path(__file__).resolve().parent.parent / "config"
TICKETS = 100_000
DECIDED_TWICE = 1_000
GOAL = Goal(Bound.AT_MOST, 60)
FIRST = datetime(2026, 1, 12, 4, 0, tzinfo=UTC)
# Not a whole number of hours: starts fall on every minute of the week.
BETWEEN_TICKETS = timedelta(minutes=5, seconds=1)
ZONE = ZoneInfo("Asia/Yekaterinburg")
ANSWER = {"answer_text": "Яма будет засыпана до 1 декабря."}
REASON = {"revision_reason": "3.7.3 Нет ответа на все поставленные вопросы"}


@dataclass
class History:
    """A ticket's steps, each some minutes after the one before."""

    at: datetime
    steps: list[Step] = field(default_factory=list)

    def then(self, minutes: int, status: Status, **fields: str) -> "History":
        self.at += timedelta(minutes=minutes)
        before = self.steps[-1].fields if self.steps else {}
        number, changed = len(self.steps), {**before, **fields}
        self.steps.append(Step(self.at, number, number == 0, status, "roads", changed))
        return self

    def pictured(self) -> "History":
        self.steps[-1] = replace(self.steps[-1], pictures=1)
        return self


def waiting(at: datetime) -> History:
    return History(at).then(1, Status.ASSIGNED)


def answered(at: datetime) -> History:
    return waiting(at).then(10, Status.IN_PROGRESS).then(100, Status.REVIEW, **ANSWER)


def placed(at: datetime) -> History:
    return answered(at).then(10, Status.APPROVED).then(1, Status.PLACED)


def revised(at: datetime) -> History:
    history = answered(at).then(10, Status.REVISION, **REASON)
    return history.then(90, Status.REVIEW).then(9, Status.APPROVED).then(1, Status.PLACED)


def interim(at: datetime) -> History:
    until = f"{(at + timedelta(hours=20)).astimezone(ZONE):%d.%m.%Y %H:%M}"
    told = {"interim_text": "Ждём асфальт.", "interim_until": until}
    history = waiting(at).then(60, Status.INTERIM_REVIEW, **told)
    history.then(10, Status.INTERIM_APPROVED).then(1, Status.INTERIM_PLACED)
    return history.then(600, Status.REVIEW, **ANSWER).then(5, Status.APPROVED)


def photographed(at: datetime) -> History:
    history = waiting(at).then(30, Status.IN_PROGRESS, photos_required="1")
    return history.then(4000, Status.REVIEW, **ANSWER).pictured().then(9, Status.APPROVED)


def misrouted(at: datetime) -> History:
    return waiting(at).then(30, Status.MISROUTED).then(20, Status.ASSIGNED)


HISTORIES = (
    *(waiting, waiting, answered, placed, placed, placed),
    *(revised, interim, photographed, misrouted),
)


def cases(policies: SlaSettings, calendar: ServiceCalendar) -> Iterator[Case]:
    """One case a ticket, each half an hour after its last step."""
    kinds = list(policies.by_key.values())
    for number in range(TICKETS):
        arrived = FIRST + number * BETWEEN_TICKETS
        steps = HISTORIES[number % len(HISTORIES)](arrived).steps
        timeline = Timeline(arrived, tuple(steps), tuple(_placements(steps)))
        policy = kinds[number // len(HISTORIES) % len(kinds)]
        yield Case(timeline, policy, calendar, {}, None, steps[-1].at + timedelta(minutes=30))


def _placements(steps: Sequence[Step]) -> Iterator[PlacementFact]:
    for step in steps:
        if step.status is Status.APPROVED:
            text, at = step.field("answer_text"), step.at + timedelta(seconds=20)
            yield PlacementFact(
                step.journal_id, text, PlacementOutcome.PLACED, at, "https://vk.com"
            )


def timed(every: Sequence[Case]) -> tuple[list[Decision], float]:
    """What was decided, and the seconds that it took."""
    started = time.perf_counter()
    decisions = [decide(case) for case in every]
    return decisions, time.perf_counter() - started


def main() -> int:
    """Print the figures; 1 when the goal was missed."""
    policies = load_document(CONFIG / "sla.yaml", SlaSettings)
    calendar = ServiceCalendar(load_document(CONFIG / "calendar.yaml", CalendarSettings))
    every = list(cases(policies, calendar))
    decisions, seconds = timed(every)
    again, _ = timed(every[:DECIDED_TWICE])
    if decisions[:DECIDED_TWICE] != again:
        raise SystemExit("deciding twice decided something else")
    measurements = [
        Measurement("tickets decided", TICKETS / seconds, "/s"),
        Measurement(f"time for {TICKETS:,} tickets", seconds, "s", GOAL),
    ]
    print(table(measurements))
    return 1 if any(each.is_missed for each in measurements) else 0


if __name__ == "__main__":
    sys.exit(main())
