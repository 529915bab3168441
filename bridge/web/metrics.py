"""`GET /metrics` for Prometheus: what this machine's processes counted, the store, the queue."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from bridge.counters import Counters
from bridge.store.database import Store
from bridge.web.store_figures import StoreFigures


class Metrics:
    """Counts what the web edge does, and tells that, the store's figures and those of `others`.

    Without `counters` of the process it has its own.
    """

    def __init__(
        self,
        store: Store,
        now: Callable[[], datetime],
        *others: Collector,
        counters: Counters | None = None,
    ) -> None:
        self._counters = counters or Counters()
        self._registry = CollectorRegistry()
        collectors: tuple[Collector, ...] = (self._counters, StoreFigures(store, now), *others)
        for collector in collectors:
            self._registry.register(collector)

    def callback(self, channel: str, outcome: str) -> None:
        """Count a callback."""
        self._counters.callback(channel, outcome)

    def webhook(self, outcome: str) -> None:
        """Count a webhook."""
        self._counters.webhook(outcome)

    def turned_away(self, excess: str) -> None:
        """Count a request that was not looked at."""
        self._counters.turned_away(excess)

    def routes(self) -> Blueprint:
        """`GET /metrics`."""
        routes = Blueprint("metrics", __name__)

        @routes.get("/metrics")
        def metrics() -> Response:
            return Response(generate_latest(self._registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)

        return routes
