"""`bridge check` tells when the nightly reconciliation does not come to its end."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bridge.findings import Finding, State
from bridge.nightly_check import check_nightly
from bridge.store import nightly
from bridge.store.database import Store
from bridge.store.nightly import Tally
from tests.store_contract.rows import NOW, new_ticket

ZONE = ZoneInfo("Asia/Yekaterinburg")


def begin(store: Store) -> int:
    with store.writing() as session:
        nightly.open_run(session, NOW, NOW)
        run = nightly.take(session, "w1", NOW, NOW + timedelta(minutes=5))
        assert run
        return run.id


def finish(store: Store, run: int, at: datetime) -> None:
    with store.writing() as session:
        nightly.advance(session, run, "w1", 1, Tally(looked=7, differing=2, failed=1), at)
        nightly.finish(session, run, "w1", at)


def checked(store: Store, after: timedelta) -> Finding:
    with store.reading() as session:
        return check_nightly(session, ZONE, NOW + after)


@pytest.mark.parametrize("hours", [1, 30])
def test_night_that_came_to_its_end_is_told_with_what_it_found(store: Store, hours: int) -> None:
    new_ticket(store)
    finish(store, begin(store), NOW + timedelta(minutes=20))

    finding = checked(store, timedelta(hours=hours))

    assert finding.state is State.OK
    assert finding.text == (
        "закончена 23.11.2026 16:50: карточек 7, с расхождениями 2, не сверено 1"
    )


def test_run_that_does_not_end_is_an_error_with_its_reason(store: Store) -> None:
    new_ticket(store)
    run = begin(store)
    with store.writing() as session:
        nightly.pause(session, run, "w1", "Redmine не отвечает")

    assert checked(store, timedelta(hours=5)).state is State.OK
    finding = checked(store, timedelta(hours=7))
    assert finding.state is State.FAIL
    assert finding.text == "начата 23.11.2026 16:30 и не закончена: Redmine не отвечает"


def test_nights_that_stay_away_are_an_error(store: Store) -> None:
    new_ticket(store)
    finish(store, begin(store), NOW)

    finding = checked(store, timedelta(hours=37))

    assert (finding.state, finding.text) == (State.FAIL, "не завершалась с 23.11.2026 16:30")


def test_new_installation_owes_no_night_yet(store: Store) -> None:
    assert checked(store, timedelta()).state is State.OK
    new_ticket(store)
    assert checked(store, timedelta(hours=12)).state is State.OK
    assert checked(store, timedelta(hours=40)).text == "не завершалась ни разу"
