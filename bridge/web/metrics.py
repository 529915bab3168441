"""Figures for Prometheus: what this process counted, and what the store says of all of them."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from flask import Blueprint, Response
from prometheus_client import CollectorRegistry, Counter, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import Metric

from bridge.store.database import Store
from bridge.store.figures import read_figures


class Metrics:
    """Counts what the web edge does; the rest is read from the store when asked for."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._registry = CollectorRegistry()
        self._callbacks = Counter(
            "bridge_callbacks",
            "Callbacks of the networks by outcome",
            ("channel", "outcome"),
            registry=self._registry,
        )
        self._webhooks = Counter(
            "bridge_webhooks",
            "Webhooks of the helpdesk by outcome",
            ("outcome",),
            registry=self._registry,
        )
        self._turned_away = Counter(
            "bridge_requests_turned_away",
            "Requests that were not looked at, by what their sender did too often",
            ("excess",),
            registry=self._registry,
        )
        self._registry.register(_StoreFigures(store, now))

    def callback(self, channel: str, outcome: str) -> None:
        """Count a callback."""
        self._callbacks.labels(channel, outcome).inc()

    def webhook(self, outcome: str) -> None:
        """Count a webhook."""
        self._webhooks.labels(outcome).inc()

    def turned_away(self, excess: str) -> None:
        """Count a request that was not looked at."""
        self._turned_away.labels(excess).inc()

    def routes(self) -> Blueprint:
        """`GET /metrics`."""
        routes = Blueprint("metrics", __name__)

        @routes.get("/metrics")
        def metrics() -> Response:
            return Response(generate_latest(self._registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)

        return routes


class _StoreFigures:
    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def collect(self) -> Iterator[Metric]:
        with self._store.reading() as session:
            figures = read_figures(session, self._now())
        yield _gauge("bridge_inbox_events", "Events by state", "state", figures.events)
        yield _gauge("bridge_outbox_effects", "Effects by state", "state", figures.effects)
        yield _gauge("bridge_tickets", "Tickets by open or closed", "state", figures.tickets)
        yield _gauge("bridge_running_clocks", "Running clocks by kind", "kind", figures.clocks)
        yield _gauge("bridge_attachments", "Citizens' files by state", "state", figures.attachments)
        yield GaugeMetricFamily(
            "bridge_sweep_repairs",
            "Changes that no webhook announced and the sweep found",
            value=figures.repairs,
        )
        yield GaugeMetricFamily(
            "bridge_channels_held", "Channels paused or down", value=figures.holds
        )
        yield GaugeMetricFamily(
            "bridge_tickets_needing_attention",
            "Tickets whose last reconciliation did not do all it should",
            value=figures.attention,
        )
        yield _gauge(
            "bridge_source_silent",
            "Sources that are silent for longer than usual",
            "source",
            figures.silent,
        )
        yield _gauge(
            "bridge_detection_lag_seconds",
            "Longest time from posting to arrival among the last hour's messages",
            "channel",
            figures.lags,
        )

    def describe(self) -> Iterator[Metric]:
        """Nothing in advance: the store may not be there yet when this is registered."""
        return iter(())


def _gauge(name: str, text: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=(label,))
    for key, value in values.items():
        family.add_metric((key,), value)
    return family
