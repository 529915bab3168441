"""Several events are stored in one statement, and each is answered for."""

from datetime import UTC, datetime
from typing import cast

import pytest
from sqlalchemy.exc import IntegrityError

from bridge.store import inbox
from bridge.store.database import Store
from bridge.store.inbox import Arrival
from bridge.store.models import InboxEvent

NOW = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)


def arrival(external_id: str, body: bytes = b"{}") -> Arrival:
    return Arrival("page", external_id, "wall_reply_new", body, NOW)


def test_ids_come_in_the_order_of_the_arrivals(store: Store) -> None:
    arrivals = [arrival(external_id) for external_id in ("z", "a", "m")]

    with store.transaction() as connection:
        ids = inbox.record_all(connection, arrivals)

    with store.reading() as session:
        found = [session.get_one(InboxEvent, event_id).external_id for event_id in ids]
    assert found == ["z", "a", "m"]


def test_known_events_among_new_ones_have_no_id(store: Store) -> None:
    with store.transaction() as connection:
        inbox.record(connection, arrival("known"))

    with store.transaction() as connection:
        ids = inbox.record_all(connection, [arrival("new"), arrival("known"), arrival("new")])

    assert [event_id is None for event_id in ids] == [False, True, True]


def test_nothing_is_kept_of_a_transaction_that_failed(store: Store) -> None:
    arrivals = [arrival("e-1"), arrival("e-2", body=cast(bytes, None))]

    with pytest.raises(IntegrityError), store.transaction() as connection:
        inbox.record_all(connection, arrivals)

    with store.reading() as session:
        assert not inbox.has(session, "page", "e-1")
