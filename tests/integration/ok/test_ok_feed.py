"""Comments in OK are found by looking: new, changed and gone ones, each once, within the rate."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from bridge.channels import ChannelSettings
from bridge.ingest.ok import parse
from bridge.ingest.ok_feed import OkFeedPoller
from bridge.ingest.port import (
    Event,
    MessageArrived,
    MessageDeleted,
    MessageEdited,
    MessageRestored,
    NothingToDo,
    PollFailed,
    SetAside,
)
from bridge.messages import Placement
from bridge.publish.ok import OkPublisher
from sandbox.ok.seed import ADMINISTRATION, CITIZENS, FIRST_TOPIC_ID

TOPIC = FIRST_TOPIC_ID + 1
PollerOf = Callable[[ChannelSettings], OkFeedPoller]


class Watcher:
    """Looks again and again, as the process that polls does: state and inbox survive it."""

    def __init__(self, ok: Any, poller: OkFeedPoller) -> None:
        self._ok = ok
        self.poller = poller
        self.state: Mapping[str, Any] = {}
        self.inbox: dict[str, Event] = {}

    def look(self, *, after: timedelta = timedelta(minutes=1)) -> list[Event]:
        """What the next look brings that is not in the inbox yet."""
        self._ok.clock.advance(after)
        polled = self.poller.poll(self.state)
        assert not polled.more
        self.state = polled.state
        fresh = [event for event in polled.events if event.external_id not in self.inbox]
        self.inbox |= {event.external_id: event for event in polled.events}
        return fresh


@pytest.fixture
def watcher(ok: Any, poller: OkFeedPoller) -> Watcher:
    """A bridge that has looked once, before anybody wrote."""
    watcher = Watcher(ok, poller)
    assert watcher.look() == []
    return watcher


def kinds(events: list[Event]) -> list[str]:
    return [event.kind for event in events]


@pytest.mark.clause("1.1", "1.2.3", "2.1.1")
def test_citizens_comment_becomes_a_message_with_its_topic_above(
    ok: Any, channel: ChannelSettings, watcher: Watcher
) -> None:
    comment_id = ok.comment("Снег у подъезда не убран")
    posted = ok.clock.now

    (event,) = watcher.look()

    parsed = parse(event.body, channel)
    assert isinstance(parsed, MessageArrived)
    message = parsed.message
    assert message.text == "Снег у подъезда не убран"
    assert message.posted_at == posted
    assert message.author.name == CITIZENS[0].name
    assert message.external_id == f"topic{TOPIC}_c{comment_id}"
    assert message.surroundings is not None
    assert "батареи" in message.surroundings.text
    assert "Снег у подъезда не убран" in ok.page(message.link)


def test_second_look_brings_nothing(ok: Any, watcher: Watcher) -> None:
    ok.comment()
    watcher.look()

    assert watcher.look() == []


@pytest.mark.scenario(13)
def test_look_that_is_taken_again_with_the_old_state_brings_the_same_events(
    ok: Any, watcher: Watcher
) -> None:
    ok.comment("первое")
    second = ok.comment("второе")
    before = watcher.state
    watcher.look()
    ok.edit(second, "исправлено")
    between, first_time = watcher.state, watcher.look(after=timedelta(minutes=11))
    again = watcher.poller.poll(between)
    from_the_start = watcher.poller.poll(before)

    assert kinds(first_time) == ["comment_edit"]
    assert [event.external_id for event in again.events] == [first_time[0].external_id]
    assert {event.external_id for event in from_the_start.events} <= set(watcher.inbox)


@pytest.mark.scenario(13)
def test_bridge_that_forgot_everything_brings_no_message_twice(ok: Any, watcher: Watcher) -> None:
    ok.comment()
    watcher.look()
    watcher.state = {"since": 0}

    assert watcher.look() == []


def test_comments_from_before_the_bridges_time_are_left_alone(
    ok: Any, poller: OkFeedPoller
) -> None:
    ok.comment("давнее")
    watcher = Watcher(ok, poller)

    assert watcher.look() == []
    ok.comment("новое")
    assert len(watcher.look()) == 1


def test_comments_from_before_can_be_taken_in(
    ok: Any, channel: ChannelSettings, poller_of: PollerOf
) -> None:
    ok.comment("давнее")
    section = channel.ok_section
    feed = section.feed.model_copy(update={"backfill_hours": 24})
    eager = channel.model_copy(update={"ok": section.model_copy(update={"feed": feed})})

    assert len(Watcher(ok, poller_of(eager)).look()) == 1


def test_edit_is_found_though_the_number_of_comments_is_the_same(
    ok: Any, channel: ChannelSettings, watcher: Watcher
) -> None:
    comment_id = ok.comment("Снег не убран")
    watcher.look()
    ok.edit(comment_id, "Снег убрали, спасибо")

    (event,) = watcher.look(after=timedelta(minutes=11))

    parsed = parse(event.body, channel)
    assert isinstance(parsed, MessageEdited)
    assert parsed.message.address["comment_id"] == comment_id
    assert parsed.message.text == "Снег убрали, спасибо"


def test_text_that_is_changed_back_and_forth_is_told_each_time(ok: Any, watcher: Watcher) -> None:
    comment_id = ok.comment("было")
    watcher.look()
    told = []
    for text in ("стало", "было", "стало"):
        ok.edit(comment_id, text)
        told += watcher.look(after=timedelta(minutes=11))

    assert kinds(told) == ["comment_edit"] * 3


def test_deletion_and_restoration_are_found(
    ok: Any, channel: ChannelSettings, watcher: Watcher
) -> None:
    ok.comment("остаётся")
    comment_id = ok.comment("исчезает")
    watcher.look()
    ok.delete(comment_id)
    (deleted,) = watcher.look()
    ok.restore(comment_id)
    (restored,) = watcher.look()

    gone, back = parse(deleted.body, channel), parse(restored.body, channel)
    assert isinstance(gone, MessageDeleted)
    assert gone.id.external_id == f"topic{TOPIC}_c{comment_id}"
    assert isinstance(back, MessageRestored)
    assert back.message.text == "исчезает"


def test_deletion_hidden_behind_a_new_comment_is_found(ok: Any, watcher: Watcher) -> None:
    ok.comment("остаётся")
    gone = ok.comment("исчезает")
    watcher.look()
    ok.delete(gone)
    ok.comment("новое")

    found = watcher.look(after=timedelta(minutes=11))

    assert sorted(kinds(found)) == ["comment_delete", "comment_new"]


def test_comment_that_the_list_left_out_is_not_taken_for_deleted(
    ok: Any, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    ok.comment("виден")
    hidden = ok.comment("пропущен списком")
    watcher.look()
    discussions = ok.sandbox.world.discussions
    everything = discussions.comments

    def all_but_one(topic_id: int) -> list[Any]:
        return [one for one in everything(topic_id) if one.id != hidden]

    monkeypatch.setattr(discussions, "comments", all_but_one)

    assert watcher.look(after=timedelta(minutes=11)) == []


@pytest.mark.scenario(15)
def test_own_answer_is_never_a_message(
    ok: Any, channel: ChannelSettings, watcher: Watcher, publisher: OkPublisher
) -> None:
    comment_id = ok.comment()
    watcher.look()
    address = {"topic_id": str(TOPIC), "comment_id": comment_id}
    publisher.place(Placement("placement-1", address, "Уберём сегодня."))

    (event,) = watcher.look()

    assert parse(event.body, channel) == SetAside(NothingToDo.OWN)


def test_reply_shows_what_it_replies_to(
    ok: Any, channel: ChannelSettings, watcher: Watcher
) -> None:
    first = ok.comment("На Ленина, 51 темно")
    ok.comment("И у нас", reply_to=first, author_id=CITIZENS[1].id)

    reply = parse(watcher.look()[1].body, channel)

    assert isinstance(reply, MessageArrived)
    assert reply.message.surroundings is not None
    assert "На Ленина, 51 темно" in reply.message.surroundings.text


def test_more_comments_than_a_page_are_all_found(ok: Any, watcher: Watcher) -> None:
    ok.clock.advance(timedelta(seconds=1))
    ok.control("POST", "burst", topic_id=TOPIC, count=250)

    assert len(watcher.look()) == 250


def test_more_than_a_look_may_ask_for_is_found_over_several_looks(
    ok: Any, channel_with: Callable[..., ChannelSettings], poller_of: PollerOf
) -> None:
    watcher = Watcher(ok, poller_of(channel_with(calls=6)))
    watcher.look()
    for _ in range(12):
        ok.clock.advance(timedelta(seconds=1))
        ok.control("POST", "burst", topic_id=TOPIC, count=100)
    found, looks = 0, 0
    while found < 1200 and looks < 10:
        before = len(ok.calls())
        found += len(watcher.look())
        looks += 1
        assert len(ok.calls()) - before <= 6

    assert found == 1200
    ok.comment("последнее")
    assert len(watcher.look()) == 1


def test_comment_that_comes_during_a_long_reading_is_not_lost(
    ok: Any, channel_with: Callable[..., ChannelSettings], poller_of: PollerOf
) -> None:
    watcher = Watcher(ok, poller_of(channel_with(calls=6)))
    watcher.look()
    for _ in range(8):
        ok.clock.advance(timedelta(seconds=1))
        ok.control("POST", "burst", topic_id=TOPIC, count=100)
    watcher.look()
    late = ok.comment("пришло, пока читали")
    watcher.look()
    watcher.look()

    assert f"comment_new:0:{late}" in watcher.inbox
    assert len(watcher.inbox) == 801


def test_every_topic_is_watched_and_new_ones_too(
    ok: Any, channel: ChannelSettings, watcher: Watcher
) -> None:
    ok.comment("старая тема", topic_id=FIRST_TOPIC_ID)
    new = ok.control("POST", "topics", group_id=ADMINISTRATION.id, text="Новая тема")["id"]
    ok.comment("новая тема", topic_id=new)

    parsed = [parse(event.body, channel) for event in watcher.look()]

    assert {one.message.text for one in parsed if isinstance(one, MessageArrived)} == {
        "старая тема",
        "новая тема",
    }


def test_more_topics_than_a_page_are_listed(ok: Any, watcher: Watcher) -> None:
    for number in range(120):
        ok.control("POST", "topics", group_id=ADMINISTRATION.id, text=f"Тема {number}")
    ok.comment("под самой старой", topic_id=FIRST_TOPIC_ID)
    found = []
    for _ in range(12):
        found += watcher.look()

    assert len(found) == 1


def test_topic_that_was_taken_away_stops_nothing(ok: Any, watcher: Watcher) -> None:
    ok.comment()
    watcher.look()
    ok.control("DELETE", f"topics/{TOPIC}")
    ok.comment("в другой теме", topic_id=FIRST_TOPIC_ID)

    assert kinds(watcher.look(after=timedelta(minutes=11))) == ["comment_new"]


@pytest.mark.parametrize("fault", [{"kind": "error", "code": 455}, {"kind": "garbage"}])
def test_topic_that_cannot_be_read_stops_no_other(
    ok: Any, watcher: Watcher, fault: dict[str, Any]
) -> None:
    ok.comment()
    ok.comment("в другой теме", topic_id=FIRST_TOPIC_ID)
    refused = {"discussionId": str(TOPIC)}
    ok.fail("discussions.getComments", **fault, params_match=refused)

    assert len(watcher.look()) == 1
    assert len(watcher.look()) == 1


def test_place_to_read_on_from_that_ok_has_forgotten_costs_nothing(
    ok: Any, channel_with: Callable[..., ChannelSettings], poller_of: PollerOf
) -> None:
    watcher = Watcher(ok, poller_of(channel_with(calls=6)))
    watcher.look()
    for _ in range(7):
        ok.clock.advance(timedelta(seconds=1))
        ok.control("POST", "burst", topic_id=TOPIC, count=100)
    watcher.look()
    ok.fail("discussions.getComments", "error", code=100)
    for _ in range(4):
        watcher.look()

    assert len(watcher.inbox) == 700


@pytest.mark.scenario(16)
def test_group_whose_topics_are_all_refused_is_for_a_person(ok: Any, watcher: Watcher) -> None:
    ok.comment()
    ok.fail("discussions.getComments", "error", code=200, times=5)

    with pytest.raises(PollFailed) as raised:
        watcher.look()
    assert raised.value.down


def test_state_does_not_grow_with_what_was_read(ok: Any, watcher: Watcher) -> None:
    for _ in range(5):
        ok.clock.advance(timedelta(seconds=1))
        ok.control("POST", "burst", topic_id=TOPIC, count=100)
    watcher.look()

    assert len(watcher.state["topics"][str(TOPIC)]["known"]) == 100
    watcher.look(after=timedelta(days=4))
    assert "known" not in watcher.state["topics"][str(TOPIC)]
    watcher.look(after=timedelta(days=30))
    assert watcher.state.get("topics", {}) == {}


@pytest.mark.scenario(16)
@pytest.mark.parametrize("code", [10, 103, 104])
def test_refused_key_is_for_a_person_to_mend(ok: Any, watcher: Watcher, code: int) -> None:
    ok.fail("group.getStatTopics", "error", code=code)

    with pytest.raises(PollFailed) as raised:
        watcher.look()

    assert (raised.value.down, raised.value.code) == (True, str(code))


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"kind": "error", "code": 2}, "2"),
        ({"kind": "drop_before_processing"}, "connection"),
        ({"kind": "http_status", "code": 502}, "http 502"),
        ({"kind": "garbage"}, "unreadable answer"),
    ],
)
def test_look_that_failed_is_taken_again(
    ok: Any, watcher: Watcher, fault: dict[str, Any], code: str
) -> None:
    ok.comment()
    ok.fail("group.getStatTopics", **fault)
    with pytest.raises(PollFailed) as raised:
        watcher.look()

    assert (raised.value.down, raised.value.code) == (False, code)
    assert len(watcher.look()) == 1


def test_text_of_the_topic_that_cannot_be_had_costs_no_message(
    ok: Any, channel: ChannelSettings, watcher: Watcher
) -> None:
    ok.comment()
    ok.fail("mediatopic.getByIds", "error", code=9999)

    parsed = parse(watcher.look()[0].body, channel)

    assert isinstance(parsed, MessageArrived)
    assert parsed.message.surroundings is not None
    assert parsed.message.surroundings.text == ""


def test_expired_session_is_renewed(ok: Any, watcher: Watcher) -> None:
    ok.comment()
    ok.expire_session()

    assert len(watcher.look()) == 1


def test_lateness_of_what_was_found_is_told(ok: Any, watcher: Watcher) -> None:
    ok.comment("Личные слова")
    with capture_logs() as told:
        watcher.look(after=timedelta(seconds=45))

    (line,) = told
    assert line["longest_lag_seconds"] == 45.0
    assert "Личные слова" not in str(line)
