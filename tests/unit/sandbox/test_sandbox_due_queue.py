"""Background jobs run in the order they fall due, and one bad job harms no other."""

import threading
from collections.abc import Iterator

import pytest

from sandbox.due_queue import DueQueue


@pytest.fixture
def queue() -> Iterator[DueQueue]:
    queue = DueQueue(threading.RLock(), threads=1)
    yield queue
    queue.close()


def test_jobs_run_by_due_time_then_in_the_order_put(queue: DueQueue) -> None:
    ran: list[str] = []
    queue.put(lambda: ran.append("later"), delay=0.02)
    queue.put(lambda: ran.append("first"))
    queue.put(lambda: ran.append("second"))
    queue.start()

    assert queue.settle(timeout=5)
    assert ran == ["first", "second", "later"]


def test_a_failing_job_does_not_stop_the_next(
    queue: DueQueue, caplog: pytest.LogCaptureFixture
) -> None:
    done = threading.Event()
    queue.put(lambda: [][0])
    queue.put(done.set)
    queue.start()

    assert done.wait(timeout=5)
    assert "A background job failed" in caplog.text


def test_cleared_jobs_never_run(queue: DueQueue) -> None:
    ran: list[str] = []
    queue.put(lambda: ran.append("cleared"))
    queue.clear()
    queue.put(lambda: ran.append("kept"))
    queue.start()

    assert queue.settle(timeout=5)
    assert ran == ["kept"]


def test_settle_says_when_work_is_left(queue: DueQueue) -> None:
    queue.put(lambda: None, delay=60)
    queue.start()

    assert not queue.settle(timeout=0.01)
