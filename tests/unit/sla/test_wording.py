from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bridge.sla.policy import ClockKind
from bridge.sla.wording import CLOCK_TITLES, amount, cited, counted, local_moment


@pytest.mark.parametrize(
    ("duration", "words"),
    [
        (timedelta(hours=1, minutes=40), "1 ч 40 мин"),
        (timedelta(days=2), "48 ч"),
        (timedelta(minutes=30), "30 мин"),
        (timedelta(minutes=1, seconds=5), "1 мин 5 с"),
        (timedelta(0), "0 мин"),
    ],
)
def test_an_amount_reads_in_hours_and_minutes(duration: timedelta, words: str) -> None:
    assert amount(duration) == words


def test_a_moment_is_shown_by_the_offices_clocks() -> None:
    zone = ZoneInfo("Asia/Yekaterinburg")
    assert local_moment(datetime(2026, 11, 23, 13, 30, tzinfo=UTC), zone) == "23.11.2026 18:30"
    assert local_moment(datetime(2026, 11, 23, 19, 0, 7, tzinfo=UTC), zone) == "24.11.2026 00:00:07"


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "1 день"),
        (2, "2 дня"),
        (5, "5 дней"),
        (11, "11 дней"),
        (21, "21 день"),
        (112, "112 дней"),
    ],
)
def test_a_noun_agrees_with_its_number(number: int, words: str) -> None:
    assert counted(number, "день", "дня", "дней") == words


def test_a_numbered_clause_is_cited_as_one() -> None:
    assert cited("3.2.1") == "п. 3.2.1"
    assert cited("порядок: срок ответа") == "порядок: срок ответа"


def test_every_clock_has_a_title_for_staff() -> None:
    assert set(CLOCK_TITLES) == set(ClockKind)
