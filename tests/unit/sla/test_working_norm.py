from datetime import timedelta

from bridge.sla.production_calendar import days_of_year
from bridge.sla.service_time import ServiceCalendar
from bridge.sla.working_norm import WorkingNorm


def test_the_norm_of_2026_is_247_days(calendar: ServiceCalendar) -> None:
    """As the statistics service announced it; four of the days are an hour shorter."""
    norm = WorkingNorm.of(calendar.office.day(day) for day in days_of_year(2026))
    assert (norm.working_days, norm.shortened_days) == (247, 4)
    assert norm.hours_of_40_hour_week == timedelta(hours=247 * 8 - 4)
