"""Personal data is kept for as long as the city says, and the audit says what was forgotten."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bridge.flow import purging
from bridge.flow.purging import Purged, Purging
from bridge.retention import Retention
from bridge.store import audit
from bridge.store.audit import AuditSearch
from bridge.store.database import Store
from bridge.store.models import MessageRow
from tests.personal_rows import add_whole_message
from tests.store_contract.rows import NOW
from tests.unit.flow.desk import Watch

RETENTION = Retention(events_days=30, messages_months=12, differences_days=60, audit_months=24)


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def purging_store(store: Store) -> Store:
    with store.writing() as session:
        for number in range(1, 6):
            add_whole_message(session, number, NOW, closed=number != 5)
    return store


def run(store: Store, watch: Watch) -> Purged:
    return Purging(store=store, retention=RETENTION, now=watch).run()


def test_each_kind_is_forgotten_after_its_own_period(
    purging_store: Store, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purging, "PORTION", 2)
    assert run(purging_store, watch) == Purged(0, 0, 0, 0)
    watch.wait(days=31)
    assert run(purging_store, watch) == Purged(events=5, messages=0, differences=0, audit=0)
    watch.wait(days=30)
    assert run(purging_store, watch) == Purged(events=0, messages=0, differences=5, audit=0)
    watch.wait(days=310)
    assert run(purging_store, watch) == Purged(events=0, messages=4, differences=0, audit=0)
    with purging_store.reading() as session:
        kept = select(func.count(MessageRow.id)).where(MessageRow.erased_at.is_(None))
        assert session.scalar(kept) == 1


def test_the_audit_says_how_much_was_forgotten_and_nothing_of_whom(
    purging_store: Store, watch: Watch
) -> None:
    watch.wait(days=400)
    run(purging_store, watch)
    with purging_store.reading() as session:
        (row,) = audit.page(session, AuditSearch(), limit=10)
    assert (row.actor, row.action) == ("bridge", "purged")
    assert row.details == {"events": 5, "messages": 4, "differences": 5}


def test_the_audit_itself_is_forgotten_last(purging_store: Store, watch: Watch) -> None:
    watch.wait(days=400)
    run(purging_store, watch)
    watch.at += timedelta(days=740)
    assert run(purging_store, watch).audit == 1
