"""The inbox keeps each event once, and says how each ended."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta, timezone

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound

from bridge.store import inbox
from bridge.store.database import Store
from bridge.store.models import EventState, InboxEvent
from tests.store_contract.rows import NOW, arrival, minutes, record


class InboxContract:
    @pytest.mark.scenario(13)
    def test_an_event_that_comes_twice_is_stored_once(self, store: Store) -> None:
        assert record(store, arrival("e1")) is not None
        assert record(store, arrival("e1")) is None
        assert _count(store) == 1

    def test_events_of_two_channels_may_have_one_number(self, store: Store) -> None:
        first = record(store, arrival("e1", source="vk-head"))
        second = record(store, arrival("e1", source="vk-administration"))
        assert None not in {first, second}
        assert first != second

    def test_an_event_is_kept_as_it_came(self, store: Store) -> None:
        local = arrival(at=NOW.astimezone(timezone(timedelta(hours=5))))
        event_id = record(store, local)
        with store.reading() as session:
            event = session.get_one(InboxEvent, event_id)
        assert (event.body, event.received_at, event.state) == (
            "{«яма»}".encode(),
            NOW,
            EventState.RECEIVED,
        )
        assert event.received_at.utcoffset() == timedelta(0)

    @pytest.mark.scenario(21)
    def test_of_many_who_store_one_event_at_once_one_stores_it(self, store: Store) -> None:
        with ThreadPoolExecutor(8) as pool:
            ids = list(pool.map(lambda _: record(store, arrival("e1")), range(16)))
        assert len([id_ for id_ in ids if id_ is not None]) == 1
        assert _count(store) == 1

    def test_the_first_outcome_of_an_event_stays(self, store: Store) -> None:
        event_id = _recorded(store)
        with store.writing() as session:
            inbox.finish(session, event_id, EventState.PROCESSED, "", minutes(1))
            inbox.finish(session, event_id, EventState.UNREADABLE, "late", minutes(2))
        with store.reading() as session:
            assert inbox.outcome(session, event_id) == (EventState.PROCESSED, "")
            assert session.get_one(InboxEvent, event_id).finished_at == minutes(1)

    def test_a_reopened_event_is_processed_again(self, store: Store) -> None:
        event_id = _recorded(store)
        with store.writing() as session:
            inbox.finish(session, event_id, EventState.SET_ASIDE, "known", minutes(1))
            assert inbox.reopen(session, event_id)
            assert inbox.waiting(session, minutes(9), 10) == [event_id]
            inbox.finish(session, event_id, EventState.PROCESSED, "", minutes(2))
            assert inbox.outcome(session, event_id) == (EventState.PROCESSED, "")

    def test_an_event_that_is_not_there_cannot_be_reopened(self, store: Store) -> None:
        with store.writing() as session:
            assert not inbox.reopen(session, 404)
            with pytest.raises(NoResultFound):
                inbox.outcome(session, 404)

    def test_what_waits_longest_comes_first_and_fresh_events_are_left_alone(
        self, store: Store
    ) -> None:
        third = _recorded(store, "c", 3)
        first = _recorded(store, "a", 1)
        second = _recorded(store, "b", 2)
        done = _recorded(store, "d", 0)
        with store.writing() as session:
            inbox.finish(session, done, EventState.PROCESSED, "", minutes(1))
            assert inbox.waiting(session, minutes(3), 10) == [first, second]
            assert inbox.waiting(session, minutes(4), 10) == [first, second, third]
            assert inbox.waiting(session, minutes(4), 1) == [first]


def _recorded(store: Store, external_id: str = "e1", at: float = 0) -> int:
    event_id = record(store, arrival(external_id, at=minutes(at)))
    assert event_id is not None
    return event_id


def _count(store: Store) -> int:
    with store.reading() as session:
        return session.scalars(select(func.count(InboxEvent.id))).one()
