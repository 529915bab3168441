"""Answers in the VK sandbox: placed where they belong, once, and found again when in doubt."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bridge.channels import ChannelSettings
from bridge.ingest.port import MessageArrived
from bridge.ingest.vk import parse
from bridge.ingest.vk_authors import VkAuthors
from bridge.messages import Message, Placement
from bridge.publish.port import CannotLook, PublishError, Remedy
from bridge.publish.vk import CREATE_COMMENT, SEND_MESSAGE, VkPublisher
from sandbox.vk.seed import ADMINISTRATION
from tests.integration.vk.conftest import without

ANSWER = "Здравствуйте, Анна!\n\nСнег уберут 24.11.2026 «до 18:00» & позже 😀.\n\nАдминистрация"
KINDS = pytest.mark.parametrize("kind", ["comment", "reply", "post", "direct"])
Arrival = Callable[[str], Message]


def read(channel: ChannelSettings, kind: str, contents: Any) -> Message:
    body = json.dumps({"type": kind, "object": contents}).encode()
    parsed = parse(body, channel)
    assert isinstance(parsed, MessageArrived), parsed
    return parsed.message


@pytest.fixture
def arrival(vk: Any, channel: ChannelSettings) -> Arrival:
    """Lets a citizen write, and gives the message as the bridge reads it."""

    def arrive(kind: str) -> Message:
        if kind == "direct":
            return read(channel, "message_new", {"message": vk.citizens_message()})
        if kind == "post":
            where = {"owner_id": ADMINISTRATION.owner_id, "from_id": 501}
            return read(channel, "wall_post_new", vk.write("posts", **where, text="Яма"))
        comment = vk.citizens_comment()
        if kind == "reply":
            comment = vk.citizens_comment("И у нас", reply_to_comment=comment["id"])
        return read(channel, "wall_reply_new", comment)

    return arrive


def answer(message: Message, text: str = ANSWER, key: str = "placement-1") -> Placement:
    return Placement(key, message.address, text)


def long_ago() -> datetime:
    return datetime.now(UTC) - timedelta(hours=1)


def failure(publisher: VkPublisher, placement: Placement) -> PublishError:
    with pytest.raises(PublishError) as raised:
        publisher.place(placement)
    return raised.value


@KINDS
def test_placed_answer_is_found_again(publisher: VkPublisher, arrival: Arrival, kind: str) -> None:
    placement = answer(arrival(kind))
    assert publisher.find(placement, long_ago()) is None

    placed = publisher.place(placement)

    assert publisher.find(placement, long_ago()) == placed


def test_answer_stands_under_the_citizens_comment(
    vk: Any, publisher: VkPublisher, arrival: Arrival
) -> None:
    message = arrival("comment")

    placed = publisher.place(answer(message))

    (own,) = vk.own_comments()
    assert own["reply_to_comment"] == message.address["comment_id"]
    assert own["parents_stack"] == [message.address["comment_id"]]
    assert own["text"] == ANSWER
    assert placed.external_id == f"wall{own['owner_id']}_1_r{own['id']}"
    where = f"wall{own['owner_id']}_1?reply={own['id']}&thread={message.address['comment_id']}"
    assert placed.link == f"{vk.url}/{where}"


@KINDS
def test_repeated_try_with_the_same_key_shows_the_answer_once(
    publisher: VkPublisher, arrival: Arrival, kind: str
) -> None:
    placement = answer(arrival(kind))

    assert publisher.place(placement) == publisher.place(placement)


@KINDS
@pytest.mark.parametrize("fault", ["drop_after_processing", "truncated_body", "garbage"])
def test_answer_lost_on_the_way_back_is_looked_for_and_found(
    vk: Any, publisher: VkPublisher, arrival: Arrival, kind: str, fault: str
) -> None:
    placement = answer(arrival(kind))
    vk.fail(SEND_MESSAGE if kind == "direct" else CREATE_COMMENT, fault)

    assert failure(publisher, placement).remedy is Remedy.LOOK
    assert publisher.find(placement, long_ago()) is not None


@KINDS
def test_call_lost_on_the_way_there_is_looked_for_and_not_found(
    vk: Any, publisher: VkPublisher, arrival: Arrival, kind: str
) -> None:
    placement = answer(arrival(kind))
    vk.fail(SEND_MESSAGE if kind == "direct" else CREATE_COMMENT, "drop_before_processing")

    assert failure(publisher, placement).remedy is Remedy.LOOK
    assert publisher.find(placement, long_ago()) is None


def test_slow_answer_is_an_unknown_outcome(
    vk: Any, publisher: VkPublisher, arrival: Arrival
) -> None:
    placement = answer(arrival("comment"))
    vk.fail(CREATE_COMMENT, "delay", seconds=0.6)

    raised = failure(publisher, placement)

    assert (raised.remedy, raised.code) == (Remedy.LOOK, "timeout")


def test_proxys_error_page_is_an_unknown_outcome(
    vk: Any, publisher: VkPublisher, arrival: Arrival
) -> None:
    vk.fail(CREATE_COMMENT, "http_status", code=502)

    raised = failure(publisher, answer(arrival("comment")))

    assert (raised.remedy, raised.code) == (Remedy.LOOK, "http 502")


def test_post_closed_for_comments_is_for_a_person(
    vk: Any, publisher: VkPublisher, arrival: Arrival
) -> None:
    vk.fail(CREATE_COMMENT, "error", code=213)

    raised = failure(publisher, answer(arrival("comment")))

    assert (raised.remedy, raised.code) == (Remedy.BY_HAND, "213")
    assert "закрыто" in raised.meaning


def test_user_who_denied_messages_is_for_a_person(
    vk: Any, publisher: VkPublisher, arrival: Arrival
) -> None:
    placement = answer(arrival("direct"))
    vk.fail(SEND_MESSAGE, "error", code=901)

    assert failure(publisher, placement).remedy is Remedy.BY_HAND


@pytest.mark.scenario(16)
def test_revoked_token_stops_the_channel(
    channel: ChannelSettings,
    publisher_with: Callable[[ChannelSettings], VkPublisher],
    arrival: Arrival,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    placement = answer(arrival("comment"))
    monkeypatch.setenv("TEST_VK_TOKEN", "revoked")

    assert failure(publisher_with(channel), placement).remedy is Remedy.CHANNEL_DOWN


def test_answer_to_another_comment_with_the_same_words_is_not_taken_for_this_one(
    publisher: VkPublisher, arrival: Arrival
) -> None:
    first, second = arrival("comment"), arrival("comment")
    publisher.place(answer(first))

    assert publisher.find(answer(second, key="placement-2"), long_ago()) is None


def test_answer_to_another_comment_of_the_thread_is_not_taken_for_this_one(
    vk: Any, channel: ChannelSettings, publisher: VkPublisher, arrival: Arrival
) -> None:
    first = arrival("comment")
    reply = vk.citizens_comment("И у нас", reply_to_comment=first.address["comment_id"])
    second = read(channel, "wall_reply_new", reply)
    publisher.place(answer(first))

    assert publisher.find(answer(second, key="placement-2"), long_ago()) is None


def test_citizen_who_repeats_the_answer_is_not_taken_for_the_community(
    vk: Any, publisher: VkPublisher, arrival: Arrival
) -> None:
    message = arrival("comment")
    vk.citizens_comment(ANSWER, reply_to_comment=message.address["comment_id"])

    assert publisher.find(answer(message), long_ago()) is None


@KINDS
def test_older_answer_is_not_taken_for_this_one(
    publisher: VkPublisher, arrival: Arrival, kind: str
) -> None:
    placement = answer(arrival(kind))
    publisher.place(placement)

    assert publisher.find(placement, datetime.now(UTC) + timedelta(hours=1)) is None


def test_answer_is_found_behind_a_page_of_newer_comments(
    vk: Any, publisher: VkPublisher, arrival: Arrival
) -> None:
    message = arrival("post")
    placed = publisher.place(answer(message))
    where = {name: message.address[name] for name in ("owner_id", "post_id")}
    vk.write("burst", **where, count=250)

    assert publisher.find(answer(message), long_ago()) == placed


def test_deleted_answer_is_not_found(vk: Any, publisher: VkPublisher, arrival: Arrival) -> None:
    message = arrival("comment")
    publisher.place(answer(message))
    (own,) = vk.own_comments()
    vk.write(f"comments/{own['owner_id']}/{own['id']}/delete")

    assert publisher.find(answer(message), long_ago()) is None


def test_without_a_token_that_reads_nobody_can_say(
    channel: ChannelSettings,
    publisher_with: Callable[[ChannelSettings], VkPublisher],
    arrival: Arrival,
) -> None:
    publisher = publisher_with(without(channel, "read_token", "user_token"))

    with pytest.raises(CannotLook):
        publisher.find(answer(arrival("comment")), long_ago())


def test_community_token_given_for_reading_cannot_look(
    channel: ChannelSettings,
    publisher_with: Callable[[ChannelSettings], VkPublisher],
    arrival: Arrival,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TEST_VK_READ_TOKEN", ADMINISTRATION.community_token)

    with pytest.raises(CannotLook):
        publisher_with(channel).find(answer(arrival("comment")), long_ago())


@pytest.mark.parametrize("fault", ["drop_before_processing", "garbage", "truncated_body"])
def test_looking_that_got_no_answer_is_repeated(
    vk: Any, publisher: VkPublisher, arrival: Arrival, fault: str
) -> None:
    vk.fail("wall.getComments", fault)

    with pytest.raises(PublishError) as raised:
        publisher.find(answer(arrival("comment")), long_ago())
    assert raised.value.remedy is Remedy.RETRY


def test_authors_have_names(channel: ChannelSettings) -> None:
    authors = VkAuthors(channel)

    assert authors.find("501").name == "Анна Мальцева"
    assert authors.find(str(ADMINISTRATION.owner_id)).name == ADMINISTRATION.community.name
