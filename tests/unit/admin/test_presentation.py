"""Pages write durations as people say them."""

from datetime import UTC, datetime, timedelta

import pytest

from bridge.admin.presentation import remaining, rounded

NOW = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("duration", "written"),
    [
        (timedelta(seconds=40), "40 с"),
        (timedelta(minutes=25, seconds=59), "25 мин"),
        (timedelta(hours=3, minutes=10), "3 ч 10 мин"),
        (timedelta(days=1), "1 день"),
        (timedelta(days=2, hours=4, minutes=59), "2 дня 4 ч"),
        (timedelta(days=21), "21 день"),
    ],
)
def test_durations_are_as_exact_as_one_needs(duration: timedelta, written: str) -> None:
    assert rounded(duration) == written


def test_what_is_late_says_by_how_much() -> None:
    assert remaining(NOW + timedelta(hours=2), NOW) == "осталось 2 ч"
    assert remaining(NOW - timedelta(minutes=40), NOW) == "просрочено на 40 мин"
