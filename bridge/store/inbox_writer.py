"""Writes arrivals for many threads: those that come during a commit share the next one.

A commit waits for the disk, and SQLite makes one at a time. Shared, one wait serves every request
that came meanwhile; still each is answered only after its own event is on the disk.
"""

import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field

from bridge.store import inbox
from bridge.store.database import Store, StoreUnavailable
from bridge.store.inbox import Arrival

MOST_IN_ONE_COMMIT = 100


@dataclass(frozen=True)
class _Request:
    """An arrival and the promise of its id."""

    arrival: Arrival
    event_id: Future[int | None] = field(default_factory=Future)


class InboxWriter:
    """The way into the inbox for the threads of one process."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: deque[_Request] = deque()
        self._turn = threading.Lock()

    def write(self, arrival: Arrival) -> int | None:
        """Return when the event is durable: its id, or None when it was there already.

        Raises `StoreUnavailable`: then the event must not be acknowledged.
        """
        request = _Request(arrival)
        self._waiting.append(request)
        with self._turn:
            # Whoever had the turn before may have written this one too.
            while not request.event_id.done():
                self._write(self._next_batch())
        return request.event_id.result()

    def _next_batch(self) -> Sequence[_Request]:
        """What waits now, the oldest first; only who has the turn takes from the queue."""
        size = min(len(self._waiting), MOST_IN_ONE_COMMIT)
        return [self._waiting.popleft() for _ in range(size)]

    def _write(self, batch: Sequence[_Request]) -> None:
        try:
            with self._store.transaction() as connection:
                ids = inbox.record_all(connection, [request.arrival for request in batch])
        except StoreUnavailable as error:
            _fail(batch, error)
        except BaseException as error:  # noqa: BLE001 - raised again by whoever asked for it
            self._isolate(batch, error)
        else:
            for request, event_id in zip(batch, ids, strict=True):
                request.event_id.set_result(event_id)

    def _isolate(self, batch: Sequence[_Request], error: BaseException) -> None:
        """An event that the database refuses must not keep the others out."""
        if len(batch) == 1:
            _fail(batch, error)
            return
        for request in batch:
            self._write([request])


def _fail(batch: Sequence[_Request], error: BaseException) -> None:
    for request in batch:
        request.event_id.set_exception(error)
