"""What VK did not tell of is found by looking, each thing once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from bridge.channels import ChannelSettings
from bridge.ingest.port import Event, MessageArrived, Poller, PollFailed
from bridge.ingest.vk import parse
from bridge.ingest.vk_back_fill import COMMENTS, MESSAGES, SHOWN_OF_THREAD
from bridge.ingest.vk_pollers import pollers
from bridge.messages import Placement
from bridge.publish.vk import VkPublisher
from sandbox.vk.seed import ADMINISTRATION
from tests.integration.vk.conftest import OUTSIDE, without

WALL = ADMINISTRATION.owner_id
MOST_CALLS = 200


@dataclass
class Looks:
    """A process that looks until nothing is left, each time with a new poller."""

    channel: ChannelSettings
    name: str
    state: Mapping[str, Any] = field(default_factory=dict)
    events: dict[str, Event] = field(default_factory=dict)
    largest_state: int = 0

    def poller(self) -> Poller:
        return next(poller for poller in pollers(self.channel, OUTSIDE) if poller.name == self.name)

    def once(self) -> bool:
        polled = self.poller().poll(self.state)
        kept = json.dumps(polled.state)
        self.largest_state = max(self.largest_state, len(kept))
        self.state = json.loads(kept)
        for event in polled.events:
            self.events.setdefault(event.external_id, event)
        return polled.more

    def round(self) -> int:
        """Look until there is nothing more; the number of calls."""
        for number in range(1, MOST_CALLS):
            if not self.once():
                return number
        raise AssertionError("the round does not end")

    def texts(self) -> list[str]:
        parsed = [parse(event.body, self.channel) for event in self.events.values()]
        return sorted(each.message.text for each in parsed if isinstance(each, MessageArrived))


@pytest.fixture
def feed(channel: ChannelSettings) -> Looks:
    """The wall, looked at once."""
    looks = Looks(channel, "back-fill-feed")
    looks.round()
    return looks


@pytest.fixture
def direct(channel: ChannelSettings) -> Looks:
    """The dialogs, looked at once."""
    looks = Looks(channel, "back-fill-direct")
    looks.round()
    return looks


def test_what_was_there_before_the_first_look_is_not_taken_in(
    vk: Any, channel: ChannelSettings
) -> None:
    vk.citizens_comment("Давно")
    vk.citizens_message("Давно")

    for name in ("back-fill-feed", "back-fill-direct"):
        looks = Looks(channel, name)
        looks.round()
        assert looks.events == {}


@pytest.mark.scenario(14)
def test_comments_replies_and_posts_that_nobody_told_of_are_found(vk: Any, feed: Looks) -> None:
    comment = vk.citizens_comment("Комментарий")
    vk.citizens_comment("Ответ в ветке", reply_to_comment=comment["id"])
    vk.write("posts", owner_id=WALL, from_id=502, text="Запись")

    feed.round()

    assert feed.texts() == ["Запись", "Комментарий", "Ответ в ветке"]
    assert f"backfill-wall{WALL}_1_r{comment['id']}" in feed.events


@pytest.mark.scenario(13)
def test_found_message_is_the_one_that_a_callback_tells_of(
    vk: Any, channel: ChannelSettings, feed: Looks
) -> None:
    comment = vk.citizens_comment("Снег")
    told = json.dumps({"type": "wall_reply_new", "object": comment}).encode()

    feed.round()

    (event,) = feed.events.values()
    assert parse(event.body, channel) == parse(told, channel)


@pytest.mark.scenario(14)
def test_messages_that_nobody_told_of_are_found(vk: Any, direct: Looks) -> None:
    vk.citizens_message("Первое")
    vk.citizens_message("Второе")
    direct.round()
    vk.citizens_message("Третье")
    direct.round()

    assert direct.texts() == ["Второе", "Первое", "Третье"]


@pytest.mark.scenario(15)
def test_own_answers_are_not_found(
    vk: Any, publisher: VkPublisher, feed: Looks, direct: Looks
) -> None:
    comment = vk.citizens_comment("Вопрос")
    vk.citizens_message("Вопрос")
    address = {"owner_id": WALL, "post_id": 1, "comment_id": comment["id"]}
    publisher.place(Placement("k1", address, "Ответ"))
    dialog = {"peer_id": 501, "conversation_message_id": 1}
    publisher.place(Placement("k2", dialog, "Ответ"))

    feed.round()
    direct.round()

    assert feed.texts() == direct.texts() == ["Вопрос"]
    assert len(feed.events) == len(direct.events) == 1


def test_nothing_new_costs_one_call(vk: Any, feed: Looks, direct: Looks) -> None:
    assert vk.url
    assert feed.round() == 1
    assert direct.round() == 1


def test_long_lists_are_read_page_by_page_with_a_small_state(vk: Any, feed: Looks) -> None:
    vk.write("burst", owner_id=WALL, post_id=1, count=COMMENTS + 50, text="К {n}")
    first = vk.citizens_comment("Начало ветки")
    for number in range(SHOWN_OF_THREAD + 5):
        vk.citizens_comment(f"О {number}", reply_to_comment=first["id"])

    calls = feed.round()

    assert len(feed.texts()) == COMMENTS + 50 + 1 + SHOWN_OF_THREAD + 5
    assert calls == 4
    assert feed.largest_state < 2_000


def test_long_dialog_is_read_page_by_page(vk: Any, direct: Looks) -> None:
    for number in range(MESSAGES + 5):
        vk.citizens_message(f"М {number}")

    assert direct.round() == 3
    assert len(direct.texts()) == MESSAGES + 5


@pytest.mark.scenario(13)
@pytest.mark.parametrize("fault", ["drop_before_processing", "drop_after_processing", "garbage"])
@pytest.mark.parametrize("method", ["wall.get", "wall.getComments"])
def test_look_that_failed_is_taken_again_and_finds_everything_once(
    vk: Any, feed: Looks, method: str, fault: str
) -> None:
    vk.citizens_comment("Снег")
    vk.fail(method, fault)

    with pytest.raises(PollFailed) as raised:
        feed.round()
    assert not raised.value.down
    feed.round()

    assert feed.texts() == ["Снег"]


def test_post_that_nobody_may_read_does_not_hold_up_the_others(vk: Any, feed: Looks) -> None:
    vk.write("comments", owner_id=WALL, post_id=1, from_id=501, text="Под первой")
    vk.write("comments", owner_id=WALL, post_id=2, from_id=501, text="Под второй")
    vk.fail("wall.getComments", "error", code=212)

    feed.round()

    assert len(feed.texts()) == 1


def test_revoked_token_is_for_a_person(
    channel: ChannelSettings, feed: Looks, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert channel.key
    monkeypatch.setenv("TEST_VK_READ_TOKEN", "revoked")

    with pytest.raises(PollFailed) as raised:
        feed.once()
    assert raised.value.down
    assert "revoked" not in str(raised.value)


def test_wall_is_not_looked_at_without_a_token_that_reads(channel: ChannelSettings) -> None:
    alone = without(channel, "read_token", "user_token")

    assert [poller.name for poller in pollers(alone, OUTSIDE)] == ["back-fill-direct"]


@pytest.mark.parametrize("state", [{"since": 5, "unknown": 1}, {"todo": [["comments", "x", 0]]}])
def test_state_of_another_form_begins_anew(feed: Looks, state: dict[str, Any]) -> None:
    feed.state = state

    feed.round()

    assert feed.state["since"] > 0
