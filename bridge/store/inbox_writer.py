"""Writes arrivals for many threads: those that come during a commit share the next one.

A commit waits for the disk, and SQLite makes one at a time. Shared, one wait serves every request
that came meanwhile; still each is answered only after its own event is on the disk.
"""

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import timedelta
from queue import SimpleQueue

from bridge.gathering import gather
from bridge.store import inbox
from bridge.store.database import Store, StoreUnavailable
from bridge.store.inbox import Arrival

MOST_IN_ONE_COMMIT = 100
PAUSE = timedelta(milliseconds=1)
"""A commit costs the process half as much time as this even if the disk takes none: a short wait
for company lets a burst through sooner than a commit for each of the first to come."""


@dataclass(frozen=True)
class _Request:
    """An arrival and the promise of its id."""

    arrival: Arrival
    event_id: Future[int | None] = field(default_factory=Future)


class InboxWriter:
    """The way into the inbox for the threads of one process."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: SimpleQueue[_Request] = SimpleQueue()
        # It ends with the process: who still waits then has not been answered.
        threading.Thread(target=self._run, name="inbox-writer", daemon=True).start()

    def write(self, arrival: Arrival) -> int | None:
        """Return when the event is durable: its id, or None when it was there already.

        Raises `StoreUnavailable`: then the event must not be acknowledged.
        """
        return self.write_all([arrival])[0]

    def write_all(self, arrivals: Sequence[Arrival]) -> list[int | None]:
        """The same for arrivals that are acknowledged together."""
        requests = [_Request(arrival) for arrival in arrivals]
        for request in requests:
            self._waiting.put(request)
        return [request.event_id.result() for request in requests]

    def _run(self) -> None:
        while True:
            self._write(gather(self._waiting, PAUSE, MOST_IN_ONE_COMMIT))

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
