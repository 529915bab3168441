"""One job may carry several events, and each is processed whatever becomes of the others."""

from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest
from rq.timeouts import JobTimeoutException

from bridge import jobs


@dataclass
class Worker:
    """Fails at the events that it is told to fail at."""

    failures: dict[int, Exception]
    processed: list[int] = field(default_factory=list)

    def process_event(self, event_id: int) -> None:
        self.processed.append(event_id)
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


def test_job_that_is_out_of_time_ends_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    worker = employ(monkeypatch, event_1=JobTimeoutException("too long"))

    with pytest.raises(JobTimeoutException):
        jobs.process_events([1, 2])

    assert worker.processed == [1]
