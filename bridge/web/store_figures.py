"""The store's figures as Prometheus knows them: their names, labels and what each means."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bridge.store import clock_figures, figures, placement_figures, watch_figures
from bridge.store.database import Store, StoreUnavailable
from bridge.store.figures import Figures

log = structlog.get_logger()

AT_ONCE: Final = timedelta(seconds=5)
"""For figures that cost next to nothing, however much there is in the store."""
NOW_AND_THEN: Final = timedelta(minutes=1)
"""For those that count all there ever was."""


@dataclass(frozen=True)
class StoreFigure:
    """One figure; it is read anew when what was read is older than `keep`."""

    name: str
    text: str
    labels: tuple[str, ...]
    read: Callable[[Session, datetime], Figures]
    keep: timedelta = AT_ONCE


STORE_FIGURES: Final = (
    StoreFigure("bridge_inbox_events", "Events by state", ("state",), figures.events, NOW_AND_THEN),
    StoreFigure(
        "bridge_inbox_arrivals", "Events by source", ("source",), figures.arrivals, NOW_AND_THEN
    ),
    StoreFigure(
        "bridge_inbox_last_arrival_seconds",
        "Time since each source was heard last",
        ("source",),
        figures.last_arrivals,
        NOW_AND_THEN,
    ),
    StoreFigure(
        "bridge_inbox_oldest_waiting_seconds",
        "How long the oldest event waits to be processed",
        (),
        figures.oldest_waiting,
    ),
    StoreFigure(
        "bridge_detection_lag_seconds",
        "Longest time from posting to arrival among the last hour's messages",
        ("channel",),
        figures.lags,
    ),
    StoreFigure(
        "bridge_source_silent",
        "Sources that are silent for longer than usual",
        ("source",),
        watch_figures.silent_sources,
    ),
    StoreFigure(
        "bridge_outbox_effects", "Effects by state", ("state",), figures.effects, NOW_AND_THEN
    ),
    StoreFigure(
        "bridge_placements",
        "Parts of answers by the channel they go to, and by state",
        ("channel", "state"),
        placement_figures.placements,
        NOW_AND_THEN,
    ),
    StoreFigure(
        "bridge_unplaced_answers",
        "Newest answers of open tickets that are not, or not surely, placed",
        ("channel", "state"),
        placement_figures.unplaced_answers,
    ),
    StoreFigure("bridge_tickets", "Tickets by open or closed", ("state",), figures.tickets),
    StoreFigure("bridge_open_tickets", "Open tickets by status", ("status",), figures.open_tickets),
    StoreFigure(
        "bridge_tickets_needing_attention",
        "Tickets whose last reconciliation did not do all it should",
        (),
        figures.attention,
    ),
    StoreFigure("bridge_attachments", "Citizens' files by state", ("state",), figures.attachments),
    StoreFigure("bridge_running_clocks", "Running clocks", ("kind",), clock_figures.running),
    StoreFigure(
        "bridge_overdue_clocks", "Running, overdue clocks", ("kind",), clock_figures.overdue
    ),
    StoreFigure(
        "bridge_clock_verdicts",
        "Clocks that have ended",
        ("kind", "holder", "clause", "verdict"),
        clock_figures.verdicts,
        NOW_AND_THEN,
    ),
    StoreFigure(
        "bridge_sweep_repairs",
        "Changes that no webhook announced and the sweep found",
        (),
        figures.repairs,
    ),
    StoreFigure(
        "bridge_channel_held",
        "Channels that must not be used now",
        ("channel", "condition"),
        watch_figures.held_channels,
    ),
    StoreFigure(
        "bridge_poll_failing_seconds",
        "Time since when each poll fails, 0 for those that do not",
        ("channel", "poll"),
        watch_figures.failing_polls,
    ),
    StoreFigure(
        "bridge_poll_last_look_seconds",
        "Time since each poll last succeeded",
        ("channel", "poll"),
        watch_figures.last_looks,
    ),
    StoreFigure(
        "bridge_nightly_finished_seconds",
        "Time since a nightly run last came to its end",
        (),
        watch_figures.nightly_finished,
    ),
    StoreFigure(
        "bridge_nightly_running_seconds",
        "Time since the nightly run began that has not ended, 0 without one",
        (),
        watch_figures.nightly_running,
    ),
    StoreFigure(
        "bridge_nightly_tickets",
        "Tickets of the last finished nightly run",
        ("outcome",),
        watch_figures.nightly_tickets,
    ),
    StoreFigure(
        "bridge_nightly_differences",
        "Differences that the last finished nightly run found",
        ("cause", "outcome"),
        watch_figures.nightly_differences,
    ),
)


@dataclass(frozen=True)
class _Reading:
    values: Figures
    at: datetime


class StoreFigures:
    """Reads the figures when they are asked for, and keeps them for a little while."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._lock = threading.Lock()
        self._readings: dict[str, _Reading] = {}

    def collect(self) -> Iterator[Metric]:
        """All of them; of a store that cannot be read, nothing but that it cannot."""
        up = GaugeMetricFamily("bridge_store_up", "Whether the store can be read")
        readings: dict[str, _Reading] = {}
        try:
            readings = self._read()
        except (StoreUnavailable, SQLAlchemyError) as error:
            log.warning("figures not read", error=type(error).__name__)
        up.add_metric((), 1.0 if readings else 0.0)
        yield up
        for figure in STORE_FIGURES:
            family = GaugeMetricFamily(figure.name, figure.text, labels=figure.labels)
            if figure.name in readings:
                for labels, value in readings[figure.name].values.items():
                    family.add_metric(labels, value)
            yield family

    def _read(self) -> dict[str, _Reading]:
        """One at a time: whoever comes meanwhile gets what the first has read."""
        with self._lock:
            now = self._now()
            due = [figure for figure in STORE_FIGURES if self._is_due(figure, now)]
            if due:
                self._readings |= self._read_anew(due, now)
            return dict(self._readings)

    def _is_due(self, figure: StoreFigure, now: datetime) -> bool:
        reading = self._readings.get(figure.name)
        return reading is None or not reading.at <= now < reading.at + figure.keep

    def _read_anew(self, due: list[StoreFigure], now: datetime) -> dict[str, _Reading]:
        with self._store.reading() as session:
            return {figure.name: _Reading(figure.read(session, now), now) for figure in due}
