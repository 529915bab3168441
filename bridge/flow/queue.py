"""The work queue: hints that there is something to do. The store knows what; Redis may forget."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue

from bridge.flow.reconcile import Trigger

log = structlog.get_logger()

INTAKE: Final = "intake"
TICKETS: Final = "tickets"
FILES: Final = "files"
NIGHTLY: Final = "nightly"
QUEUES: Final = (TICKETS, INTAKE, FILES, NIGHTLY)
"""In the order in which workers look: an answer under a 30-minute clock before a new message, that
before its files, and the nightly reconciliation when there is nothing else."""

JOB_SECONDS: Final = 120
EVENTS_PER_JOB: Final = 8
"""Few enough for several workers to share a burst."""
FAILURE_TTL: Final = timedelta(days=1)


class EventHints(Protocol):
    """Where hints of events go."""

    def event(self, event_id: int) -> None:
        """There is an event in the inbox."""


class Hints(EventHints, Protocol):
    """Where hints go: to the queue, or straight to work."""

    def events(self, event_ids: Sequence[int]) -> None:
        """There are events in the inbox."""

    def has_events(self) -> bool:
        """Whether hints of events still wait for a worker; False where that cannot be told."""

    def file(self, attachment_id: int) -> None:
        """There is a file to be downloaded."""

    def ticket(self, ticket_id: int, trigger: Trigger) -> None:
        """There is something to look at in a ticket."""

    def ticket_at(self, ticket_id: int, at: datetime) -> None:
        """There will be, at that instant."""


class WorkQueue:
    """Hints by RQ. A hint that Redis does not take is not an error: the sweep gives it again."""

    def __init__(self, redis: Redis) -> None:
        self._intake = Queue(INTAKE, connection=redis)
        self._tickets = Queue(TICKETS, connection=redis)
        self._files = Queue(FILES, connection=redis)

    def event(self, event_id: int) -> None:
        """There is an event in the inbox."""
        self.events([event_id])

    def events(self, event_ids: Sequence[int]) -> None:
        """There are events in the inbox: some go into one job, since jobs are what costs time."""
        jobs = [
            Queue.prepare_data(
                "bridge.jobs.process_events",
                args=(some,),
                timeout=JOB_SECONDS * len(some),
                result_ttl=0,
                failure_ttl=int(FAILURE_TTL.total_seconds()),
            )
            for some in _portions(event_ids)
        ]
        try:
            self._intake.enqueue_many(jobs)
        except RedisError as error:
            log.warning("hints not queued", error=type(error).__name__, events=len(event_ids))

    def has_events(self) -> bool:
        """Whether hints of events still wait for a worker; False where Redis does not tell."""
        try:
            return not self._intake.is_empty()
        except RedisError:
            return False

    def file(self, attachment_id: int) -> None:
        """There is a file to be downloaded: a job of its own, so that nothing waits for many."""
        try:
            self._files.enqueue(
                "bridge.jobs.download",
                attachment_id,
                job_timeout=JOB_SECONDS,
                result_ttl=0,
                failure_ttl=int(FAILURE_TTL.total_seconds()),
            )
        except RedisError as error:
            log.warning("hint not queued", error=type(error).__name__)

    def ticket(self, ticket_id: int, trigger: Trigger) -> None:
        """There is something to look at in a ticket."""
        try:
            self._tickets.enqueue(
                "bridge.jobs.reconcile_ticket",
                ticket_id,
                trigger.value,
                job_timeout=JOB_SECONDS,
                result_ttl=0,
                failure_ttl=int(FAILURE_TTL.total_seconds()),
            )
        except RedisError as error:
            log.warning("hint not queued", error=type(error).__name__)

    def ticket_at(self, ticket_id: int, at: datetime) -> None:
        """There will be, at that instant; RQ's scheduler may be a second late or early."""
        try:
            self._tickets.enqueue_at(
                at,
                "bridge.jobs.reconcile_ticket",
                ticket_id,
                Trigger.TIMER.value,
                job_timeout=JOB_SECONDS,
                result_ttl=0,
                failure_ttl=int(FAILURE_TTL.total_seconds()),
            )
        except RedisError as error:
            log.warning("hint not queued", error=type(error).__name__)


@dataclass(frozen=True)
class NightlyQueue:
    """The nightly reconciliation's own queue, which workers look at last.

    It runs in portions, so that whatever comes waits for one of them at most.
    """

    redis: Redis

    def more(self, job_seconds: int) -> None:
        """There is more to do; one hint is enough, however many runs and schedules there are."""
        queue = Queue(NIGHTLY, connection=self.redis)
        try:
            if queue.is_empty():
                queue.enqueue("bridge.jobs.nightly", job_timeout=job_seconds, result_ttl=0)
        except RedisError as error:
            log.warning("hint not queued", error=type(error).__name__)


def _portions(event_ids: Sequence[int]) -> Iterator[list[int]]:
    for start in range(0, len(event_ids), EVENTS_PER_JOB):
        yield list(event_ids[start : start + EVENTS_PER_JOB])
