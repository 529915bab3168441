"""A thread for each thing that is fetched, and how they end without waiting for the networks."""

import threading
import time
from collections.abc import Sequence
from datetime import timedelta

import structlog

from bridge.flow.polling import Polling, keep_looking

log = structlog.get_logger()


class PollingThreads:
    """`patience`: what a look under way may take when the process is to end.

    A look that takes longer is left behind: its lease is let go, so nothing of it can be recorded
    any more, and whoever comes next takes it again.
    """

    def __init__(self, pollings: Sequence[Polling], patience: timedelta) -> None:
        self._pollings = pollings
        self._patience = patience
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(
                target=keep_looking,
                args=(polling, self._stop),
                name=polling.poller.name,
                daemon=True,
            )
            for polling in pollings
        ]

    def run(self) -> None:
        """Look until `end` is called, by a signal's handler for instance."""
        for thread in self._threads:
            thread.start()
        self._stop.wait()
        for polling in self._pollings:
            polling.bell.ring()
        deadline = time.monotonic() + self._patience.total_seconds()
        for polling, thread in zip(self._pollings, self._threads, strict=True):
            thread.join(max(0.0, deadline - time.monotonic()))
            if thread.is_alive():
                log.info("look left behind", channel=polling.channel, poll=polling.poller.name)
                polling.leave()

    def end(self) -> None:
        """Have `run` come to its end."""
        self._stop.set()
