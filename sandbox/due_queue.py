"""Background jobs that are due after a delay, run by a few threads in the order they fall due."""

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable

Job = Callable[[], None]

_log = logging.getLogger(__name__)


class DueQueue:
    """Runs jobs by `threads` workers between `start` and `close`; jobs due at once keep order.

    The lock is the caller's: a job may be put while it is held, and runs without it.
    """

    def __init__(self, lock: threading.RLock, threads: int) -> None:
        self._changed = threading.Condition(lock)
        self._threads = threads
        self._workers: list[threading.Thread] = []
        self._heap: list[tuple[float, int, Job]] = []
        self._numbers = itertools.count()
        self._running = 0
        self._closed = False

    def start(self) -> None:
        """Start the workers: jobs put earlier begin to run."""
        for number in range(self._threads):
            worker = threading.Thread(target=self._work, name=f"due-queue-{number}", daemon=True)
            worker.start()
            self._workers.append(worker)

    def close(self) -> None:
        """Forget the waiting jobs and wait until the running ones end."""
        with self._changed:
            self._closed = True
            self._heap.clear()
            self._changed.notify_all()
        for worker in self._workers:
            worker.join()

    def put(self, job: Job, delay: float = 0.0) -> None:
        """Run `job` after `delay` seconds."""
        with self._changed:
            due = time.monotonic() + delay
            heapq.heappush(self._heap, (due, next(self._numbers), job))
            self._changed.notify()

    def clear(self) -> None:
        """Forget the waiting jobs; running ones end by themselves."""
        with self._changed:
            self._heap.clear()
            self._changed.notify_all()

    def settle(self, timeout: float) -> bool:
        """Wait until nothing waits or runs; False when that takes more than `timeout` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._heap and not self._running, timeout)

    def _work(self) -> None:
        while (job := self._next_due()) is not None:
            try:
                job()
            except Exception:  # noqa: BLE001 - one bad job must not end a worker
                _log.exception("A background job failed")
            with self._changed:
                self._running -= 1
                self._changed.notify_all()

    def _next_due(self) -> Job | None:
        with self._changed:
            while not self._closed:
                pause = self._heap[0][0] - time.monotonic() if self._heap else None
                if pause is not None and pause <= 0:
                    self._running += 1
                    return heapq.heappop(self._heap)[2]
                self._changed.wait(pause)
            return None
