"""Arrivals of many threads share commits; none is told to be safe before it is."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError

from bridge.store import database
from bridge.store.database import Store, StoreUnavailable
from bridge.store.inbox import Arrival
from bridge.store.inbox_writer import InboxWriter

THREADS = 8


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bridge.db"


@pytest.fixture
def writer(store: Store) -> InboxWriter:
    return InboxWriter(store)


@pytest.fixture
def impatient_writer(store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[InboxWriter]:
    """Gives up soon when the store, which is there, is locked."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    with closing(Store(str(store.engine.url))) as impatient:
        yield InboxWriter(impatient)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(THREADS) as pool:
        yield pool


def arrival(external_id: str = "e-1") -> Arrival:
    return Arrival("page", external_id, "wall_reply_new", b"{}", datetime.now(UTC))


def stored(file: Path) -> list[str]:
    """What another process sees on the disk."""
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute("SELECT external_id FROM inbox_event ORDER BY id")
        return [external_id for (external_id,) in rows]


def slow_disk(store: Store) -> list[float]:
    """Make each transaction take long enough for others to come; the list grows with each."""
    begun: list[float] = []

    def begin(_connection: object) -> None:
        begun.append(time.monotonic())
        time.sleep(0.01)

    event.listen(store.engine, "begin", begin)
    return begun


@contextmanager
def locked(file: Path) -> Iterator[None]:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


def write_all(
    pool: ThreadPoolExecutor, writer: InboxWriter, arrivals: Sequence[Arrival]
) -> list[Future[int | None]]:
    return [pool.submit(writer.write, one) for one in arrivals]


def test_event_is_on_the_disk_when_write_returns(writer: InboxWriter, file: Path) -> None:
    assert writer.write(arrival("e-1")) is not None

    assert stored(file) == ["e-1"]


def test_write_does_not_return_before_the_commit(
    store: Store, writer: InboxWriter, file: Path, pool: ThreadPoolExecutor
) -> None:
    reached, go_on = threading.Event(), threading.Event()

    @event.listens_for(store.engine, "commit")
    def commit(_connection: object) -> None:
        reached.set()
        go_on.wait(5)

    (writing,) = write_all(pool, writer, [arrival("e-1")])
    assert reached.wait(5)
    assert not writing.done()
    assert stored(file) == []
    go_on.set()

    assert writing.result(5) is not None
    assert stored(file) == ["e-1"]


def test_repeated_event_is_not_stored_again(writer: InboxWriter, file: Path) -> None:
    writer.write(arrival("e-1"))

    assert writer.write(arrival("e-1")) is None
    assert stored(file) == ["e-1"]


@pytest.mark.scenario(21)
def test_event_that_comes_by_all_threads_at_once_is_new_to_one_of_them(
    store: Store, writer: InboxWriter, file: Path, pool: ThreadPoolExecutor
) -> None:
    slow_disk(store)

    results = [one.result(10) for one in write_all(pool, writer, [arrival("e-1")] * THREADS)]

    assert len([event_id for event_id in results if event_id is not None]) == 1
    assert stored(file) == ["e-1"]


def test_events_that_come_one_after_another_keep_their_order(writer: InboxWriter) -> None:
    ids = [writer.write(arrival(external_id)) for external_id in ("z", "m", "a")]

    assert ids == sorted(cast(list[int], ids))


def test_concurrent_events_share_commits_and_each_gets_its_own_id(
    store: Store, writer: InboxWriter, file: Path, pool: ThreadPoolExecutor
) -> None:
    begun = slow_disk(store)
    arrivals = [arrival(f"e-{number}") for number in range(THREADS * 10)]

    ids = [one.result(10) for one in write_all(pool, writer, arrivals)]

    assert len(begun) < len(arrivals) / 2
    with closing(sqlite3.connect(file)) as connection:
        rows = dict(connection.execute("SELECT external_id, id FROM inbox_event"))
    assert [rows[one.external_id] for one in arrivals] == ids


def test_store_that_is_down_is_told_to_every_waiting_thread(
    file: Path, impatient_writer: InboxWriter, pool: ThreadPoolExecutor
) -> None:
    arrivals = [arrival(f"e-{number}") for number in range(THREADS)]
    with locked(file):
        failures = [one.exception(10) for one in write_all(pool, impatient_writer, arrivals)]

    assert [type(failure) for failure in failures] == [StoreUnavailable] * THREADS
    assert stored(file) == []


def test_writing_goes_on_after_the_store_was_down(
    file: Path, impatient_writer: InboxWriter
) -> None:
    with locked(file), pytest.raises(StoreUnavailable):
        impatient_writer.write(arrival("e-1"))

    assert impatient_writer.write(arrival("e-1")) is not None


@pytest.mark.parametrize("position", [0, THREADS - 1])
def test_event_that_the_database_refuses_keeps_no_other_out(
    store: Store, writer: InboxWriter, file: Path, pool: ThreadPoolExecutor, position: int
) -> None:
    slow_disk(store)
    arrivals = [arrival(f"e-{number}") for number in range(THREADS)]
    arrivals[position] = replace(arrivals[position], kind=cast(str, None))

    futures = write_all(pool, writer, arrivals)

    refused = futures.pop(position)
    assert isinstance(refused.exception(10), IntegrityError)
    assert all(one.result(10) is not None for one in futures)
    assert len(stored(file)) == THREADS - 1


def test_failure_of_any_kind_reaches_the_caller(
    store: Store, writer: InboxWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> Callable[[], None]:
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "transaction", broken)

    with pytest.raises(KeyboardInterrupt):
        writer.write(arrival())
