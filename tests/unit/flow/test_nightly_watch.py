"""A nightly run is due once after its hour, and until it has ended."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bridge.flow.nightly_watch import NightlyWatch, latest_occurrence
from bridge.store import nightly
from bridge.store.database import Store
from tests.store_contract.rows import NOW, new_ticket

PERM = ZoneInfo("Asia/Yekaterinburg")
BERLIN = ZoneInfo("Europe/Berlin")
TWO = time(2)
NEXT_NIGHT = datetime(2026, 11, 24, 2, tzinfo=PERM)


@pytest.fixture
def watch(store: Store) -> NightlyWatch:
    return NightlyWatch(store, TWO, PERM)


def test_a_run_is_due_from_its_hour_on(store: Store, watch: NightlyWatch) -> None:
    new_ticket(store)
    assert not watch.is_due(NEXT_NIGHT - timedelta(seconds=1))
    assert watch.is_due(NEXT_NIGHT)
    assert watch.is_due(NEXT_NIGHT + timedelta(hours=9))


def test_where_there_was_no_ticket_there_is_nothing_to_reconcile(
    store: Store, watch: NightlyWatch
) -> None:
    assert not watch.is_due(NEXT_NIGHT)
    new_ticket(store)
    assert not watch.is_due(NOW + timedelta(minutes=1))


def test_a_run_that_was_begun_tonight_is_due_until_it_has_ended(
    store: Store, watch: NightlyWatch
) -> None:
    new_ticket(store)
    later = NEXT_NIGHT + timedelta(minutes=5)
    with store.writing() as session:
        nightly.open_run(session, NOW, NEXT_NIGHT)
        run = nightly.take(session, "a", NEXT_NIGHT, later)
        assert run
    assert watch.is_due(later)
    with store.writing() as session:
        nightly.finish(session, run.id, "a", later)
    assert not watch.is_due(later)
    assert watch.is_due(NEXT_NIGHT + timedelta(days=1))


@pytest.mark.parametrize(
    ("now", "zone", "hour"),
    [
        (datetime(2026, 11, 23, 20, 59, tzinfo=UTC), PERM, datetime(2026, 11, 22, 21, tzinfo=UTC)),
        (datetime(2026, 11, 23, 21, tzinfo=UTC), PERM, datetime(2026, 11, 23, 21, tzinfo=UTC)),
        # Clocks go on to 03:00 at 02:00: the hour that is left out is the one at which they do.
        (datetime(2026, 3, 29, 12, tzinfo=UTC), BERLIN, datetime(2026, 3, 29, 1, tzinfo=UTC)),
    ],
)
def test_the_hour_is_the_offices_own(now: datetime, zone: ZoneInfo, hour: datetime) -> None:
    assert latest_occurrence(now, TWO, zone) == hour
