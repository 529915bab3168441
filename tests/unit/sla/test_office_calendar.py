from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bridge.sla.office_calendar import OfficeCalendar
from bridge.sla.production_calendar import DayKind, ProductionDay
from bridge.sla.schedule import CalendarSettings, DayOverride, Interval, WeekSchedule

Changed = Callable[..., CalendarSettings]
FRIDAY_HOURS = (Interval(start=540, end=720), Interval(start=768, end=1020))


def office(changed: Changed, **override: Any) -> OfficeCalendar:
    return OfficeCalendar(changed(overrides=(DayOverride(reason="Приказ 1", **override),)))


def test_a_friday_and_a_shortened_thursday_end_at_17(calendar_settings: CalendarSettings) -> None:
    office = OfficeCalendar(calendar_settings)
    assert office.day(date(2026, 11, 27)).hours == FRIDAY_HOURS
    assert office.day(date(2026, 6, 11)).hours == FRIDAY_HOURS


def test_a_working_saturday_has_the_hours_of_the_day_it_replaces(changed: Changed) -> None:
    tuesday_only = WeekSchedule(valid_from=date(2000, 1, 1), tuesday=("10:00-15:00",))
    saturday = OfficeCalendar(changed(schedules=(tuesday_only,))).day(date(2024, 11, 2))
    assert saturday.hours == (Interval(start=600, end=840),)  # 30.04.2024, shortened


def test_a_saturday_swapped_with_a_friday_by_the_office_has_fridays_hours(changed: Changed) -> None:
    saturday = office(changed, date=date(2026, 8, 8), works_as="friday").day(date(2026, 8, 8))
    assert saturday.hours == FRIDAY_HOURS
    assert saturday.note == "Приказ 1"


def test_a_local_day_off_has_no_hours(changed: Changed) -> None:
    assert not office(changed, date=date(2026, 6, 15), day_off=True).day(date(2026, 6, 15)).hours


def test_hours_changed_for_one_date_win_over_a_public_holiday(changed: Changed) -> None:
    on_duty = office(changed, date=date(2026, 11, 4), hours=("10:00-12:00",))
    assert on_duty.day(date(2026, 11, 4)).minutes == 120


def test_the_office_can_shorten_a_usual_day(changed: Changed) -> None:
    day = office(changed, date=date(2026, 11, 23), shortened=True).day(date(2026, 11, 23))
    assert day.hours == FRIDAY_HOURS


def test_a_schedule_holds_from_its_date_on(
    changed: Changed, calendar_settings: CalendarSettings
) -> None:
    later = WeekSchedule(valid_from=date(2026, 12, 1), monday=("08:00-12:00",))
    office = OfficeCalendar(changed(schedules=(*calendar_settings.schedules, later)))
    assert office.day(date(2026, 11, 30)).minutes == 492
    assert office.day(date(2026, 12, 7)).minutes == 240
    assert not office.day(date(2026, 12, 1)).is_working


def test_a_date_before_the_first_schedule_is_refused(calendar_settings: CalendarSettings) -> None:
    with pytest.raises(ValueError, match=r"расписание в calendar\.yaml начинается позже"):
        OfficeCalendar(calendar_settings).day(date(1999, 12, 31))


def test_a_year_said_to_be_published_is_provisional_without_its_moved_days(
    changed: Changed,
) -> None:
    published = {"first": 2022, "last": 2028}
    moved = DayOverride(date=date(2028, 5, 8), reason="Постановление", day_off=True)
    assert OfficeCalendar(changed(published_years=published)).is_provisional(2028)
    with_decree = changed(published_years=published, overrides=(moved,))
    assert not OfficeCalendar(with_decree).is_provisional(2028)


def test_a_working_saturday_swapped_with_an_unknown_day_is_refused_and_not_guessed(
    calendar_settings: CalendarSettings, changed: Changed, monkeypatch: pytest.MonkeyPatch
) -> None:
    saturday = date(2026, 8, 8)
    unknown = ProductionDay(saturday, DayKind.WORKING_WEEKEND, None, shortened=False, name="")
    monkeypatch.setattr("bridge.sla.office_calendar.production_day", lambda _: unknown)
    with pytest.raises(ValueError, match="неизвестно, за какой день; внесите её в calendar"):
        OfficeCalendar(calendar_settings).day(saturday)
    assert office(changed, date=saturday, works_as="friday").day(saturday).hours == FRIDAY_HOURS


@pytest.mark.parametrize(
    ("now", "year"),
    [
        (datetime(2027, 10, 31, 18, 59, tzinfo=UTC), None),
        (datetime(2027, 10, 31, 19, 0, tzinfo=UTC), "2028"),  # 1 November in the office's zone
        (datetime(2028, 3, 1, tzinfo=UTC), "2028"),
        (datetime(2026, 12, 31, tzinfo=UTC), None),
    ],
)
def test_a_missing_year_is_a_warning_from_november_on(
    calendar_settings: CalendarSettings, now: datetime, year: str | None
) -> None:
    warning = OfficeCalendar(calendar_settings).year_warning(now)
    assert warning is None if year is None else f"на {year} год" in str(warning)
