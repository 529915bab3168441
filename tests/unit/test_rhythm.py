"""A source that goes silent without an error is noticed by its own rhythm (scenario 14)."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bridge.rhythm import Silence, is_unusual

pytestmark = pytest.mark.scenario(14)

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
"""A Wednesday."""


def office_hours(days: int, weekends: bool = True) -> Iterator[datetime]:
    """Something every half an hour from nine to six, on so many days before Wednesday's noon."""
    for day in range(days, -1, -1):
        date = NOON.replace(hour=9) - timedelta(days=day)
        if weekends or date.weekday() < 5:
            yield from (date + timedelta(minutes=30 * number) for number in range(19))


def unusual(arrivals: Iterator[datetime], now: datetime, last: datetime) -> bool:
    past = [at for at in arrivals if at <= last]
    silence = Silence(past[0], last, now)
    return is_unusual(silence, lambda after, until: any(after < at <= until for at in past))


def test_two_silent_hours_of_a_busy_day_are_unusual() -> None:
    assert unusual(office_hours(20), NOON, NOON - timedelta(hours=2))


def test_a_short_silence_is_not() -> None:
    assert not unusual(office_hours(20), NOON, NOON - timedelta(minutes=25))


def test_the_night_is_silent_as_ever() -> None:
    midnight = NOON + timedelta(hours=12)
    assert not unusual(office_hours(20), midnight, NOON + timedelta(hours=6))


def test_a_silent_morning_is_noticed_though_the_night_was_silent_too() -> None:
    last_evening = (NOON - timedelta(days=1)).replace(hour=18)
    assert unusual(office_hours(20), NOON, last_evening)


def test_a_weekend_that_is_always_silent_is_no_alarm() -> None:
    saturday = NOON + timedelta(days=3)
    friday_evening = (NOON + timedelta(days=2)).replace(hour=18)
    weekdays = [at + timedelta(days=3) for at in office_hours(28)]
    heard = iter([at for at in weekdays if at.weekday() < 5])
    assert not unusual(heard, saturday, friday_evening)


def test_a_source_without_a_past_has_no_rhythm() -> None:
    assert not unusual(office_hours(3), NOON, NOON - timedelta(hours=2))


def test_a_page_that_is_mostly_silent_is_left_in_peace() -> None:
    monthly = iter([NOON - timedelta(days=day) for day in (27, 14, 1)])
    assert not unusual(monthly, NOON, NOON - timedelta(days=1))
