"""Answers in the OK sandbox: placed where they belong, once, and found again when in doubt."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bridge.channels import ChannelSettings
from bridge.ingest.ok import parse
from bridge.ingest.ok_authors import OkAuthors
from bridge.ingest.ok_events import COMMENT_NEW, comment_event
from bridge.ingest.port import MessageArrived
from bridge.messages import Message, Picture, Placement
from bridge.publish.ok import (
    ADD_COMMENT,
    DELETE_COMMENT,
    PICTURES_LIMIT,
    PICTURES_SETTLE_SECONDS,
    OkPublisher,
)
from bridge.publish.port import CannotLook, PublishError, Remedy
from sandbox.ok.chats import message_event
from sandbox.ok.seed import ADMINISTRATION, CITIZENS, FIRST_TOPIC_ID
from tests.town import eventually

TOPIC = FIRST_TOPIC_ID + 1
SEND = "POST me/messages"
ANSWER = "Здравствуйте, Анна!\n\nСнег уберут 24.11.2026 «до 18:00» & позже 😀.\n\nАдминистрация"
PNG = Picture("двор.png", "image/png", b"\x89PNG\r\n\x1a\n")
KINDS = pytest.mark.parametrize("kind", ["comment", "direct"])
Arrival = Callable[[str], Message]
PublisherWith = Callable[[ChannelSettings], OkPublisher]


@pytest.fixture
def arrival(ok: Any, channel: ChannelSettings) -> Arrival:
    """Lets a citizen write, and gives the message as the bridge reads it."""

    def read(body: bytes) -> Message:
        parsed = parse(body, channel)
        assert isinstance(parsed, MessageArrived), parsed
        return parsed.message

    def arrive(kind: str) -> Message:
        if kind == "direct":
            chat_id = ok.message()["chat_id"]
            newest = ok.sandbox.world.chats.messages(chat_id)[-1]
            return read(json.dumps(message_event(newest, CITIZENS[0].name)).encode())
        comment = ok.control("GET", f"comments/{TOPIC}/{ok.comment()}")
        return read(comment_event(COMMENT_NEW, {"id": str(TOPIC)}, comment, "", 0).body)

    return arrive


def answer(message: Message, text: str = ANSWER, pictures: tuple[Picture, ...] = ()) -> Placement:
    return Placement("placement-1", message.address, text, pictures)


def failure(publisher: OkPublisher, placement: Placement) -> PublishError:
    with pytest.raises(PublishError) as raised:
        publisher.place(placement)
    return raised.value


def visible(ok: Any, message: Message) -> list[str]:
    """What a citizen sees of the administration where the message was."""
    if "chat_id" in message.address:
        return [one.text for one in ok.own_messages(message.address["chat_id"])]
    return [one.text for one in ok.own_comments()]


@KINDS
def test_placed_answer_is_found_again(
    ok: Any, publisher: OkPublisher, arrival: Arrival, kind: str
) -> None:
    placement = answer(arrival(kind))
    assert publisher.find(placement, ok.clock.now) is None

    placed = publisher.place(placement)

    found = publisher.find(placement, ok.clock.now)
    assert found is not None
    assert found.link == placed.link
    assert "Снег уберут" in ok.page(placed.link)


def test_answer_stands_under_the_citizens_comment_as_the_groups(
    ok: Any, publisher: OkPublisher, arrival: Arrival
) -> None:
    message = arrival("comment")

    placed = publisher.place(answer(message))

    (own,) = ok.own_comments()
    assert (own.text, own.reply_to) == (ANSWER, message.address["comment_id"])
    assert placed.external_id == f"topic{TOPIC}_c{own.id}"


@pytest.mark.scenario(12)
@KINDS
@pytest.mark.parametrize("fault", ["drop_after_processing", "truncated_body", "garbage"])
def test_answer_lost_on_the_way_back_is_looked_for_and_visible_once(
    ok: Any, publisher: OkPublisher, arrival: Arrival, kind: str, fault: str
) -> None:
    message = arrival(kind)
    ok.fail(SEND if kind == "direct" else ADD_COMMENT, fault)

    assert failure(publisher, answer(message)).remedy is Remedy.LOOK
    assert publisher.find(answer(message), ok.clock.now) is not None
    assert visible(ok, message) == [ANSWER]


@pytest.mark.scenario(12)
@KINDS
def test_answer_processed_after_the_time_limit_is_visible_once(
    ok: Any, publisher: OkPublisher, arrival: Arrival, kind: str
) -> None:
    message = arrival(kind)
    ok.fail(SEND if kind == "direct" else ADD_COMMENT, "delay", seconds=0.5)

    raised = failure(publisher, answer(message))
    assert (raised.remedy, raised.code) == (Remedy.LOOK, "timeout")
    eventually(lambda: visible(ok, message), "OK has processed the call")

    assert publisher.find(answer(message), ok.clock.now) is not None
    assert visible(ok, message) == [ANSWER]


@KINDS
def test_call_lost_on_the_way_there_is_looked_for_and_sent_again_once(
    ok: Any, publisher: OkPublisher, arrival: Arrival, kind: str
) -> None:
    message = arrival(kind)
    ok.fail(SEND if kind == "direct" else ADD_COMMENT, "drop_before_processing")

    assert failure(publisher, answer(message)).remedy is Remedy.LOOK
    assert publisher.find(answer(message), ok.clock.now) is None
    publisher.place(answer(message))
    assert visible(ok, message) == [ANSWER]


@KINDS
def test_error_within_ok_is_an_unknown_outcome(
    ok: Any, publisher: OkPublisher, arrival: Arrival, kind: str
) -> None:
    ok.fail(SEND if kind == "direct" else ADD_COMMENT, "error", code=9999)

    assert failure(publisher, answer(arrival(kind))).remedy is Remedy.LOOK


@pytest.mark.scenario(16)
@KINDS
def test_revoked_key_stops_the_channel(
    channel: ChannelSettings,
    publisher_with: PublisherWith,
    arrival: Arrival,
    kind: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    message = arrival(kind)
    for name in ("TEST_OK_TOKEN", "TEST_OK_SESSION"):
        monkeypatch.setenv(name, "revoked")

    assert failure(publisher_with(channel), answer(message)).remedy is Remedy.CHANNEL_DOWN


def test_expired_session_is_renewed_and_the_answer_placed(
    ok: Any, publisher: OkPublisher, arrival: Arrival
) -> None:
    message = arrival("comment")
    ok.expire_session()

    publisher.place(answer(message))

    assert visible(ok, message) == [ANSWER]


@pytest.mark.scenario(16)
def test_session_that_cannot_be_renewed_stops_the_channel(
    ok: Any,
    channel: ChannelSettings,
    publisher_with: PublisherWith,
    arrival: Arrival,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    message = arrival("comment")
    monkeypatch.setenv("TEST_OK_REFRESH", "stale")
    ok.expire_session()

    assert failure(publisher_with(channel), answer(message)).remedy is Remedy.CHANNEL_DOWN


def test_method_that_ok_has_closed_is_for_a_person(
    ok: Any, publisher: OkPublisher, arrival: Arrival
) -> None:
    message = arrival("comment")
    ok.close_method(ADD_COMMENT)

    raised = failure(publisher, answer(message))

    assert (raised.remedy, raised.code) == (Remedy.BY_HAND, "3")
    assert "comments: false" in raised.meaning


def test_comments_that_are_switched_off_are_for_a_person(
    ok: Any, channel: ChannelSettings, publisher_with: PublisherWith, arrival: Arrival
) -> None:
    message = arrival("comment")
    silent = channel.ok_section.model_copy(update={"comments": False})
    publisher = publisher_with(channel.model_copy(update={"ok": silent}))

    assert failure(publisher, answer(message)).remedy is Remedy.BY_HAND
    assert not visible(ok, message)


def test_deleted_comment_is_for_a_person(ok: Any, publisher: OkPublisher, arrival: Arrival) -> None:
    message = arrival("comment")
    ok.delete(message.address["comment_id"])

    assert failure(publisher, answer(message)).remedy is Remedy.BY_HAND


def test_citizen_who_wants_no_messages_is_for_a_person(
    ok: Any, publisher: OkPublisher, arrival: Arrival
) -> None:
    message = arrival("direct")
    ok.fail(SEND, "error", code=457)

    assert failure(publisher, answer(message)).remedy is Remedy.BY_HAND


def test_answer_to_another_comment_with_the_same_words_is_not_taken_for_this_one(
    ok: Any, publisher: OkPublisher, arrival: Arrival
) -> None:
    first, second = arrival("comment"), arrival("comment")
    publisher.place(answer(first))

    assert publisher.find(answer(second), ok.clock.now) is None


@KINDS
def test_citizen_who_repeats_the_answer_is_not_taken_for_the_group(
    ok: Any, publisher: OkPublisher, arrival: Arrival, kind: str
) -> None:
    message = arrival(kind)
    if kind == "direct":
        ok.message(ANSWER)
    else:
        ok.comment(ANSWER, reply_to=message.address["comment_id"])

    assert publisher.find(answer(message), ok.clock.now) is None


@KINDS
def test_older_answer_is_not_taken_for_this_one(
    ok: Any, publisher: OkPublisher, arrival: Arrival, kind: str
) -> None:
    message = arrival(kind)
    publisher.place(answer(message))

    assert publisher.find(answer(message), ok.clock.now + timedelta(hours=1)) is None


@KINDS
def test_answer_is_found_behind_pages_of_newer_ones(
    ok: Any, publisher: OkPublisher, arrival: Arrival, kind: str
) -> None:
    message = arrival(kind)
    since = ok.clock.now
    publisher.place(answer(message))
    for number in range(250):
        ok.clock.advance(timedelta(milliseconds=10))
        if kind == "direct":
            citizen = ok.sandbox.world.users[CITIZENS[0].id]
            ok.sandbox.world.chats.receive(ADMINISTRATION.id, citizen, f"{number}")
    if kind == "comment":
        ok.control("POST", "burst", topic_id=TOPIC, count=250)

    assert publisher.find(answer(message), since) is not None


@KINDS
@pytest.mark.parametrize("fault", ["drop_before_processing", "garbage", "truncated_body"])
def test_looking_that_got_no_answer_is_repeated(
    ok: Any, publisher: OkPublisher, arrival: Arrival, kind: str, fault: str
) -> None:
    message = arrival(kind)
    ok.fail("GET me/messages" if kind == "direct" else "discussions.getComments", fault)

    with pytest.raises(PublishError) as raised:
        publisher.find(answer(message), ok.clock.now)
    assert raised.value.remedy is Remedy.RETRY


def test_without_a_session_nobody_can_say(
    ok: Any, channel: ChannelSettings, publisher_with: PublisherWith, arrival: Arrival
) -> None:
    message = arrival("comment")
    blind = channel.ok_section.model_copy(update={"rest": None})
    publisher = publisher_with(channel.model_copy(update={"ok": blind}))

    with pytest.raises(CannotLook):
        publisher.find(answer(message), ok.clock.now)


@pytest.mark.clause("3.4")
def test_pictures_are_shown_with_a_message(
    ok: Any, publisher: OkPublisher, arrival: Arrival, waits: list[float]
) -> None:
    message = arrival("direct")

    publisher.place(answer(message, pictures=(PNG,) * PICTURES_LIMIT))

    (sent,) = ok.own_messages(message.address["chat_id"])
    assert [one["type"] for one in sent.attachments] == ["IMAGE"] * PICTURES_LIMIT
    assert waits == [PICTURES_SETTLE_SECONDS]


@pytest.mark.parametrize(
    ("operation", "fault"),
    [
        ("GET me/fileUploadUrl", {"kind": "drop_before_processing"}),
        ("POST upload", {"kind": "drop_after_processing"}),
        ("POST upload", {"kind": "error", "code": 9999}),
    ],
)
def test_picture_that_did_not_get_there_leaves_nothing_visible_and_is_tried_again(
    ok: Any, publisher: OkPublisher, arrival: Arrival, operation: str, fault: dict[str, Any]
) -> None:
    message = arrival("direct")
    ok.fail(operation, **fault)

    assert failure(publisher, answer(message, pictures=(PNG,))).remedy is Remedy.RETRY
    assert not visible(ok, message)


def test_file_that_is_no_picture_is_for_a_person(publisher: OkPublisher, arrival: Arrival) -> None:
    text = Picture("акт.txt", "text/plain", b"x")

    raised = failure(publisher, answer(arrival("direct"), pictures=(text,)))

    assert (raised.remedy, raised.code) == (Remedy.BY_HAND, "500")


def test_pictures_under_a_comment_are_for_a_person(
    ok: Any, publisher: OkPublisher, arrival: Arrival
) -> None:
    message = arrival("comment")

    assert failure(publisher, answer(message, pictures=(PNG,))).remedy is Remedy.BY_HAND
    assert not visible(ok, message)


def test_placed_comment_can_be_taken_away_again(
    ok: Any, publisher: OkPublisher, arrival: Arrival
) -> None:
    message = arrival("comment")
    placed = publisher.place(answer(message))

    publisher.retract(message.address, placed)
    publisher.retract(message.address, placed)

    assert not visible(ok, message)


def test_retraction_that_failed_says_so(ok: Any, publisher: OkPublisher, arrival: Arrival) -> None:
    message = arrival("comment")
    placed = publisher.place(answer(message))
    ok.fail(DELETE_COMMENT, "error", code=8)

    with pytest.raises(PublishError) as raised:
        publisher.retract(message.address, placed)
    assert raised.value.remedy is Remedy.PAUSE


def test_message_cannot_be_taken_away(publisher: OkPublisher, arrival: Arrival) -> None:
    message = arrival("direct")
    placed = publisher.place(answer(message))

    with pytest.raises(PublishError) as raised:
        publisher.retract(message.address, placed)
    assert raised.value.remedy is Remedy.BY_HAND


@pytest.mark.usefixtures("ok")
def test_authors_have_names(channel: ChannelSettings) -> None:
    authors = OkAuthors(channel)

    assert authors.find(str(CITIZENS[0].id)).name == CITIZENS[0].name
    assert authors.find(f"-{ADMINISTRATION.id}").name == ADMINISTRATION.group.name
