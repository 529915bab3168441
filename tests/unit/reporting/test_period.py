"""Periods are whole days of the office's calendar, wherever the machine is."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from bridge.reporting.period import (
    CALENDAR_KINDS,
    SETTLING,
    Period,
    PeriodKind,
    before,
    last_closed,
    period_between,
    period_of,
)
from bridge.reporting.stretches import cut

PERM = ZoneInfo("Asia/Yekaterinburg")
NEW_YORK = ZoneInfo("America/New_York")
DAY = date(2026, 11, 23)


@pytest.mark.parametrize("machine_zone", ["UTC", "America/New_York"])
def test_a_day_is_the_offices_whatever_the_machines_zone(machine_zone: str) -> None:
    with time_machine.travel(datetime(2026, 11, 23, 12, tzinfo=ZoneInfo(machine_zone))):
        day = period_of(PeriodKind.DAY, DAY)
        assert day.start(PERM) == datetime(2026, 11, 22, 19, tzinfo=UTC)
        assert day.end(PERM) == datetime(2026, 11, 23, 19, tzinfo=UTC)


def test_a_day_on_which_clocks_are_put_back_has_25_hours() -> None:
    day = period_of(PeriodKind.DAY, date(2026, 11, 1))
    assert day.end(NEW_YORK) - day.start(NEW_YORK) == timedelta(hours=25)
    assert len(cut(day, NEW_YORK)) == 25


@pytest.mark.parametrize(
    ("kind", "first", "last", "title"),
    [
        (PeriodKind.DAY, DAY, DAY, "за 23 ноября 2026"),
        (PeriodKind.WEEK, DAY, date(2026, 11, 29), "за неделю 23–29 ноября 2026"),
        (PeriodKind.MONTH, date(2026, 11, 1), date(2026, 11, 30), "за ноябрь 2026"),
        (PeriodKind.QUARTER, date(2026, 10, 1), date(2026, 12, 31), "за IV квартал 2026"),
        (PeriodKind.YEAR, date(2026, 1, 1), date(2026, 12, 31), "за 2026 год"),
    ],
)
def test_a_calendar_period_has_its_days_and_its_name(
    kind: PeriodKind, first: date, last: date, title: str
) -> None:
    period = period_of(kind, DAY)
    assert (period.first, period.last, period.title) == (first, last, title)


@pytest.mark.parametrize(
    ("first", "last", "title"),
    [
        (date(2026, 11, 5), date(2026, 11, 5), "за 5 ноября 2026"),
        (date(2026, 10, 30), date(2026, 11, 2), "за 30 октября – 2 ноября 2026"),
        (date(2026, 12, 30), date(2027, 1, 2), "за 30 декабря 2026 – 2 января 2027"),
    ],
)
def test_any_dates_are_called_as_people_say_them(first: date, last: date, title: str) -> None:
    assert Period(PeriodKind.DATES, first, last).title == title


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match=r"22\.11\.2026"):
        Period(PeriodKind.DATES, DAY, date(2026, 11, 22))


@pytest.mark.parametrize("kind", CALENDAR_KINDS)
def test_dates_that_are_a_calendar_period_are_that_period(kind: PeriodKind) -> None:
    period = period_of(kind, DAY)
    assert period_between(period.first, period.last) == period
    assert period_between(period.first, period.until).kind is PeriodKind.DATES


@pytest.mark.parametrize("kind", CALENDAR_KINDS)
def test_periods_of_a_kind_follow_each_other_without_a_gap(kind: PeriodKind) -> None:
    period = period_of(kind, DAY)
    assert before(period).until == period.first


def test_a_period_is_closed_when_what_happened_in_it_has_arrived() -> None:
    day = period_of(PeriodKind.DAY, DAY)
    midnight = day.end(PERM)
    assert not day.is_closed(midnight + SETTLING - timedelta(seconds=1), PERM)
    assert day.is_closed(midnight + SETTLING, PERM)
    assert last_closed(PeriodKind.DAY, midnight + SETTLING, PERM) == day
    assert last_closed(PeriodKind.DAY, midnight, PERM) == before(day)


@pytest.mark.parametrize(
    ("period", "parts", "label"),
    [
        (period_of(PeriodKind.DAY, DAY), 24, "00"),
        (period_of(PeriodKind.MONTH, DAY), 30, "01.11"),
        (period_of(PeriodKind.QUARTER, DAY), 14, "с 01.10"),
        (period_of(PeriodKind.YEAR, DAY), 12, "янв. 26"),
    ],
)
def test_a_chart_shows_some_dozen_parts_without_gaps(
    period: Period, parts: int, label: str
) -> None:
    found = cut(period, PERM)
    assert (len(found), found[0].label) == (parts, label)
    assert (found[0].start, found[-1].end) == (period.start(PERM), period.end(PERM))
    assert [part.end for part in found[:-1]] == [part.start for part in found[1:]]
