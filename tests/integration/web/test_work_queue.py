"""Hints on a real Redis: a burst is shared out among jobs, and no Redis is no error."""

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from rq import Queue

from bridge.flow.queue import (
    EVENTS_PER_JOB,
    FILES,
    INTAKE,
    NIGHTLY,
    QUEUES,
    NightlyQueue,
    WorkQueue,
)
from bridge.flow.queue_figures import count_workers, read_queues
from bridge.process_group import await_redis, embedded_redis


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    server = subprocess.Popen(embedded_redis(tmp_path), stdout=subprocess.DEVNULL)
    try:
        await_redis(tmp_path / "redis.sock")
        with Redis(unix_socket_path=str(tmp_path / "redis.sock")) as redis:
            yield redis
    finally:
        server.terminate()
        server.wait()


def hinted(redis: Redis) -> list[list[int]]:
    return [job.args[0] for job in Queue(INTAKE, connection=redis).jobs]


def test_hint_of_one_event_is_one_job(redis: Redis) -> None:
    WorkQueue(redis).event(7)

    assert hinted(redis) == [[7]]


def test_burst_is_shared_out_among_jobs_in_its_order(redis: Redis) -> None:
    burst = list(range(EVENTS_PER_JOB * 2 + 1))

    WorkQueue(redis).events(burst)

    jobs = hinted(redis)
    assert [event_id for job in jobs for event_id in job] == burst
    assert [len(job) for job in jobs] == [EVENTS_PER_JOB, EVENTS_PER_JOB, 1]


def test_redis_that_is_down_is_no_error(tmp_path: Path) -> None:
    at_once = Retry(NoBackoff(), retries=0)
    queue = WorkQueue(Redis(unix_socket_path=str(tmp_path / "nobody.sock"), retry=at_once))

    queue.events([1, 2])
    queue.file(3)

    assert not queue.has_events()


def test_every_file_is_a_job_of_its_own_that_comes_after_messages(redis: Redis) -> None:
    queue = WorkQueue(redis)
    queue.file(5)
    queue.file(6)
    jobs = Queue(FILES, connection=redis).jobs
    assert [(job.func_name, job.args) for job in jobs] == [
        ("bridge.jobs.download", (5,)),
        ("bridge.jobs.download", (6,)),
    ]
    assert QUEUES.index(INTAKE) < QUEUES.index(FILES) < QUEUES.index(NIGHTLY)


def test_one_hint_of_the_nightly_run_waits_however_often_it_is_given(redis: Redis) -> None:
    queue = NightlyQueue(redis)
    for _ in range(3):
        queue.more(job_seconds=260)
    (job,) = Queue(NIGHTLY, connection=redis).jobs
    assert (job.func_name, job.timeout) == ("bridge.jobs.nightly", 260)


def test_figures_tell_how_much_waits_and_for_how_long(redis: Redis) -> None:
    WorkQueue(redis).events(range(EVENTS_PER_JOB + 1))

    later = datetime.now(UTC) + timedelta(minutes=5)
    waiting = {queue.name: queue for queue in read_queues(redis, later)}

    assert list(waiting) == list(QUEUES)
    assert (waiting[INTAKE].jobs, waiting[INTAKE].failed) == (2, 0)
    assert 300 <= waiting[INTAKE].oldest < 310
    assert (waiting[FILES].jobs, waiting[FILES].oldest) == (0, 0.0)
    assert count_workers(redis) == 0
