"""The bridge asks VK for its events: nothing is lost and nothing is doubled, whatever VK says."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from bridge.channels import ChannelSettings
from bridge.ingest import vk_long_poll
from bridge.ingest.port import Event, MessageArrived, Polled, PollFailed
from bridge.ingest.vk import parse
from bridge.ingest.vk_long_poll import VkLongPoll
from bridge.ingest.vk_pollers import pollers
from bridge.networks.vk_check import NEEDED_EVENTS
from bridge.networks.vk_settings import Transport
from sandbox.vk.seed import ADMINISTRATION
from tests.integration.vk.conftest import OUTSIDE, without


@dataclass
class Reader:
    """A process that polls and keeps events and state, as a transaction would: both, or none."""

    channel: ChannelSettings
    state: Mapping[str, Any] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)
    poller: VkLongPoll | None = None

    def look(self) -> Polled:
        polled = self._poller().poll(self.state)
        self.state = json.loads(json.dumps(polled.state))
        for event in polled.events:
            self.events.setdefault(event.external_id, event)
        return polled

    def restart(self) -> None:
        self.poller = None

    def texts(self) -> list[str]:
        parsed = [parse(event.body, self.channel) for event in self.events.values()]
        return [each.message.text for each in parsed if isinstance(each, MessageArrived)]

    def _poller(self) -> VkLongPoll:
        if self.poller is None:
            named = {poller.name: poller for poller in pollers(self.channel, OUTSIDE)}
            poller = named["long-poll"]
            assert isinstance(poller, VkLongPoll)
            self.poller = poller
        return self.poller


@pytest.fixture
def polled(channel: ChannelSettings, monkeypatch: pytest.MonkeyPatch) -> ChannelSettings:
    """The administration's page in an office with no public address."""
    monkeypatch.setattr(vk_long_poll, "WAIT", 0)
    return without(channel, "callback", transport=Transport.LONG_POLL)


@pytest.fixture
def reader(vk: Any, polled: ChannelSettings) -> Reader:
    """A process that has found out where to ask."""
    vk.enable_long_poll(*NEEDED_EVENTS)
    reader = Reader(polled)
    reader.look()
    return reader


def trouble(vk: Any, failed: int) -> None:
    vk.write("long-poll/trouble", group_id=ADMINISTRATION.id, failed=failed)


def test_channel_that_is_called_back_is_not_polled(channel: ChannelSettings) -> None:
    assert "long-poll" not in {poller.name for poller in pollers(channel, OUTSIDE)}


def test_updates_are_events_that_are_read_like_callbacks(vk: Any, reader: Reader) -> None:
    comment = vk.citizens_comment("Снег на Ленина")
    vk.citizens_message("Куда писать?")
    vk.citizens_item_comment("topic", "Скверу быть")

    reader.look()

    assert reader.texts() == ["Снег на Ленина", "Куда писать?", "Скверу быть"]
    (first, *_) = reader.events.values()
    assert json.loads(first.body)["object"]["id"] == comment["id"]
    assert first.kind == "wall_reply_new"


@pytest.mark.scenario(13)
def test_look_that_was_cut_short_is_taken_again_with_the_same_events(
    vk: Any, reader: Reader
) -> None:
    vk.citizens_comment("Снег")
    before = reader.state
    reader.look()
    reader.state = before
    reader.restart()

    reader.look()

    assert reader.texts() == ["Снег"]


@pytest.mark.scenario(13)
def test_restarted_process_goes_on_where_the_last_one_ended(vk: Any, reader: Reader) -> None:
    vk.citizens_comment("Первое")
    reader.look()
    reader.restart()
    vk.citizens_comment("Второе")

    assert len(reader.look().events) == 1
    assert reader.texts() == ["Первое", "Второе"]


def test_history_that_is_outdated_is_gone_on_from_where_vk_says(vk: Any, reader: Reader) -> None:
    vk.citizens_comment("Пропущено")
    trouble(vk, 1)

    assert reader.look().lost
    vk.citizens_comment("Дальше")
    reader.look()
    assert reader.texts() == ["Дальше"]


def test_expired_key_costs_no_event(vk: Any, reader: Reader) -> None:
    vk.citizens_comment("До нового ключа")
    trouble(vk, 2)

    assert not reader.look().lost
    reader.look()
    assert reader.texts() == ["До нового ключа"]


@pytest.mark.scenario(14)
def test_lost_events_are_said_to_be_lost_and_the_next_ones_come(vk: Any, reader: Reader) -> None:
    vk.citizens_comment("Пропущено")
    trouble(vk, 3)

    assert reader.look().lost
    vk.citizens_comment("Дальше")
    reader.look()
    assert reader.texts() == ["Дальше"]


@pytest.mark.parametrize(
    ("kind", "fields", "code"),
    [
        ("drop_after_processing", {}, "connection"),
        ("drop_before_processing", {}, "connection"),
        ("truncated_body", {}, "connection"),
        ("http_status", {"code": 502}, "http 502"),
        ("garbage", {}, "unreadable answer"),
        ("error", {"code": 10}, "unreadable answer"),
    ],
)
def test_failed_look_loses_nothing(
    vk: Any, reader: Reader, kind: str, fields: dict[str, Any], code: str
) -> None:
    vk.citizens_comment("Снег")
    vk.fail("long_poll", kind, **fields)

    with pytest.raises(PollFailed) as raised:
        reader.look()
    assert raised.value.code == code
    assert not raised.value.down
    assert str(reader.state["key"]) not in str(raised.value)
    reader.look()
    assert reader.texts() == ["Снег"]


def test_silent_server_is_a_failed_look(
    vk: Any, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vk_long_poll, "ANSWER_TIMEOUT", 0.2)
    vk.fail("long_poll", "delay", seconds=0.5)

    with pytest.raises(PollFailed) as raised:
        reader.look()
    assert raised.value.code == "timeout"


def test_long_poll_that_is_off_says_what_to_switch_on(vk: Any, polled: ChannelSettings) -> None:
    assert vk.url
    with pytest.raises(PollFailed) as raised:
        Reader(polled).look()

    assert raised.value.down
    assert "Включите" in raised.value.meaning


def test_revoked_token_is_for_a_person(
    vk: Any, polled: ChannelSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert vk.url
    monkeypatch.setenv("TEST_VK_TOKEN", "revoked")

    with pytest.raises(PollFailed) as raised:
        Reader(polled).look()
    assert (raised.value.code, raised.value.down) == ("5", True)


@pytest.mark.parametrize("state", [{"ts": 5}, {"server": "ftp://x", "key": "k", "ts": "1"}])
def test_state_of_another_form_begins_anew(vk: Any, reader: Reader, state: dict[str, Any]) -> None:
    vk.citizens_comment("Раньше")
    reader.state = state

    reader.look()

    assert set(reader.state) == {"server", "key", "ts"}
