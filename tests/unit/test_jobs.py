"""What a worker does when asked: several events in a job, the nightly run in portions."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event
from types import SimpleNamespace

import pytest
from rq.timeouts import JobTimeoutException

from bridge import jobs
from bridge.bootstrap import system_clock
from bridge.commands.working import CollectedHints
from bridge.flow.nightly import Ending, NightlyReport, Progress
from bridge.settings import Settings


@dataclass
class Worker:
    """Fails at the events that it is told to fail at."""

    failures: dict[int, Exception]
    processed: list[int] = field(default_factory=list)
    hints: CollectedHints = field(default_factory=CollectedHints)
    last: int = 0
    """With this event the process is asked to end."""

    def process_event(self, event_id: int) -> None:
        self.processed.append(event_id)
        if event_id == self.last:
            jobs.ending.set()
        if event_id in self.failures:
            raise self.failures[event_id]


def employ(monkeypatch: pytest.MonkeyPatch, **failures: Exception) -> Worker:
    worker = Worker({int(name.removeprefix("event_")): why for name, why in failures.items()})
    monkeypatch.setattr(jobs, "parts", lambda: SimpleNamespace(worker=worker))
    return worker


def test_events_of_a_job_are_processed_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    worker = employ(monkeypatch)

    jobs.process_events([3, 1, 2])

    assert worker.processed == [3, 1, 2]


def test_event_that_fails_keeps_no_other_waiting_and_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    why = LookupError("unheard of")
    worker = employ(monkeypatch, event_1=why)

    with pytest.raises(ExceptionGroup) as failed:
        jobs.process_events([1, 2])

    assert worker.processed == [1, 2]
    assert failed.value.exceptions == (why,)


def test_process_that_is_to_end_finishes_its_event_and_gives_the_others_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    worker = employ(monkeypatch)
    worker.last = 2
    monkeypatch.setattr(jobs, "ending", Event())

    jobs.process_events([1, 2, 3, 4])

    assert worker.processed == [1, 2]
    assert worker.hints.event_ids == [3, 4]


def test_job_that_is_out_of_time_ends_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    worker = employ(monkeypatch, event_1=JobTimeoutException("too long"))

    with pytest.raises(JobTimeoutException):
        jobs.process_events([1, 2])

    assert worker.processed == [1]


@dataclass
class Night:
    """A nightly run that ends as told."""

    due: bool
    ending: Ending
    until: list[datetime | None] = field(default_factory=list)

    def is_due(self, _now: datetime) -> bool:
        return self.due

    def run(self, _progress: Progress, until: datetime | None) -> NightlyReport:
        self.until.append(until)
        return NightlyReport(self.ending)


def continuations(monkeypatch: pytest.MonkeyPatch, night: Night) -> list[int]:
    asked: list[int] = []
    parts = SimpleNamespace(
        nightly_watch=night, nightly=night, settings=Settings(nightly_portion_seconds=20)
    )
    monkeypatch.setattr(jobs, "parts", lambda: parts)
    monkeypatch.setattr(jobs, "connect_redis", lambda _settings: None)
    monkeypatch.setattr(
        jobs, "NightlyQueue", lambda _redis: SimpleNamespace(more=lambda limit: asked.append(limit))
    )
    jobs.nightly()
    return asked


@pytest.mark.parametrize(
    ("ending", "portions"),
    [(Ending.PAUSED, 1), (Ending.FINISHED, 0), (Ending.UNFINISHED, 0), (Ending.BUSY, 0)],
)
def test_a_nightly_run_goes_on_in_portions_until_it_ends(
    monkeypatch: pytest.MonkeyPatch, ending: Ending, portions: int
) -> None:
    assert len(continuations(monkeypatch, Night(due=True, ending=ending))) == portions


def test_a_portion_of_a_nightly_run_leaves_the_worker_free_in_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    night = Night(due=True, ending=Ending.PAUSED)
    (limit,) = continuations(monkeypatch, night)
    assert night.until[0]
    assert night.until[0] <= system_clock() + timedelta(seconds=20)
    assert limit > 20


def test_a_nightly_run_that_is_not_due_is_not_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    night = Night(due=False, ending=Ending.FINISHED)
    assert continuations(monkeypatch, night) == []
    assert night.until == []
