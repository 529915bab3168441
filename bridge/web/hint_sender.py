"""Gives hints of events after the answer: no sender waits for Redis."""

import atexit
import threading
import time
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue

import structlog

log = structlog.get_logger()

MOST_AT_ONCE = 500
GATHER_SECONDS = 0.01
"""Told one by one, a burst would cost the web process more for its hints than for its answers."""
_STOP_SECONDS = 5.0


class HintSender:
    """Hands event ids to `send` from a thread of its own, together those that came meanwhile.

    What it holds is lost when the process is killed: the sweep gives those hints again.
    """

    def __init__(self, send: Callable[[Sequence[int]], None]) -> None:
        self._send = send
        self._ids: SimpleQueue[int | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="hint-sender", daemon=True)
        self._thread.start()
        atexit.register(self.close)

    def event(self, event_id: int) -> None:
        """Have it told soon."""
        self._ids.put(event_id)

    def close(self) -> None:
        """Tell what is left, for at most five seconds, and end."""
        self._ids.put(None)
        self._thread.join(_STOP_SECONDS)

    def _run(self) -> None:
        while True:
            batch = self._next_batch()
            ids = [event_id for event_id in batch if event_id is not None]
            if ids:
                self._tell(ids)
            if len(ids) < len(batch):
                return

    def _tell(self, ids: Sequence[int]) -> None:
        try:
            self._send(ids)
        except Exception as error:  # noqa: BLE001 - the thread must outlive whatever fails
            log.error("hints not given", error=type(error).__name__, events=len(ids))

    def _next_batch(self) -> list[int | None]:
        """Wait for one, and take those that come shortly after."""
        batch = [self._ids.get()]
        time.sleep(GATHER_SECONDS)
        while len(batch) < MOST_AT_ONCE:
            try:
                batch.append(self._ids.get_nowait())
            except Empty:
                break
        return batch
