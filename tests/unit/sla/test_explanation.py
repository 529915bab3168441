from collections.abc import Callable
from datetime import date, datetime

import pytest

from bridge.sla.explanation import explain_service_time
from bridge.sla.schedule import CalendarSettings, DayOverride
from bridge.sla.service_time import ServiceCalendar

Moment = Callable[[str], datetime]


@pytest.mark.scenario(3)
def test_scenario_3_the_arithmetic_is_shown_stretch_by_stretch(
    calendar: ServiceCalendar, moment: Moment
) -> None:
    words = explain_service_time(calendar, moment("2026-11-23 16:20"), moment("2026-11-24 16:08"))
    assert words == (
        "пн 16:20–18:00 1 ч 40 мин, вт 09:00–12:00 3 ч, вт 12:48–16:08 3 ч 20 мин — всего 8 ч"
    )


def test_days_that_differ_are_named_once_for_a_run_of_them(
    calendar: ServiceCalendar, moment: Moment
) -> None:
    words = explain_service_time(calendar, moment("2026-12-30 17:30"), moment("2027-01-11 09:30"))
    assert words == (
        "ср 30.12 17:30–18:00 30 мин, пн 11.01 09:00–09:30 30 мин — всего 1 ч "
        "(31.12 Выходной (перенесено с 04.01.2026), 01.01–06.01 Новогодние каникулы, "
        "07.01 Рождество Христово, 08.01 Новогодние каникулы)"
    )


def test_a_short_day_and_a_working_saturday_are_named(
    calendar: ServiceCalendar, moment: Moment
) -> None:
    saturday = explain_service_time(
        calendar, moment("2025-11-01 16:30"), moment("2025-11-01 23:00")
    )
    eve = explain_service_time(calendar, moment("2026-11-03 16:30"), moment("2026-11-03 20:00"))
    assert saturday == (
        "сб 16:30–17:00 30 мин — всего 30 мин (01.11 Рабочий день за 03.11.2025, сокращённый)"
    )
    assert eve == "вт 16:30–17:00 30 мин — всего 30 мин (03.11 сокращённый день)"


def test_the_offices_own_exception_is_named_by_its_reason(
    changed: Callable[..., CalendarSettings], moment: Moment
) -> None:
    city_day = DayOverride(date=date(2026, 6, 15), reason="День города", day_off=True)
    calendar = ServiceCalendar(changed(overrides=(city_day,)))
    words = explain_service_time(calendar, moment("2026-06-15 09:00"), moment("2026-06-15 18:00"))
    assert words == "служебного времени нет — всего 0 мин (15.06 День города)"


def test_a_long_span_is_shortened_in_the_middle_and_keeps_its_sum(
    calendar: ServiceCalendar, moment: Moment
) -> None:
    words = explain_service_time(calendar, moment("2026-09-07 09:00"), moment("2026-09-25 17:00"))
    assert "вт 08.09 12:48–18:00 5 ч 12 мин, ср 09.09 09:00–12:00 3 ч, … ещё 20 проме" in words
    assert words.endswith("пт 25.09 12:48–17:00 4 ч 12 мин — всего 120 ч")
