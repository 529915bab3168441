"""OK's events become messages, or a reason why not."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridge.channels import ChannelSettings
from bridge.ingest.ok import parse
from bridge.ingest.ok_events import deletion_event
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
from bridge.messages import Author, Message, Network, Surroundings, Visibility

Payload = Callable[[str], bytes]
COMMENT_ID = "MTM5NzIwNjM4MjQ3MTotMTU5NDE6MTM5NzIwNjM4MjQ3MTo2MjUwMzkyOTY2MjMyMDox"
TOPIC_LINK = "https://ok.ru/group/53001001/topic/62503929662320"

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
FEED_KINDS = st.sampled_from(["comment_new", "comment_edit", "comment_delete", "comment_restore"])
FUZZ = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
NASTY = ["\x00", "\ud800", "\u202eотаред", "снег " * 100_000, "👩‍👩‍👧\n\n\tа"]


def message_of(body: bytes, channel: ChannelSettings) -> Message:
    parsed = parse(body, channel)
    assert isinstance(parsed, MessageArrived), parsed
    return parsed.message


def changed(body: bytes, part: str, **fields: object) -> bytes:
    """The event with fields of one of its parts replaced; `...` removes one."""
    event = json.loads(body)
    inner = {**event[part], **fields} if part else {**event, **fields}
    inner = {key: value for key, value in inner.items() if value is not ...}
    return json.dumps({**event, part: inner} if part else inner).encode()


@pytest.mark.clause("1.1", "1.2.4", "2.1.1")
@pytest.mark.usefixtures("process_zone")
def test_private_message_becomes_a_direct_message(
    ok_channel: ChannelSettings, ok_payload: Payload
) -> None:
    message = message_of(ok_payload("message"), ok_channel)

    assert (message.network, message.visibility) == (Network.OK, Visibility.DIRECT)
    assert message.external_id == "C3ecb9d02a600.15cea67d78d2059"
    assert message.author == Author("580501", "Валентина Кузнецова", "https://ok.ru/profile/580501")
    assert message.text == "Когда починят лифт на Ленина, 51?"
    assert message.posted_at == datetime(2017, 6, 27, 16, 34, 52, 941000, UTC)
    assert message.address == {"chat_id": "chat:C3ecb9d02a600", "user_id": "580501"}
    assert message.conversation == "chat:C3ecb9d02a600"


def test_attachments_have_addresses_and_unknown_ones_do_not_cost_the_message(
    ok_channel: ChannelSettings, ok_payload: Payload
) -> None:
    message = message_of(ok_payload("message"), ok_channel)

    assert [(item.kind, item.url) for item in message.attachments] == [
        ("link", "https://example.org/x"),
        ("photo", "https://i.mycdn.me/i?r=1"),
        ("something_new", ""),
    ]


@pytest.mark.parametrize("attachments", [None, {}, "x", [None, 5], [{"payload": {"url": 5}}]])
def test_odd_attachments_do_not_cost_the_message(
    ok_channel: ChannelSettings, ok_payload: Payload, attachments: object
) -> None:
    body = changed(ok_payload("message"), "message", attachments=attachments, text=...)

    assert message_of(body, ok_channel).text == ""


def test_attachments_address_that_is_no_web_link_is_not_shown_to_staff(
    ok_channel: ChannelSettings, ok_payload: Payload
) -> None:
    link = {"type": "SHARE", "payload": {"url": "javascript:alert(1)"}}

    message = message_of(changed(ok_payload("message"), "message", attachments=[link]), ok_channel)

    assert message.attachments[0].url == ""


def test_message_that_names_its_type_is_the_same_message(
    ok_channel: ChannelSettings, ok_payload: Payload
) -> None:
    typed = changed(ok_payload("message"), "", webhookType="MESSAGE_CREATED")

    assert message_of(typed, ok_channel) == message_of(ok_payload("message"), ok_channel)


@pytest.mark.scenario(15)
@pytest.mark.parametrize("sender", ["group:53001001", "user:53001001", "user:580091"])
def test_what_the_group_itself_writes_is_set_aside(
    ok_channel: ChannelSettings, ok_payload: Payload, sender: str
) -> None:
    body = changed(ok_payload("message"), "sender", user_id=sender)

    assert parse(body, ok_channel) == SetAside(NothingToDo.OWN)


@pytest.mark.parametrize("kind", ["CHAT_SYSTEM", "CONFIRMATION", "SOMETHING_NEW"])
def test_event_of_another_kind_is_set_aside(
    ok_channel: ChannelSettings, ok_payload: Payload, kind: str
) -> None:
    body = changed(ok_payload("message"), "", webhookType=kind)

    assert parse(body, ok_channel) == SetAside(NothingToDo.NOT_A_MESSAGE)


def test_pressed_button_is_set_aside(ok_channel: ChannelSettings, ok_payload: Payload) -> None:
    assert parse(ok_payload("button"), ok_channel) == SetAside(NothingToDo.NOT_A_MESSAGE)


@pytest.mark.clause("1.1", "1.2.3", "2.1.1")
@pytest.mark.usefixtures("process_zone")
def test_comment_becomes_a_feed_message_that_can_be_answered(
    ok_channel: ChannelSettings, ok_payload: Payload
) -> None:
    assert message_of(ok_payload("comment"), ok_channel) == Message(
        channel="ok-administration",
        network=Network.OK,
        visibility=Visibility.FEED,
        external_id=f"topic62503929662320_c{COMMENT_ID}",
        author=Author("538901295641", "Рустам Галиев", "https://ok.ru/profile/538901295641"),
        text="На Ленина, 51 не чищен тротуар 😡",
        link=f"{TOPIC_LINK}?commentId={COMMENT_ID}#comment-{COMMENT_ID}",
        posted_at=datetime(2014, 4, 11, 8, 53, 2, 471000, UTC),
        address={"topic_id": "62503929662320", "comment_id": COMMENT_ID},
        conversation="topic62503929662320",
        surroundings=Surroundings("Во дворах чистят снег.", TOPIC_LINK),
    )


@pytest.mark.usefixtures("process_zone")
def test_date_without_milliseconds_is_moscows(
    ok_channel: ChannelSettings, ok_payload: Payload
) -> None:
    body = changed(ok_payload("comment"), "comment", date_ms=...)

    posted_at = message_of(body, ok_channel).posted_at
    assert posted_at == datetime(2014, 4, 11, 8, 53, 2, tzinfo=UTC)


def test_reply_stands_below_the_topic_and_what_it_replies_to(
    ok_channel: ChannelSettings, ok_payload: Payload
) -> None:
    message = message_of(changed(ok_payload("comment"), "", answered="И у нас?"), ok_channel)

    assert message.surroundings == Surroundings("Во дворах чистят снег.\n\nИ у нас?", TOPIC_LINK)


def test_another_group_may_comment_too(ok_channel: ChannelSettings, ok_payload: Payload) -> None:
    body = changed(ok_payload("comment"), "comment", author_ref="group:777", author_id="777")

    author = message_of(body, ok_channel).author
    assert (author.external_id, author.link) == ("-777", "https://ok.ru/group/777")


@pytest.mark.scenario(15)
@pytest.mark.parametrize(
    "author",
    [
        {"author_ref": "group:53001001", "author_id": "53001001"},
        {"author_ref": ..., "author_id": "53001001"},
        {"author_ref": "user:580091", "author_id": "580091"},
    ],
)
@pytest.mark.parametrize("kind", ["comment_new", "comment_edit", "comment_restore"])
def test_groups_own_comment_is_never_a_citizens(
    ok_channel: ChannelSettings, ok_payload: Payload, kind: str, author: dict[str, object]
) -> None:
    body = changed(changed(ok_payload("comment"), "comment", **author), "", feed=kind)

    assert parse(body, ok_channel) == SetAside(NothingToDo.OWN)


@pytest.mark.parametrize(
    ("kind", "expected"), [("comment_edit", MessageEdited), ("comment_restore", MessageRestored)]
)
def test_changed_comment_is_the_known_message(
    ok_channel: ChannelSettings,
    ok_payload: Payload,
    kind: str,
    expected: type[MessageEdited | MessageRestored],
) -> None:
    parsed = parse(changed(ok_payload("comment"), "", feed=kind), ok_channel)

    assert parsed == expected(message_of(ok_payload("comment"), ok_channel))


def test_deleted_comment_is_named_without_a_deleter(
    ok_channel: ChannelSettings, ok_payload: Payload
) -> None:
    event = deletion_event({"id": "62503929662320"}, COMMENT_ID, 1)

    deleted = message_of(ok_payload("comment"), ok_channel).id
    assert parse(event.body, ok_channel) == MessageDeleted(deleted, "")


@pytest.mark.parametrize(
    ("name", "part", "field", "value", "where"),
    [
        ("message", "sender", "user_id", ..., "sender.user_id"),
        ("message", "sender", "user_id", 580501, "sender.user_id"),
        ("message", "recipient", "chat_id", "chat:../../me", "recipient.chat_id"),
        ("message", "message", "mid", "x" * 200, "message.mid"),
        ("message", "message", "text", 5, "message.text"),
        ("message", "", "timestamp", -1, "timestamp"),
        ("message", "", "timestamp", 10**18, "timestamp"),
        ("message", "", "sender", [], "sender"),
        ("comment", "comment", "id", ..., "comment.id"),
        ("comment", "comment", "id", "x" * 200, "comment.id"),
        ("comment", "comment", "text", ["слова"], "comment.text"),
        ("comment", "comment", "date_ms", 10**18, "comment.date_ms"),
        ("comment", "topic", "id", "../x", "topic.id"),
    ],
)
def test_wrong_field_is_named_and_nothing_is_raised(
    ok_channel: ChannelSettings,
    ok_payload: Payload,
    name: str,
    part: str,
    field: str,
    value: object,
    where: str,
) -> None:
    parsed = parse(changed(ok_payload(name), part, **{field: value}), ok_channel)

    assert isinstance(parsed, Unreadable)
    assert parsed.where == where
    assert "слова" not in repr(parsed)


@pytest.mark.parametrize("missing", ["author", "date"])
def test_comment_without_author_or_date_is_for_a_person(
    ok_channel: ChannelSettings, ok_payload: Payload, missing: str
) -> None:
    fields = {
        "author": {"author_id": ..., "author_ref": ...},
        "date": {"date_ms": ..., "date": "вчера"},
    }

    parsed = parse(changed(ok_payload("comment"), "comment", **fields[missing]), ok_channel)

    assert isinstance(parsed, Unreadable)


@pytest.mark.parametrize(("name", "part"), [("message", "message"), ("comment", "comment")])
@pytest.mark.parametrize("text", NASTY)
def test_any_text_is_kept_as_far_as_a_store_can(
    ok_channel: ChannelSettings, ok_payload: Payload, name: str, part: str, text: str
) -> None:
    message = message_of(changed(ok_payload(name), part, text=f"а{text}б"), ok_channel)

    expected = text.replace("\x00", "").replace("\ud800", "")
    assert message.text == f"а{expected}б"


@pytest.mark.parametrize("body", [b"[" * 200_000, b"", b"[]", b'"x"', b"\xff"])
def test_what_is_no_object_is_unreadable(ok_channel: ChannelSettings, body: bytes) -> None:
    assert isinstance(parse(body, ok_channel), Unreadable)


@FUZZ
@given(contents=st.dictionaries(st.text(), JSON), kind=FEED_KINDS | JSON)
def test_no_feed_event_makes_an_exception(
    ok_channel: ChannelSettings, contents: dict[str, object], kind: object
) -> None:
    body = json.dumps({**contents, "feed": kind}).encode()

    assert isinstance(parse(body, ok_channel), Parsed)


@FUZZ
@given(
    value=JSON,
    field=st.sampled_from(["sender", "recipient", "message", "timestamp", "webhookType", "feed"]),
)
def test_no_value_in_a_message_makes_an_exception(
    ok_channel: ChannelSettings, ok_payload: Payload, value: object, field: str
) -> None:
    body = changed(ok_payload("message"), "", **{field: value})

    assert isinstance(parse(body, ok_channel), Parsed)


@FUZZ
@given(
    value=JSON,
    field=st.sampled_from(
        ["id", "author_id", "author_ref", "author_name", "text", "date", "date_ms", "attachments"]
    ),
)
def test_no_value_in_a_comment_makes_an_exception(
    ok_channel: ChannelSettings, ok_payload: Payload, value: object, field: str
) -> None:
    body = changed(ok_payload("comment"), "comment", **{field: value})

    assert isinstance(parse(body, ok_channel), MessageArrived | Unreadable | SetAside)


@FUZZ
@given(body=st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
def test_no_body_makes_an_exception(ok_channel: ChannelSettings, body: bytes) -> None:
    assert isinstance(parse(body, ok_channel), Parsed)
