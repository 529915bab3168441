"""The queue's figures as Prometheus knows them."""

from collections.abc import Callable, Iterator
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


class QueueGauges:
    """Asks Redis when it is asked."""

    def __init__(self, redis: Redis, now: Callable[[], datetime]) -> None:
        self._redis = redis
        self._now = now

    def collect(self) -> Iterator[Metric]:
        """All of them; of a Redis that does not answer, nothing but that it does not."""
        queues: list[QueueFigures] = []
        workers = GaugeMetricFamily("bridge_workers", "Workers on all machines")
        try:
            queues = read_queues(self._redis, self._now())
            workers.add_metric((), count_workers(self._redis))
        except RedisError as error:
            log.warning("queue not read", error=type(error).__name__)
        answers = 1.0 if workers.samples else 0.0
        yield GaugeMetricFamily("bridge_queue_up", "Whether Redis answers", value=answers)
        yield workers
        for name, text, value in _FAMILIES:
            family = GaugeMetricFamily(name, text, labels=("queue",))
            for queue in queues:
                family.add_metric((queue.name,), value(queue))
            yield family
