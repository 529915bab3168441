from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.sla.schedule import CalendarSettings, DayOverride, WeekSchedule
from bridge.sla.service_time import ServiceCalendar

Changed = Callable[..., CalendarSettings]
Moment = Callable[[str], datetime]
ROUND_THE_CLOCK = WeekSchedule.model_validate(
    {
        "valid_from": date(2000, 1, 1),
        **dict.fromkeys(
            ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
            ("00:00-24:00",),
        ),
    }
)
# Every edge of the office's hours is a multiple of it, so steps of it count exactly.
STEP = timedelta(minutes=12)
FIRST = datetime(2022, 1, 3, tzinfo=UTC)
# As many in each of the three zones that the tests here run under.
few = settings(max_examples=35)
instants = st.timedeltas(timedelta(0), timedelta(days=7 * 365)).map(lambda since: FIRST + since)
amounts = st.timedeltas(timedelta(0), timedelta(hours=500))


@few
@given(start=instants, amount=amounts)
def test_adding_then_measuring_gives_back_the_amount(
    calendar: ServiceCalendar, start: datetime, amount: timedelta
) -> None:
    due = calendar.add(start, amount)
    assert due >= start
    assert calendar.between(start, due) == amount


@few
@given(due=instants, amount=amounts)
def test_subtracting_then_measuring_gives_back_the_amount(
    calendar: ServiceCalendar, due: datetime, amount: timedelta
) -> None:
    warning = calendar.subtract(due, amount)
    assert warning <= due
    assert calendar.between(warning, due) == amount


@few
@given(first=instants, second=instants, amount=amounts)
def test_the_due_is_monotonous_in_the_start(
    calendar: ServiceCalendar, first: datetime, second: datetime, amount: timedelta
) -> None:
    earlier, later = sorted((first, second))
    assert calendar.add(earlier, amount) <= calendar.add(later, amount)


@few
@given(start=instants, amount=amounts, further=amounts)
def test_two_additions_are_one_of_their_sum(
    calendar: ServiceCalendar, start: datetime, amount: timedelta, further: timedelta
) -> None:
    in_two_steps = calendar.add(calendar.add(start, amount), further)
    assert calendar.between(start, in_two_steps) == amount + further


@few
@given(steps_before=st.integers(0, 7 * 365 * 120), steps=st.integers(0, 12 * 120))
def test_a_span_measures_as_much_as_one_counts_step_by_step(
    calendar: ServiceCalendar, steps_before: int, steps: int
) -> None:
    start = FIRST + steps_before * STEP
    counted = sum(is_working_minute(calendar, start + n * STEP) for n in range(steps))
    assert calendar.between(start, start + steps * STEP) == counted * STEP


def is_working_minute(calendar: ServiceCalendar, instant: datetime) -> bool:
    local = instant.astimezone(calendar.zone)
    minute = local.hour * 60 + local.minute
    return any(
        hours.start <= minute < hours.end for hours in calendar.office.day(local.date()).hours
    )


@few
@given(start=instants, amount=amounts)
def test_the_segments_of_a_span_add_up_to_it(
    calendar: ServiceCalendar, start: datetime, amount: timedelta
) -> None:
    segments = calendar.segments(start, calendar.add(start, amount))
    assert sum((segment.amount for segment in segments), timedelta()) == amount


@pytest.mark.scenario(7)
@few
@given(instant=instants)
def test_the_answer_does_not_depend_on_the_zone_an_instant_is_given_in(
    calendar: ServiceCalendar, instant: datetime
) -> None:
    elsewhere = instant.astimezone(ZoneInfo("America/New_York"))
    assert calendar.add(elsewhere, timedelta(hours=8)) == calendar.add(instant, timedelta(hours=8))


@pytest.mark.clause("3.3")
@pytest.mark.scenario(6)
@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-11-23 16:20", 8, "2026-11-24 16:08"),  # over a night and a lunch
        ("2026-11-23 12:20", 1, "2026-11-23 13:48"),  # from within the lunch
        ("2026-11-23 09:00", 3, "2026-11-23 12:00"),  # ends with an interval, and stays there
        ("2026-11-27 16:00", 2, "2026-11-30 10:00"),  # over a weekend
        ("2026-11-03 16:00", 2, "2026-11-05 10:00"),  # short day, holiday
        ("2025-10-31 16:00", 2, "2025-11-01 10:00"),  # a working Saturday
        ("2025-11-01 16:30", 1, "2025-11-05 09:30"),  # a shortened working Saturday, a long weekend
        ("2026-12-30 17:30", 1, "2027-01-11 09:30"),  # the New Year holidays
    ],
)
def test_scenario_6_lunches_short_days_and_days_off_are_left_out(
    calendar: ServiceCalendar, moment: Moment, start: str, hours: int, due: str
) -> None:
    assert calendar.add(moment(start), timedelta(hours=hours)) == moment(due)


@pytest.mark.scenario(4)
@pytest.mark.parametrize(
    ("due", "minutes", "warning"),
    [
        ("2026-11-24 09:20", 30, "2026-11-23 17:50"),
        ("2026-11-24 09:30", 30, "2026-11-24 09:00"),
        ("2026-11-30 09:00", 30, "2026-11-27 16:30"),
        ("2026-11-24 13:00", 60, "2026-11-24 11:12"),
    ],
)
def test_scenario_4_a_warning_before_the_due_lies_in_service_time(
    calendar: ServiceCalendar, moment: Moment, due: str, minutes: int, warning: str
) -> None:
    found = calendar.subtract(moment(due), timedelta(minutes=minutes))
    assert found == moment(warning)
    assert calendar.is_service_time(found)


def test_an_interval_holds_its_start_and_not_its_end(
    calendar: ServiceCalendar, moment: Moment
) -> None:
    shown = {
        time: calendar.is_service_time(moment(f"2026-11-23 {time}"))
        for time in ("08:59", "09:00", "12:00", "12:48", "17:59", "18:00")
    }
    assert [time for time, works in shown.items() if works] == ["09:00", "12:48", "17:59"]


@pytest.mark.scenario(7)
def test_scenario_7_an_instant_without_an_offset_is_refused(calendar: ServiceCalendar) -> None:
    naive = datetime(2026, 11, 23, 16, 20)  # noqa: DTZ001
    with pytest.raises(ValueError, match="has no UTC offset"):
        calendar.add(naive, timedelta(hours=8))


def test_a_negative_amount_and_a_reversed_span_are_refused(
    calendar: ServiceCalendar, moment: Moment
) -> None:
    start = moment("2026-11-23 16:20")
    with pytest.raises(ValueError, match="cannot be negative"):
        calendar.add(start, timedelta(minutes=-1))
    with pytest.raises(ValueError, match="is earlier than"):
        calendar.between(start, start - timedelta(minutes=1))


@pytest.mark.parametrize(("year", "hours"), [(2101, 1), (2100, 800), (1990, 1)])
def test_a_question_beyond_the_calendars_years_is_refused(
    calendar: ServiceCalendar, year: int, hours: int
) -> None:
    with pytest.raises(ValueError, match="вне производственного календаря"):
        calendar.add(datetime(year, 12, 30, tzinfo=UTC), timedelta(hours=hours))


def test_a_year_can_be_asked_for_in_any_order(
    calendar_settings: CalendarSettings, moment: Moment
) -> None:
    calendar = ServiceCalendar(calendar_settings)
    calendar.add(moment("2026-11-23 16:20"), timedelta(hours=8))
    earlier = calendar.subtract(moment("2024-01-09 09:10"), timedelta(minutes=20))
    assert earlier == moment("2023-12-29 16:50")
    assert calendar.between(earlier, moment("2024-01-09 09:10")) == timedelta(minutes=20)


def test_clocks_put_forward_or_back_change_the_hours_of_a_day(changed: Changed) -> None:
    """New York, 2026: 8 March has 23 hours, 1 November 25."""
    zone = ZoneInfo("America/New_York")
    settings = changed(
        zone="America/New_York",
        schedules=(ROUND_THE_CLOCK,),
        overrides=(DayOverride(date=date(2026, 3, 8), reason="дежурство", works_as="sunday"),),
    )
    calendar = ServiceCalendar(settings)
    spring, autumn = (datetime(2026, *day, tzinfo=zone) for day in ((3, 8), (11, 1)))
    assert calendar.between(spring, spring + timedelta(days=1)) == timedelta(hours=23)
    assert calendar.between(autumn, autumn + timedelta(days=1)) == timedelta(hours=25)
    assert calendar.add(autumn, timedelta(hours=2)) - autumn.astimezone(UTC) == timedelta(hours=2)


def test_hours_that_the_clocks_skip_are_not_counted_twice(changed: Changed) -> None:
    nights = WeekSchedule(
        valid_from=date(2000, 1, 1), sunday=("01:00-02:30", "02:30-03:00", "03:00-04:00")
    )
    settings = changed(zone="America/New_York", schedules=(nights,))
    sunday = datetime(2026, 3, 15, tzinfo=ZoneInfo("America/New_York"))
    skipped = sunday - timedelta(days=7, hours=-1)
    calendar = ServiceCalendar(
        changed(
            zone="America/New_York",
            schedules=(nights,),
            overrides=(DayOverride(date=date(2026, 3, 8), reason="дежурство", works_as="sunday"),),
        )
    )
    assert ServiceCalendar(settings).between(sunday, sunday + timedelta(hours=5)) == timedelta(
        hours=3
    )
    assert calendar.between(skipped, skipped + timedelta(hours=3)) == timedelta(hours=2)


def test_days_end_at_midnight_of_the_office(calendar: ServiceCalendar, moment: Moment) -> None:
    sent = moment("2026-11-23 23:59")
    assert calendar.end_of_calendar_day(sent, 8) == moment("2026-12-02 00:00")
    assert calendar.end_of_working_day(sent, 7) == moment("2026-12-03 00:00")


def test_years_without_a_decree_are_named(calendar: ServiceCalendar, moment: Moment) -> None:
    span = moment("2027-12-30 16:00"), moment("2028-01-10 12:00")
    assert calendar.provisional_years(*span) == (2028,)
    assert calendar.provisional_years(span[0], moment("2027-12-31 23:59")) == ()


def test_the_version_changes_with_the_data_only(
    calendar: ServiceCalendar, calendar_settings: CalendarSettings, changed: Changed
) -> None:
    day_off = DayOverride(date=date(2026, 6, 15), reason="День города", day_off=True)
    assert ServiceCalendar(calendar_settings).version == calendar.version
    assert ServiceCalendar(changed(overrides=(day_off,))).version != calendar.version
    assert ServiceCalendar(changed(shortened_day_minutes=30)).version != calendar.version
