"""How much waits in the queue, for how long, and for how many workers."""

from dataclasses import dataclass
from datetime import UTC, datetime

from redis import Redis
from rq import Queue, Worker
from rq.job import Job

from bridge.flow.queue import QUEUES


@dataclass(frozen=True)
class QueueFigures:
    """One queue now: jobs that wait, seconds since the oldest was put there, jobs that failed.

    Failed jobs are kept for a day; what they were to do, the sweep has had done meanwhile.
    """

    name: str
    jobs: int
    oldest: float
    failed: int


def read_queues(redis: Redis, now: datetime) -> list[QueueFigures]:
    """Every queue, in the order in which workers look. Raises `RedisError`."""
    queues = (Queue(name, connection=redis) for name in QUEUES)
    return [
        QueueFigures(
            queue.name,
            queue.count,
            _oldest(queue, now),
            queue.failed_job_registry.get_job_count(cleanup=False),
        )
        for queue in queues
    ]


def count_workers(redis: Redis) -> int:
    """How many workers are at it, on all machines. Raises `RedisError`."""
    return int(Worker.count(connection=redis))


def _oldest(queue: Queue, now: datetime) -> float:
    """0 where nothing waits, or what waited was taken in this moment."""
    ids = queue.get_job_ids(0, 1)
    first = Job.fetch_many(ids, connection=queue.connection)[0] if ids else None
    since = first.enqueued_at if first else None
    return max(0.0, (now - _aware(since)).total_seconds()) if since else 0.0


def _aware(instant: datetime) -> datetime:
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
