"""The queue's figures as Prometheus knows them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from redis import Redis
from redis.exceptions import RedisError

from bridge.flow.queue_figures import QueueFigures, count_workers, read_queues

log = structlog.get_logger()

_FAMILIES: Final[tuple[tuple[str, str, Callable[[QueueFigures], float]], ...]] = (
    ("bridge_queue_jobs", "Jobs that wait", lambda queue: queue.jobs),
    ("bridge_queue_oldest_seconds", "How long the oldest job waits", lambda queue: queue.oldest),
    ("bridge_queue_failed_jobs", "Jobs that failed, for a day", lambda queue: queue.failed),
)


@dataclass(frozen=True)
class QueueState:
    """What Redis told. `workers` is None when it did not answer."""

    queues: Sequence[QueueFigures] = ()
    workers: int | None = None


def families(state: QueueState) -> Iterator[Metric]:
    """All figures; of a Redis that did not answer, nothing but that it did not."""
    answers = state.workers is not None
    yield GaugeMetricFamily("bridge_queue_up", "Whether Redis answers", value=float(answers))
    workers = GaugeMetricFamily("bridge_workers", "Workers on all machines", labels=())
    if state.workers is not None:
        workers.add_metric((), state.workers)
    yield workers
    for name, text, value in _FAMILIES:
        family = GaugeMetricFamily(name, text, labels=("queue",))
        for queue in state.queues:
            family.add_metric((queue.name,), value(queue))
        yield family


@dataclass(frozen=True, eq=False)
class QueueGauges:
    """Asks Redis when it is asked."""

    redis: Redis
    now: Callable[[], datetime]

    def collect(self) -> Iterator[Metric]:
        """The queue as it is now."""
        return families(self._state())

    def _state(self) -> QueueState:
        try:
            return QueueState(read_queues(self.redis, self.now()), count_workers(self.redis))
        except RedisError as error:
            log.warning("queue not read", error=type(error).__name__)
            return QueueState()
