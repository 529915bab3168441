"""One process at a time looks, and how far it came is kept with what it found."""

import pytest

from bridge.store import polls
from bridge.store.database import Store
from bridge.store.leases import LeaseLost
from bridge.store.models import PollRow
from bridge.store.polls import PollKey
from tests.store_contract.rows import NOW, minutes

FEED = PollKey("ok-head", "feed")


class PollsContract:
    def test_a_first_look_begins_with_nothing(self, store: Store) -> None:
        row = _acquire(store, "one")
        assert row is not None
        assert (row.state, row.looked_at, row.failures) == ({}, None, 0)

    def test_another_process_waits_until_the_lease_runs_out(self, store: Store) -> None:
        _acquire(store, "one")
        assert _acquire(store, "two", 1) is None
        assert _acquire(store, "one", 1)
        assert _acquire(store, "two", 2.6)

    def test_a_lease_that_was_let_go_is_free_at_once(self, store: Store) -> None:
        _acquire(store, "one")
        with store.writing() as session:
            polls.release(session, FEED, "two")
        assert _acquire(store, "two") is None
        with store.writing() as session:
            polls.release(session, FEED, "one")
        assert _acquire(store, "two")

    def test_where_a_look_ended_is_where_the_next_begins(self, store: Store) -> None:
        _acquire(store, "one")
        _keep(store, "one", {"anchor": "a1"})
        row = _acquire(store, "one")
        assert row is not None
        assert (row.state, row.looked_at) == ({"anchor": "a1"}, NOW)

    def test_failures_are_counted_from_the_first_and_leave_the_state(self, store: Store) -> None:
        _acquire(store, "one")
        _keep(store, "one", {"anchor": "a1"})
        for minute in (1, 2):
            with store.writing() as session:
                polls.fail(session, FEED, "one", minutes(minute), "102", "Ключ истёк.")
        row = _row(store)
        assert (row.state, row.failures) == ({"anchor": "a1"}, 2)
        assert (row.failing_since, row.code, row.meaning) == (minutes(1), "102", "Ключ истёк.")
        _keep(store, "one", {})
        row = _row(store)
        assert (row.failing_since, row.failures, row.code, row.meaning) == (None, 0, "", "")

    def test_whoever_lost_the_lease_keeps_nothing(self, store: Store) -> None:
        _acquire(store, "one")
        _acquire(store, "two", 60)
        with pytest.raises(LeaseLost):
            _keep(store, "one", {"anchor": "old"})
        assert _row(store).state == {}


def _acquire(store: Store, owner: str, minute: float = 0) -> PollRow | None:
    """A lease of a minute and a half."""
    with store.writing() as session:
        return polls.acquire(session, FEED, owner, minutes(minute), minutes(minute + 1.5))


def _keep(store: Store, owner: str, state: dict[str, str]) -> None:
    with store.writing() as session:
        polls.keep(session, FEED, owner, state, NOW)


def _row(store: Store) -> PollRow:
    with store.reading() as session:
        (row,) = polls.of_channel(session, "ok-head")
    return row
