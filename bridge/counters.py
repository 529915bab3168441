"""What the processes of one machine count for Prometheus, kept in one folder that all share.

The library decides when it is loaded where its values are kept, by a variable of the environment:
without it they stay within the process. See `bridge.bootstrap.share_counters`, and do not import
this where that was not called yet.
https://prometheus.github.io/client_python/multiprocess/
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil
import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.metrics_core import Metric
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.multiprocess import MultiProcessCollector

from bridge.calls import Call

log = structlog.get_logger()

BUCKETS: Final = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 30.0, 60.0)
"""Seconds. The longest time limits are those of `docs/architecture.md`, "External calls"."""

_ENDED: Final = "ended"
"""In place of a process's number: what is counted there was counted by those that have ended."""
_LOCK: Final = ".lock"


class Counters:
    """Counts. Each process has one of these; those with a folder tell what all of them counted."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
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
        self._calls = Histogram(
            "bridge_external_call_seconds",
            "Calls to systems outside by outcome, and how long they took",
            ("service", "operation", "outcome"),
            buckets=BUCKETS,
            registry=self._registry,
        )

    def callback(self, channel: str, outcome: str) -> None:
        """Count a callback."""
        self._callbacks.labels(channel, outcome).inc()

    def webhook(self, outcome: str) -> None:
        """Count a webhook."""
        self._webhooks.labels(outcome).inc()

    def turned_away(self, excess: str) -> None:
        """Count a request that was not looked at."""
        self._turned_away.labels(excess).inc()

    def call(self, call: Call) -> None:
        """Count a call to a system outside."""
        labels = self._calls.labels(call.service, call.operation, call.outcome.value)
        labels.observe(call.seconds)

    def collect(self) -> Iterator[Metric]:
        """What this machine's processes counted, or this one alone where they share no folder."""
        if self._folder is None:
            yield from self._registry.collect()
        else:
            yield from SharedCounters(self._folder).collect()


@dataclass(frozen=True)
class SharedCounters:
    """What the processes that share a folder have counted."""

    folder: Path

    def collect(self) -> Iterator[Metric]:
        """All of it; nothing where the folder cannot be read."""
        try:
            with _locked(self.folder, fcntl.LOCK_SH):
                metrics = list(MultiProcessCollector(None, str(self.folder)).collect())
        except (OSError, RuntimeError, ValueError) as error:
            log.error("counters not readable", error=type(error).__name__)
            return
        yield from metrics


def add_up_ended(folder: Path) -> None:
    """Put what processes that have ended counted into one file for all of them.

    Counts stay as they are, and the folder small, however often processes are started.
    """
    with _locked(folder, fcntl.LOCK_EX):
        for file in sorted(folder.glob("*_*.db")):
            kind, _, number = file.stem.rpartition("_")
            if number.isdecimal() and not psutil.pid_exists(int(number)):
                _add(file, folder / f"{kind}_{_ENDED}.db")
                file.unlink()


def _add(file: Path, total: Path) -> None:
    sums = MmapedDict(str(total))
    try:
        for key, value, _, _ in MmapedDict.read_all_values_from_file(str(file)):
            sums.write_value(key, sums.read_value(key)[0] + value, 0.0)
    finally:
        sums.close()


@contextmanager
def _locked(folder: Path, how: int) -> Iterator[None]:
    """So that nobody reads while files are added up; processes that count need no lock."""
    with (folder / _LOCK).open("a") as lock:
        fcntl.flock(lock, how)
        yield
