"""VK's events become messages, or a reason why not."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge.channels import ChannelSettings
from bridge.ingest.port import (
    MessageArrived,
    MessageDeleted,
    MessageEdited,
    MessageRestored,
    NothingToDo,
    Parsed,
    SetAside,
    Unreadable,
)
from bridge.ingest.vk import parse
from bridge.messages import Author, Message, Network, Visibility
from bridge.networks.vk_check import NEEDED_EVENTS

Payload = Callable[[str], bytes]

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
KINDS = st.sampled_from([*NEEDED_EVENTS, "message_edit"])


def message_of(body: bytes, channel: ChannelSettings) -> Message:
    parsed = parse(body, channel)
    assert isinstance(parsed, MessageArrived), parsed
    return parsed.message


def changed(body: bytes, **fields: object) -> bytes:
    """The event with fields of its object replaced; `...` removes one."""
    event = json.loads(body)
    event["object"] = {
        key: value for key, value in {**event["object"], **fields}.items() if value is not ...
    }
    return json.dumps(event).encode()


def retyped(body: bytes, kind: str) -> bytes:
    """The same object in an event of another type."""
    return json.dumps({**json.loads(body), "type": kind}).encode()


@pytest.mark.clause("1.1", "1.2.3", "2.1.1")
@pytest.mark.usefixtures("process_zone")
def test_comment_becomes_a_feed_message_that_can_be_answered(
    channel: ChannelSettings, payload: Payload
) -> None:
    assert message_of(payload("comment"), channel) == Message(
        channel="vk-administration",
        network=Network.VK,
        visibility=Visibility.FEED,
        external_id="wall-1001_2_r33",
        author=Author("501", link="https://vk.com/id501"),
        text="На Ленина, 51 не чищен тротуар, люди идут по дороге 😡",
        link="https://vk.com/wall-1001_2?reply=33",
        posted_at=datetime.fromtimestamp(1795420800, UTC),
        address={"owner_id": -1001, "post_id": 2, "comment_id": 33},
        conversation="wall-1001_2/r33",
    )


def test_comment_in_a_thread_keeps_its_thread(channel: ChannelSettings, payload: Payload) -> None:
    message = message_of(payload("comment_in_thread"), channel)

    assert message.link == "https://vk.com/wall-1001_2?reply=35&thread=33"
    assert message.address == {"owner_id": -1001, "post_id": 2, "comment_id": 35, "thread_id": 33}
    assert message.conversation == message_of(payload("comment"), channel).conversation


def test_another_community_may_write_too(channel: ChannelSettings, payload: Payload) -> None:
    message = message_of(payload("comment_of_another_community"), channel)

    assert message.author == Author("-777", link="https://vk.com/club777")


@pytest.mark.clause("1.2.3")
@pytest.mark.parametrize(
    ("name", "external_id", "link"),
    [
        ("post_of_citizen", "wall-1001_41", "https://vk.com/wall-1001_41"),
        ("post_suggested", "wall-1001_42", "https://vk.com/wall-1001_42"),
    ],
)
def test_citizens_post_becomes_a_feed_message(
    channel: ChannelSettings, payload: Payload, name: str, external_id: str, link: str
) -> None:
    message = message_of(payload(name), channel)

    assert (message.visibility, message.external_id, message.link) == (
        Visibility.FEED,
        external_id,
        link,
    )


def test_comments_under_a_citizens_post_are_part_of_its_conversation(
    channel: ChannelSettings, payload: Payload
) -> None:
    post = message_of(payload("post_of_citizen"), channel)
    comment = message_of(changed(payload("comment"), post_id=41), channel)

    assert comment.conversation.startswith(f"{post.conversation}/")


@pytest.mark.clause("1.2.4")
@pytest.mark.usefixtures("process_zone")
def test_private_message_becomes_a_direct_message(
    channel: ChannelSettings, payload: Payload
) -> None:
    message = message_of(payload("message"), channel)

    assert message.visibility is Visibility.DIRECT
    assert message.external_id == "im1001_501_7"
    assert message.link == "https://vk.com/gim1001?sel=501"
    assert message.address == {"peer_id": 501, "conversation_message_id": 7}
    assert message.conversation == "im1001_501"


def test_edited_comment_is_the_known_message_as_it_reads_now(
    channel: ChannelSettings, payload: Payload
) -> None:
    parsed = parse(payload("comment_edited"), channel)

    assert isinstance(parsed, MessageEdited)
    assert parsed.message.id == message_of(payload("comment"), channel).id
    assert parsed.message.text == "исправлено"


def test_restored_comment_is_the_known_message(channel: ChannelSettings, payload: Payload) -> None:
    parsed = parse(retyped(payload("comment"), "wall_reply_restore"), channel)

    assert parsed == MessageRestored(message_of(payload("comment"), channel))


@pytest.mark.parametrize(
    ("fields", "deleter"),
    [
        ({}, "501"),
        ({"deleter_id": ..., "user_id": 9}, "9"),
        ({"deleter_id": ...}, ""),
    ],
)
def test_deleted_comment_is_named_with_whoever_deleted_it(
    channel: ChannelSettings, payload: Payload, fields: dict[str, object], deleter: str
) -> None:
    parsed = parse(changed(payload("comment_deleted"), **fields), channel)

    assert parsed == MessageDeleted(message_of(payload("comment"), channel).id, deleter)


def test_edited_private_message_is_the_known_message(
    channel: ChannelSettings, payload: Payload
) -> None:
    event = json.loads(payload("message"))
    edited = {"type": "message_edit", "object": {**event["object"]["message"], "text": "Иначе"}}

    parsed = parse(json.dumps(edited).encode(), channel)

    assert isinstance(parsed, MessageEdited)
    assert parsed.message.id == message_of(payload("message"), channel).id


@pytest.mark.parametrize("kind", ["wall_reply_edit", "wall_reply_restore"])
def test_the_communitys_own_comment_is_never_a_citizens(
    channel: ChannelSettings, payload: Payload, kind: str
) -> None:
    assert parse(retyped(payload("comment_own"), kind), channel) == SetAside(NothingToDo.OWN)


def test_deletion_on_another_wall_is_set_aside(channel: ChannelSettings, payload: Payload) -> None:
    body = changed(payload("comment_deleted"), owner_id=-7)

    assert parse(body, channel) == SetAside(NothingToDo.ELSEWHERE)


@pytest.mark.scenario(15)
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("comment_own", NothingToDo.OWN),
        ("post_own", NothingToDo.OWN),
        ("post_suggested_then_published", NothingToDo.OWN),
        ("message_outgoing", NothingToDo.OWN),
        ("comment_on_another_wall", NothingToDo.ELSEWHERE),
        ("message_in_chat", NothingToDo.ELSEWHERE),
        ("comment_under_photo", NothingToDo.UNANSWERABLE),
        ("message_reply", NothingToDo.NOT_A_MESSAGE),
        ("like", NothingToDo.NOT_A_MESSAGE),
    ],
)
def test_event_without_a_new_message_is_set_aside_with_its_reason(
    channel: ChannelSettings, payload: Payload, name: str, reason: NothingToDo
) -> None:
    assert parse(payload(name), channel) == SetAside(reason)


def test_attachments_have_addresses_and_unknown_ones_do_not_cost_the_message(
    channel: ChannelSettings, payload: Payload
) -> None:
    message = message_of(payload("comment_with_attachments"), channel)

    assert [(item.kind, item.url, item.title) for item in message.attachments] == [
        ("photo", "https://sun.example/w.jpg", ""),
        ("video", "https://vk.com/video501_5", "Двор"),
        ("doc", "https://vk.com/doc501_6", "акт.pdf"),
        ("link", "https://example.org/x", "Ссылка"),
        ("sticker", "https://vk.com/sticker/512.png", ""),
        ("something_new", "", ""),
    ]


def test_attachments_address_that_is_no_web_link_is_not_shown_to_staff(
    channel: ChannelSettings, payload: Payload
) -> None:
    link = {"type": "link", "link": {"url": "javascript:alert(1)", "title": "x"}}

    message = message_of(changed(payload("comment"), attachments=[link]), channel)

    assert message.attachments[0].url == ""


@pytest.mark.parametrize(
    ("field", "value", "where"),
    [
        ("from_id", ..., "object.from_id"),
        ("from_id", "501", "object.from_id"),
        ("id", True, "object.id"),
        ("id", 2**70, "object.id"),
        ("date", -1, "object.date"),
        ("date", 10**18, "object.date"),
        ("text", 5, "object.text"),
        ("parents_stack", "33", "object.parents_stack"),
    ],
)
def test_wrong_field_is_named_and_nothing_is_raised(
    channel: ChannelSettings, payload: Payload, field: str, value: object, where: str
) -> None:
    parsed = parse(changed(payload("comment"), **{field: value}), channel)

    assert isinstance(parsed, Unreadable)
    assert parsed.where == where


def test_report_of_a_wrong_field_does_not_repeat_the_citizens_words(
    channel: ChannelSettings, payload: Payload
) -> None:
    parsed = parse(changed(payload("comment"), text=["личные слова"]), channel)

    assert "личные слова" not in repr(parsed)


def test_text_is_fit_for_the_store(channel: ChannelSettings, payload: Payload) -> None:
    message = message_of(changed(payload("comment"), text="а\x00б\ud800в 😀"), channel)

    assert message.text == "абв 😀"


def test_huge_text_is_kept_whole(channel: ChannelSettings, payload: Payload) -> None:
    text = "снег " * 100_000

    assert message_of(changed(payload("comment"), text=text), channel).text == text


def test_deeply_nested_json_is_unreadable(channel: ChannelSettings) -> None:
    assert parse(b"[" * 200_000, channel) == Unreadable("not JSON", "")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(contents=JSON, kind=KINDS)
def test_no_json_makes_an_exception(channel: ChannelSettings, contents: object, kind: str) -> None:
    body = json.dumps({"type": kind, "object": contents}).encode()

    assert isinstance(parse(body, channel), Parsed)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
def test_no_body_makes_an_exception(channel: ChannelSettings, body: bytes) -> None:
    assert isinstance(parse(body, channel), SetAside | Unreadable)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=JSON, field=st.sampled_from(["id", "date", "parents_stack", "attachments", "post_id"]))
def test_no_value_of_a_field_makes_an_exception(
    channel: ChannelSettings, payload: Payload, value: object, field: str
) -> None:
    parsed = parse(changed(payload("comment"), **{field: value}), channel)

    assert isinstance(parsed, MessageArrived | Unreadable)
