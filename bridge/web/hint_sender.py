"""Gives hints of events after the answer: no sender waits for Redis."""

import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from queue import SimpleQueue

import structlog

from bridge.gathering import gather

log = structlog.get_logger()

MOST_AT_ONCE = 500
PAUSE = timedelta(milliseconds=10)
"""Told one by one, a burst would cost the web process more for its hints than for its answers."""


class HintSender:
    """Hands event ids to `send` from a thread of its own, together those that came meanwhile.

    What it holds when the process ends is lost: the sweep gives those hints again.
    """

    def __init__(self, send: Callable[[Sequence[int]], None]) -> None:
        self._send = send
        self._ids: SimpleQueue[int] = SimpleQueue()
        threading.Thread(target=self._run, name="hint-sender", daemon=True).start()

    def event(self, event_id: int) -> None:
        """Have it told soon."""
        self._ids.put(event_id)

    def _run(self) -> None:
        while True:
            self._tell(gather(self._ids, PAUSE, MOST_AT_ONCE))

    def _tell(self, ids: Sequence[int]) -> None:
        try:
            self._send(ids)
        except Exception as error:  # noqa: BLE001 - the thread must outlive whatever fails
            log.error("hints not given", error=type(error).__name__, events=len(ids))
