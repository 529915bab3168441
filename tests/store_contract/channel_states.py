"""A channel is paused for a while, or down until somebody mends it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from bridge.store import channel_states
from bridge.store.channel_states import ChannelCondition, Hold
from bridge.store.database import Store
from tests.store_contract.rows import NOW, minutes

PAUSE = Hold("vk-head", ChannelCondition.PAUSED, NOW, minutes(5), "9", "Слишком часто.")
DOWN = Hold("vk-head", ChannelCondition.DOWN, NOW, None, "5", "Ключ отозван.")


class ChannelStatesContract:
    def test_a_channel_without_a_hold_may_be_used(self, store: Store) -> None:
        assert _hold(store) is None

    def test_a_pause_ends_by_itself(self, store: Store) -> None:
        assert _set(store, PAUSE)
        assert _hold(store, 4.9) == PAUSE
        assert _hold(store, 5) is None

    def test_a_channel_that_is_down_stays_down_until_it_is_released(self, store: Store) -> None:
        _set(store, DOWN)
        assert _hold(store, 60 * 24 * 365) == DOWN
        with store.writing() as session:
            assert channel_states.release(session, "vk-head")
            assert not channel_states.release(session, "vk-head")
        assert _hold(store) is None

    def test_the_same_trouble_again_is_no_news_and_keeps_its_beginning(self, store: Store) -> None:
        _set(store, PAUSE)
        longer = replace(PAUSE, since=minutes(5), until=minutes(10))
        assert not _set(store, longer)
        assert _hold(store, 6) == replace(longer, since=NOW)

    def test_another_trouble_is_news(self, store: Store) -> None:
        _set(store, PAUSE)
        worse = replace(DOWN, since=minutes(3))
        assert _set(store, worse)
        assert _hold(store, 4) == worse

    def test_channels_are_held_apart(self, store: Store) -> None:
        _set(store, DOWN)
        _set(store, replace(PAUSE, channel="vk-administration"))
        with store.reading() as session:
            held = {hold.channel: hold.condition for hold in channel_states.holds(session)}
        assert held == {
            "vk-head": ChannelCondition.DOWN,
            "vk-administration": ChannelCondition.PAUSED,
        }

    def test_workers_that_find_the_same_trouble_at_once_tell_it_once(self, store: Store) -> None:
        with ThreadPoolExecutor(8) as pool:
            news = list(pool.map(lambda _: _set(store, DOWN), range(8)))
        assert news.count(True) == 1


def _set(store: Store, hold: Hold) -> bool:
    with store.writing() as session:
        return channel_states.set_hold(session, hold)


def _hold(store: Store, at: float = 0) -> Hold | None:
    with store.reading() as session:
        return channel_states.hold_of(session, "vk-head", minutes(at))
