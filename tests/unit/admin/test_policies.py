"""The page of policies tells everybody what the terms are and how a deadline comes about."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape

import pytest

from bridge.config.document import load_document
from bridge.settings import PROJECT
from bridge.sla.policy import SlaSettings
from bridge.sla.schedule import CalendarSettings
from bridge.sla.service_time import ServiceCalendar
from tests.unit.admin.conftest import CURATOR, LEADER, Pages

EXAMPLES = sorted((PROJECT / "config" / "examples").glob("sla-*.yaml"))


def _seen(pages: Pages, query: str = "", status: int = 200) -> str:
    answer = pages.as_(LEADER).get(f"/admin/policies{query}")
    assert answer.status_code == status
    return unescape(" ".join(answer.get_data(as_text=True).split()))


def test_without_a_question_the_calculator_answers_for_a_message_of_now(pages: Pages) -> None:
    assert 'name="moment" value="2026-11-23T18:30"' in _seen(pages)
    text = _seen(pages, "?source=vk-head:feed")
    assert 'name="moment" value="2026-11-23T18:30"' in text
    assert "включая ночи и выходные: 23.11.2026 18:30 + 4 ч = 23.11.2026 22:30" in text


def test_service_time_is_counted_line_by_line(pages: Pages) -> None:
    text = _seen(pages, "?source=policy:administration&moment=2026-11-03T16:20")
    lines = [
        "вт 03.11, 16:20–17:00: 40 мин, всего 40 мин",
        "ср 04.11: не считается — День народного единства",
        "чт 05.11, 09:00–12:00: 3 ч, всего 3 ч 40 мин",
        "чт 05.11, 12:48–17:08: 4 ч 20 мин, всего 8 ч",
    ]
    assert "".join(f"<li>{line}</li>" for line in lines) in text


def test_a_channels_messages_have_the_policy_of_their_kind(pages: Pages) -> None:
    feed, direct = _seen(pages, "?source=vk-head:feed"), _seen(pages, "?source=vk-head:direct")
    assert "Политика «Страница главы города, лента»." in feed
    assert "Политика «Страница главы города, личные сообщения»." in direct
    assert 'value="vk-head:direct" selected' in direct


def test_photos_and_an_interim_answer_are_reckoned_with(pages: Pages) -> None:
    photos = _seen(pages, "?moment=2026-11-23T10:00&photos=1")
    assert "8 календарных дней после 23.11.2026, до 24:00 01.12.2026" in photos
    interim = _seen(
        pages,
        "?source=vk-head:feed&moment=2026-11-23T10:00&sent=2026-11-23T10:30"
        "&interim=2026-11-23T12:00",
    )
    assert "Окончательный ответ" in interim
    assert "24.11.2026 14:30" in interim


def test_now_wins_over_what_the_fields_say(pages: Pages) -> None:
    text = _seen(pages, "?moment=2026-01-12T10:00&sent=2026-01-12T11:00&now=1")
    assert 'name="moment" value="2026-11-23T18:30"' in text
    assert 'name="sent" value=""' in text


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("?moment=вчера", "Поступило: 'вчера' не прочитать"),
        ("?moment=2026-11-23T10:00&sent=2026-11-23T09:00", "раньше, чем поступило"),
        ("?moment=2026-11-23T10:00&interim=2026-11-23T09:00", "Промежуточный ответ раньше"),
        ("?moment=3026-11-23T10:00", "год 3026 вне календаря"),
        ("?source=fax:feed", "Канала «fax:feed» нет."),
        ("?source=policy:none", "политики «none» нет"),
        ("?source=<script>", "Канала «<script>» нет."),
    ],
)
def test_a_wrong_question_is_told_what_is_wrong_and_the_page_is_there(
    pages: Pages, query: str, told: str
) -> None:
    text = _seen(pages, query, status=400)
    assert told in text
    assert "Рабочий календарь на 2026 год" in text


def test_what_was_typed_cannot_put_markup_into_the_page(pages: Pages) -> None:
    answer = pages.as_(CURATOR).get('/admin/policies?moment="><script>alert(1)</script>')
    assert "<script>alert" not in answer.text


def test_each_policy_is_shown_with_its_terms_in_a_picture_and_in_a_table(pages: Pages) -> None:
    text = _seen(pages)
    assert text.count('<svg class="terms"') == 3
    assert "Направление исполнителю — 1 ч подряд, Подготовка ответа — 4 ч подряд" in text
    assert "Подготовка ответа — 8 ч служебного времени" in text
    assert '<td data-label="Предупреждения">за 15 мин, за 5 мин</td>' in text
    assert '<a href="#clause-3.2.1">п. 3.2.1</a>' in text
    assert "не позднее чем через 4 часа с момента поступления сообщения Исполнителю" in text
    for policy in pages.parts.office.policies.by_key.values():
        assert policy.version in text


@pytest.mark.parametrize("path", EXAMPLES, ids=[path.stem for path in EXAMPLES])
def test_policies_of_other_cities_are_shown_too(pages: Pages, path: object) -> None:
    policies = load_document(path, SlaSettings)  # type: ignore[arg-type]
    key = next(iter(policies.by_key))
    channels = pages.parts.office.channels
    rule = channels.settings[0].policy.model_copy(update={"feed": key, "direct": key})
    own = replace(
        channels,
        settings=tuple(each.model_copy(update={"policy": rule}) for each in channels.settings),
    )
    office = replace(pages.parts.office, policies=policies, channels=own)
    pages.parts.offices.files = office
    text = _seen(pages)
    assert text.count('<svg class="terms"') == len(policies.by_key)


def test_the_year_is_shown_with_its_special_days_and_norms(pages: Pages) -> None:
    text = _seen(pages)
    assert "Рабочий календарь на 2026 год" in text
    assert 'title="праздничный, День народного единства: выходной"' in text
    assert "09:00–12:00 12:48–17:00" in text
    assert pages.parts.office.calendar.version in text
    assert text.count('<table class="month">') == 12


def test_another_year_can_be_turned_to_and_one_not_published_says_so(pages: Pages) -> None:
    assert "Рабочий календарь на 2025 год" in _seen(pages, "?year=2025")
    assert "Переносы выходных на 2031 год не опубликованы" in _seen(pages, "?year=2031")


@pytest.mark.parametrize("year", ["1900", "20261", "x", "²026"])
def test_a_year_the_calendar_cannot_tell_of_is_refused(pages: Pages, year: str) -> None:
    assert "Года нет" in _seen(pages, f"?year={year}", status=400)


def test_a_missing_calendar_of_next_year_is_warned_of(
    make_pages: Callable[..., Pages],
) -> None:
    pages = make_pages()
    settings = load_document(PROJECT / "config" / "calendar.yaml", CalendarSettings)
    old = settings.model_copy(
        update={"published_years": settings.published_years.model_copy(update={"last": 2026})}
    )
    office = replace(pages.parts.office, calendar=ServiceCalendar(old))
    pages.parts.offices.files = office
    pages.clock.instant = datetime(2026, 11, 2, tzinfo=UTC)
    assert "Производственный календарь на 2027 год не загружен" in _seen(pages)


def test_whoever_has_not_logged_in_sees_nothing(pages: Pages) -> None:
    assert pages.app.test_client().get("/admin/policies").status_code == 302
