"""Transactions hold as a whole or not at all, and instants are instants."""

from datetime import datetime

import pytest
from sqlalchemy.exc import StatementError

from bridge.store import cursors
from bridge.store.database import Store, StoreUnavailable
from tests.store_contract.rows import NOW, minutes


class DatabaseContract:
    def test_what_raises_leaves_nothing_behind(self, store: Store) -> None:
        with pytest.raises(ZeroDivisionError):
            _write_and_die(store)
        assert _cursor(store) is None

    def test_a_naive_instant_is_refused(self, store: Store) -> None:
        naive = datetime(2026, 11, 23, 16, 20)  # noqa: DTZ001
        with pytest.raises(StatementError, match="naive"), store.writing() as session:
            cursors.advance(session, "changes", naive)

    def test_a_reader_sees_the_last_commit_and_waits_for_no_writer(self, store: Store) -> None:
        with store.writing() as session:
            cursors.advance(session, "changes", minutes(1))
        with store.writing() as session:
            cursors.advance(session, "changes", minutes(2))
            session.flush()
            assert _cursor(store) == minutes(1)
        assert _cursor(store) == minutes(2)

    def test_rows_can_be_read_after_their_transaction(self, store: Store) -> None:
        with store.writing() as session:
            cursors.advance(session, "changes", NOW)
        assert _cursor(store) == NOW

    def test_a_store_without_a_free_connection_says_so(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pool = store.engine.pool
        monkeypatch.setattr(pool, "_timeout", 0.01)
        taken = [store.engine.connect() for _ in range(_capacity(store))]
        try:
            with pytest.raises(StoreUnavailable), store.reading() as session:
                cursors.read(session, "changes")
        finally:
            for connection in taken:
                connection.close()
        assert _cursor(store) is None


def _write_and_die(store: Store) -> None:
    with store.writing() as session:
        cursors.advance(session, "changes", NOW)
        raise ZeroDivisionError


def _capacity(store: Store) -> int:
    return store.engine.pool.size() + store.engine.pool._max_overflow


def _cursor(store: Store) -> datetime | None:
    with store.reading() as session:
        return cursors.read(session, "changes")
