"""A card of a system becomes one message; what cannot be read says where and why."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.ingest.exchange import parse
from bridge.ingest.exchange_events import Found, events_of
from bridge.ingest.port import (
    MessageArrived,
    MessageEdited,
    NothingToDo,
    Parsed,
    SetAside,
    Unreadable,
)
from bridge.messages import Attachment, Author, Message, Network, Visibility
from tests.exchange_channel import exchange_channel

CHANNEL = exchange_channel()
ROW = {
    "Номер": "ИМ-17",
    "Текст": "На Ленина яма.\nКогда заделаете?",
    "Зарегистрировано": "24.11.2026 16:20",
    "Ссылка": "https://vk.com/wall-1001_2?reply=7",
    "Источник": "ВКонтакте",
    "Автор": "Анна Мальцева",
    "Ссылка на автора": "https://vk.com/id501",
    "Тема": "Дороги; Ямы",
    "Район": "Свердловский",
    "Срок": "26.11.2026 18:00",
    "Вложения": "https://files.example/1.jpg https://files.example/plan.pdf",
}


def parsed(*records: Any, network: Network = Network.INCIDENT, **exchange: Any) -> Parsed:
    channel = exchange_channel(network, **exchange)
    event = events_of(Found("строка 5", records), channel.exchange_section).events[0]
    return parse(event.body, channel)


def message(*records: Any, network: Network = Network.INCIDENT, **exchange: Any) -> Message:
    arrived = parsed(*records, network=network, **exchange)
    assert isinstance(arrived, MessageArrived), arrived
    return arrived.message


@pytest.mark.clause("1.1", "2.1.1", "3.1")
def test_card_becomes_a_message_with_all_that_it_tells() -> None:
    told = message(ROW)
    assert told.external_number == "incident:feed:ИМ-17"
    assert told.text == "На Ленина яма.\nКогда заделаете?"
    assert told.posted_at == datetime(2026, 11, 24, 11, 20, tzinfo=UTC)
    assert told.author == Author("https://vk.com/id501", "Анна Мальцева", "https://vk.com/id501")
    assert told.link == "https://vk.com/wall-1001_2?reply=7"
    assert told.also_known_as == ("vk:feed:wall-1001_2_r7",)
    assert told.topics == ("Дороги", "Ямы")
    assert told.district == "Свердловский"
    assert told.attachments == (
        Attachment("photo", "https://files.example/1.jpg", "1.jpg"),
        Attachment("doc", "https://files.example/plan.pdf", "plan.pdf"),
    )
    assert told.address == {"number": "ИМ-17", "link": told.link}
    assert told.surroundings
    assert "26.11.2026 18:00" in told.surroundings.text


def test_incident_with_several_source_posts_is_one_message_known_by_each() -> None:
    others = [ROW | {"Ссылка": f"vk.com/wall-1001_{post}"} for post in (3, 4)]
    told = message(ROW, *others)
    assert told.text == ROW["Текст"]
    assert told.also_known_as == (
        "vk:feed:wall-1001_2_r7",
        "vk:feed:wall-1001_3",
        "vk:feed:wall-1001_4",
    )
    assert told.surroundings
    assert "https://vk.com/wall-1001_4" in told.surroundings.text


def test_incident_about_hundreds_of_posts_knows_them_all_and_shows_some() -> None:
    rows = [ROW | {"Ссылка": f"vk.com/wall-1001_{post}"} for post in range(1, 301)]
    told = message(*rows)
    assert len(told.also_known_as) == 300
    assert told.surroundings
    assert "и ещё 279" in told.surroundings.text


def test_different_words_of_source_posts_are_all_told() -> None:
    told = message(ROW, ROW | {"Текст": "И на Мира яма"})
    assert told.text == "На Ленина яма.\nКогда заделаете?\n\nИ на Мира яма"


@pytest.mark.clause("1.2.4", "3.2.2")
@pytest.mark.parametrize(
    ("written", "visibility"),
    [
        ("Личное сообщение", Visibility.DIRECT),
        ("ЛС", Visibility.DIRECT),
        ("в личку", Visibility.DIRECT),
        ("direct", Visibility.DIRECT),
        ("Комментарий", Visibility.FEED),
        ("публичное", Visibility.FEED),
        (True, Visibility.DIRECT),
        (False, Visibility.FEED),
        (None, Visibility.FEED),
    ],
)
def test_private_message_is_told_from_a_public_one(
    written: str | bool | None, visibility: Visibility
) -> None:
    assert message(ROW | {"Вид": written}, network=Network.MSS).visibility is visibility


def test_json_card_is_read_by_dotted_paths() -> None:
    card = {
        "id": 17,
        "message": {"body": "Яма", "when": "2026-11-24T16:20:00+05:00"},
        "author": {"name": "Анна", "link": "https://vk.com/id501", "id": 501},
        "posts": [{"url": "ignored"}, "https://vk.com/wall-1_2", "https://vk.com/wall-1_3"],
    }
    told = message(
        card,
        fields={
            "number": ["Номер", "id"],
            "text": "message.body",
            "registered_at": "message.when",
            "links": "posts",
        },
    )
    assert (told.external_id, told.text) == ("17", "Яма")
    assert told.author == Author("501", "Анна", "https://vk.com/id501")
    assert told.also_known_as == ("vk:feed:wall-1_2", "vk:feed:wall-1_3")


def test_titles_are_found_however_they_are_spelt() -> None:
    row = {" НОМЕР: ": 1.0, "текст": "Ёлка", "Зарегистрировано *": "24.11.2026 16:20"}
    assert message(row).external_id == "1"


def test_link_of_the_card_goes_before_its_source() -> None:
    row = ROW | {"Ссылка на карточку": "https://incident.example/17"}
    assert message(row).link == "https://incident.example/17"
    by_template = message(ROW, card_link="https://incident.example/cards/{number}")
    assert by_template.link == "https://incident.example/cards/%D0%98%D0%9C-17"


def test_link_that_no_browser_may_open_is_left_out() -> None:
    row = ROW | {"Ссылка на карточку": "javascript:alert(1)", "Ссылка": "file:///etc/passwd"}
    told = message(row)
    assert told.link == ""
    assert told.also_known_as == ()


@pytest.mark.scenario(15)
@pytest.mark.parametrize(
    ("told", "own"),
    [
        ({"Ссылка на автора": "https://m.vk.com/Perm_Gorod/"}, "vk.com/perm_gorod"),
        ({"Ссылка на автора": "vk.com/perm_gorod"}, "https://vk.com/perm_gorod"),
        ({"Автор": "Администрация  города Перми"}, "администрация города Перми"),
    ],
)
def test_own_text_that_a_system_found_is_no_message(told: dict[str, str], own: str) -> None:
    assert isinstance(parsed(ROW | told), MessageArrived)
    assert parsed(ROW | told, own_authors=[own]) == SetAside(NothingToDo.OWN)


def test_host_of_the_sandbox_is_vk_where_the_configuration_says_so() -> None:
    row = ROW | {"Ссылка": "http://127.0.0.1:8770/wall-1_2?reply=3"}
    assert message(row).also_known_as == ()
    told = message(row, source_hosts={"vk": ["127.0.0.1:8770"]})
    assert told.also_known_as == ("vk:feed:wall-1_2_r3",)


def test_words_stay_as_written_but_for_what_no_store_takes() -> None:
    text = "Яма 😀 \u202eабв\u202c <b>&\n  отступ\ttab"
    assert message(ROW | {"Текст": f"{text}\x00\ud800"}).text == text


def test_picture_without_words_is_a_message() -> None:
    assert message(ROW | {"Текст": ""}).attachments


@pytest.mark.parametrize(
    ("change", "where", "reason"),
    [
        ({"Номер": None}, "number", "нет номера"),
        ({"Номер": "1" * 101}, "number", "длиннее"),
        ({"Номер": ["a\x07"]}, "number", "нечитаем"),
        ({"Номер": {"a": 1}}, "number", "нет номера"),
        ({"Текст": "  ", "Вложения": None}, "text", "нет текста"),
        ({"Текст": "я" * 200_001}, "text", "длиннее"),
        ({"Зарегистрировано": None}, "registered_at", "нет времени регистрации"),
        ({"Зарегистрировано": "на днях"}, "registered_at", "непонятно"),
        ({"Зарегистрировано": "24.11.2026"}, "registered_at", "нет времени, только день"),
        ({"Зарегистрировано": [[]]}, "registered_at", "нет времени регистрации"),
    ],
)
def test_card_that_cannot_be_read_says_where_and_why(
    change: dict[str, Any], where: str, reason: str
) -> None:
    answer = parsed(ROW | change)
    assert isinstance(answer, Unreadable)
    assert answer.where == f"строка 5: {where}"
    assert reason in answer.reason


def test_why_a_card_cannot_be_read_repeats_none_of_its_words() -> None:
    answer = parsed(ROW | {"Зарегистрировано": "секрет гражданина"})
    assert "секрет" not in repr(answer)


def test_card_unreadable_today_is_read_when_the_configuration_is_mended() -> None:
    row = {"Код": 5, "Текст": "Яма", "Зарегистрировано": "24.11.2026 16:20"}
    (event,) = events_of(Found("строка 2", (row,)), CHANNEL.exchange_section).events
    assert isinstance(parse(event.body, CHANNEL), Unreadable)
    mended = exchange_channel(fields={"number": ["Номер", "Код"]})
    assert isinstance(parse(event.body, mended), MessageArrived)


@pytest.mark.scenario(13)
def test_card_that_comes_again_makes_the_same_events() -> None:
    exchange = CHANNEL.exchange_section
    first = events_of(Found("строка 5", (ROW,)), exchange).events
    again = events_of(Found("строка 9", (ROW | {"Статус": "в работе"},)), exchange).events
    assert [event.external_id for event in first] == [event.external_id for event in again]


@pytest.mark.parametrize(
    "change",
    [{"Текст": "На Ленина две ямы"}, {"Ссылка": "vk.com/wall-1_9"}, {"Вложения": "a.ru/b"}],
)
def test_card_that_reads_differently_makes_one_more_event_an_edit(change: dict[str, str]) -> None:
    exchange = CHANNEL.exchange_section
    first = {event.external_id for event in events_of(Found("", (ROW,)), exchange).events}
    now = events_of(Found("", (ROW | change,)), exchange).events
    (news,) = [event for event in now if event.external_id not in first]
    edited = parse(news.body, CHANNEL)
    assert isinstance(edited, MessageEdited)
    assert edited.message.external_id == "ИМ-17"


def test_card_put_back_to_earlier_words_is_an_edit_where_it_says_when_it_changed() -> None:
    exchange = CHANNEL.exchange_section
    first, second = (
        events_of(Found("", (ROW | {"Изменено": f"24.11.2026 1{hour}:00"},)), exchange).events
        for hour in (7, 9)
    )
    assert first[0].external_id == second[0].external_id
    assert first[1].external_id != second[1].external_id


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff", b"[]", b"1", b"{}", b'{"records": 1}', b'{"records": [1]}', b"[" * 99_999],
)
def test_body_that_is_no_card_is_unreadable(body: bytes) -> None:
    assert isinstance(parse(body, CHANNEL), Unreadable)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*ROW, "x"]), json_values), json_values)
def test_any_card_is_read_or_says_why_not(changes: dict[str, Any], body: Any) -> None:
    events = events_of(Found("карточка 1", (ROW | changes,)), CHANNEL.exchange_section).events
    for event in events:
        assert len(event.external_id) <= 128
        event.body.decode("ascii")
        assert isinstance(parse(event.body, CHANNEL), MessageArrived | MessageEdited | Unreadable)
    assert isinstance(parse(json.dumps(body).encode(), CHANNEL), Unreadable | MessageArrived)
