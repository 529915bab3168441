"""Opens the store: SQLite (WAL, every commit on the disk) or PostgreSQL."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

BUSY_SECONDS = 30
_WAL_PAUSE_SECONDS = 0.02
READ_ONLY = "bridge_read_only"


class StoreUnavailable(Exception):
    """The store did not take it. Nothing may be acknowledged; try again later."""


class Store:
    """The way to the database. Share one per process; it is safe for threads."""

    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction, on the disk when the block ends; rolled back when it raises.

        Raises `StoreUnavailable` when the database cannot be reached or is locked for too long.
        """
        with (
            _translated(),
            Session(self.engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """As `writing`, for plain statements: without a session it costs half the time."""
        with _translated(), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A view of one moment, which does not wait for writers."""
        with _translated(), self.engine.connect() as connection:
            reader = connection.execution_options(**{READ_ONLY: True})
            with Session(reader, expire_on_commit=False) as session:
                yield session

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """One moment of all tables, however long it is read; nobody waits for it."""
        options: dict[str, Any] = {READ_ONLY: True}
        if self.engine.dialect.name == "postgresql":
            options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with _translated(), self.engine.connect() as connection:
            yield connection.execution_options(**options)

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()


def open_engine(url: str) -> Engine:
    """An engine with the durability and the waiting that the bridge relies on."""
    if make_url(url).get_backend_name() == "sqlite":
        return _open_sqlite(url)
    return create_engine(
        url,
        pool_pre_ping=True,
        pool_size=10,
        max_overflow=10,
        pool_timeout=BUSY_SECONDS,
        connect_args={"connect_timeout": 5},
        # What a statement carried are citizens' words: they must not get into errors' texts.
        hide_parameters=True,
    )


def _open_sqlite(url: str) -> Engine:
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # The driver must not open transactions by itself: it would do so without IMMEDIATE, and
        # two writers that both read first would end in "database is locked".
        connection.isolation_level = None
        _switch_to_wal(connection)
        for pragma in ("synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        reading = connection.get_execution_options().get(READ_ONLY)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def _switch_to_wal(connection: Any) -> None:
    """Two processes that open a new file at once: SQLite refuses one without letting it wait."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(_WAL_PAUSE_SECONDS)
        else:
            return


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise StoreUnavailable(str(error.orig)) from error
    except PoolTimeout as error:
        raise StoreUnavailable("every connection is in use") from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise StoreUnavailable(str(error.orig)) from error
        raise
