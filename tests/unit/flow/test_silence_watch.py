"""A silent source raises one alarm, and ends it by speaking again (scenario 14)."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bridge.flow.silence_watch import SilenceWatch
from bridge.store import channel_switches, silences
from bridge.store.database import Store
from tests.store_contract.rows import NOW, arrival, record
from tests.unit.flow.desk import Watch

pytestmark = pytest.mark.scenario(14)


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def silence_watch(store: Store, watch: Watch) -> SilenceWatch:
    """Ten days with something every hour, until now."""
    for hours in range(240, -1, -1):
        record(store, arrival(f"e{hours}", at=NOW - timedelta(hours=hours)))
    return SilenceWatch(store, ["vk-head", "vk-administration"], watch)


def silent(store: Store) -> list[str]:
    with store.reading() as session:
        return [row.source for row in silences.silent(session)]


def test_the_alarm_is_raised_once_and_ends_when_the_source_is_heard(
    silence_watch: SilenceWatch, store: Store, watch: Watch
) -> None:
    with capture_logs() as told:
        silence_watch.look()
        assert silent(store) == []
        for _ in range(3):
            watch.wait(hours=2)
            silence_watch.look()
        assert silent(store) == ["vk-head"]

        record(store, arrival("again", at=watch()))
        silence_watch.look()
        assert silent(store) == []
    assert [line["event"] for line in told] == ["source is silent", "source is heard again"]


def test_a_source_that_was_never_heard_is_not_missed(
    silence_watch: SilenceWatch, store: Store, watch: Watch
) -> None:
    watch.wait(days=3)
    silence_watch.look()
    assert "vk-administration" not in silent(store)


def test_a_channel_that_is_switched_off_is_not_missed(
    silence_watch: SilenceWatch, store: Store, watch: Watch
) -> None:
    with store.writing() as session:
        channel_switches.switch_off(session, "vk-head", "ivanov", "Меняем ключи.", NOW)
    watch.wait(hours=6)
    silence_watch.look()
    assert silent(store) == []
