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
from tests.unit.ingest.conftest import JSON, PAYLOADS

Payload = Callable[[str], bytes]

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


ITEMS = pytest.mark.parametrize(
    ("name", "external_id", "link", "kind"),
    [
        ("photo_comment", "photo-1001_9_r33", "photo-1001_9?reply=33", "photo"),
        ("video_comment", "video-1001_9_r33", "video-1001_9?reply=33", "video"),
        ("market_comment", "market-1001_9_r33", "market-1001?w=product-1001_9&reply=33", "market"),
        ("board_post", "topic-1001_9_p33", "topic-1001_9?post=33", "topic"),
    ],
)


@pytest.mark.clause("1.2.3", "2.1.1")
@ITEMS
def test_comment_on_something_else_than_a_post_becomes_a_feed_message(
    channel: ChannelSettings, payload: Payload, name: str, external_id: str, link: str, kind: str
) -> None:
    message = message_of(payload(name), channel)

    assert (message.visibility, message.external_id) == (Visibility.FEED, external_id)
    assert message.link == f"https://vk.com/{link}"
    assert message.address == {
        "item_kind": kind,
        "owner_id": -1001,
        "item_id": 9,
        "comment_id": 33,
    }
    assert message.text == "Когда откроют?"


@ITEMS
def test_such_a_comment_is_known_when_edited_restored_and_deleted(
    channel: ChannelSettings, payload: Payload, name: str, external_id: str, link: str, kind: str
) -> None:
    assert external_id, (link, kind)
    known = message_of(payload(name), channel)

    edited = parse(retyped(changed(payload(name), text="Иначе"), f"{name}_edit"), channel)
    restored = parse(retyped(payload(name), f"{name}_restore"), channel)
    deleted = parse(payload(f"{name}_deleted"), channel)

    assert isinstance(edited, MessageEdited)
    assert (edited.message.id, edited.message.text) == (known.id, "Иначе")
    assert restored == MessageRestored(known)
    assert isinstance(deleted, MessageDeleted)
    assert deleted.id == known.id


@pytest.mark.scenario(15)
@ITEMS
def test_the_communitys_own_words_and_other_owners_are_set_aside(
    channel: ChannelSettings, payload: Payload, name: str, external_id: str, link: str, kind: str
) -> None:
    assert external_id, link
    body, owner = payload(name), f"{kind}_owner_id"

    assert parse(changed(body, from_id=-1001), channel) == SetAside(NothingToDo.OWN)
    assert parse(changed(body, **{owner: -7}), channel) == SetAside(NothingToDo.ELSEWHERE)


def test_posts_of_one_person_in_a_discussion_are_one_conversation(
    channel: ChannelSettings, payload: Payload
) -> None:
    first = message_of(payload("board_post"), channel)
    second = message_of(changed(payload("board_post"), id=34), channel)

    assert first.conversation == second.conversation == "topic-1001_9"


def test_reply_below_a_photo_is_in_the_conversation_of_its_thread(
    channel: ChannelSettings, payload: Payload
) -> None:
    first = message_of(payload("photo_comment"), channel)
    reply = message_of(changed(payload("photo_comment"), id=34, parents_stack=[33]), channel)

    assert first.conversation == reply.conversation == "photo-1001_9/r33"


def test_suggested_post_has_an_address_of_its_own_kind(
    channel: ChannelSettings, payload: Payload
) -> None:
    address = message_of(payload("post_suggested"), channel).address

    assert address == {"owner_id": -1001, "suggested_post_id": 42}


def test_forwarded_messages_are_part_of_what_the_citizen_says(
    channel: ChannelSettings, payload: Payload
) -> None:
    message = message_of(payload("message_forwarded"), channel)

    assert message.text == (
        "Что с этим делать?\n\n"
        "Пересланное сообщение: «Во дворе прорвало трубу»\n\n"
        "Пересланное сообщение: «Вода уже в подвале»"
    )
    assert [file.url for file in message.attachments] == ["https://sun.example/x.jpg"]


def test_message_that_is_answered_is_what_the_new_one_stands_below(
    channel: ChannelSettings, payload: Payload
) -> None:
    message = message_of(payload("message_in_reply"), channel)

    assert message.text == "А когда?"
    assert message.surroundings is not None
    assert message.surroundings.text == "Ремонт начнётся в понедельник."


def test_place_is_shown_on_a_map(channel: ChannelSettings, payload: Payload) -> None:
    message = message_of(payload("message_with_place"), channel)

    assert [(file.kind, file.url, file.title) for file in message.attachments] == [
        (
            "geo",
            "https://yandex.ru/maps/?pt=56.229443,58.010455&z=17&l=map",
            "Пермь, ул. Ленина (58.010455, 56.229443)",
        )
    ]


def test_place_of_a_post_is_told_in_one_text(channel: ChannelSettings, payload: Payload) -> None:
    geo = {"type": "point", "coordinates": "58.010455 56.229443"}
    message = message_of(changed(payload("post_of_citizen"), geo=geo), channel)

    assert message.attachments[-1].title == "58.010455, 56.229443"


def test_voice_stickers_posts_and_files_have_links_and_titles(
    channel: ChannelSettings, payload: Payload
) -> None:
    message = message_of(payload("message_voice"), channel)

    assert [(file.kind, file.url, file.title) for file in message.attachments] == [
        ("audio_message", "https://psv.example/voice.mp3", ""),
        ("sticker", "https://vk.com/sticker/64.png", ""),
        ("wall", "https://vk.com/wall-1001_2", "Отключение воды 24 ноября"),
        ("wall_reply", "https://vk.com/wall-1001_2?reply=40", "У нас так же"),
        ("doc", "https://vk.com/doc501_6", "заявление.pdf"),
    ]


def test_shortened_message_is_marked_for_being_fetched_whole(
    channel: ChannelSettings, payload: Payload
) -> None:
    assert message_of(payload("message_cropped"), channel).address["is_cropped"] == 1
    assert "is_cropped" not in message_of(payload("message"), channel).address


def with_message_field(body: bytes, field: str, value: object) -> bytes:
    event = json.loads(body)
    event["object"]["message"][field] = value
    return json.dumps(event).encode()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=JSON, field=st.sampled_from(["fwd_messages", "reply_message", "geo", "is_cropped"]))
def test_what_a_message_carries_along_never_costs_it(
    channel: ChannelSettings, payload: Payload, value: object, field: str
) -> None:
    body = with_message_field(payload("message"), field, value)

    assert "детского сада" in message_of(body, channel).text


def test_forwarded_messages_are_bounded_in_number_depth_and_length(
    channel: ChannelSettings, payload: Payload
) -> None:
    nested: dict[str, object] = {"text": "самое глубокое"}
    for _ in range(50):
        nested = {"text": "слой", "fwd_messages": [nested]}
    long = [{"text": "снег " * 1000} for _ in range(500)]

    deep = message_of(with_message_field(payload("message"), "fwd_messages", [nested]), channel)
    wide = message_of(with_message_field(payload("message"), "fwd_messages", long), channel)

    assert deep.text.count("слой") == 3
    assert len(wide.text) < 5_000


@pytest.mark.parametrize("name", [path.stem for path in sorted(PAYLOADS.glob("*.json"))])
def test_every_recorded_event_is_read(
    channel: ChannelSettings, payload: Payload, name: str
) -> None:
    assert not isinstance(parse(payload(name), channel), Unreadable)
