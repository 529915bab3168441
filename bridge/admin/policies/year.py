"""The year's calendar as twelve months, with its norms of working time and its special days."""

from calendar import Calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bridge.sla.day_marks import DayMark, hours_of, mark_of, note_on, special_days
from bridge.sla.office_calendar import OfficeCalendar, OfficeDay
from bridge.sla.production_calendar import SUPPORTED_SPAN, SUPPORTED_YEARS, days_of_year
from bridge.sla.wording import MONTHS, weekday
from bridge.sla.working_norm import WorkingNorm


@dataclass(frozen=True)
class DayCell:
    """One day of a month; `words` tell what it is and when the office works."""

    day: date
    mark: DayMark
    words: str


@dataclass(frozen=True)
class MonthPage:
    """A month by weeks from Monday; None is a day of another month."""

    name: str
    weeks: tuple[tuple[DayCell | None, ...], ...]
    norm: WorkingNorm


@dataclass(frozen=True)
class SpecialDay:
    """One line of the list of special days."""

    day: date
    weekday: str
    mark: DayMark
    hours: str
    note: str


@dataclass(frozen=True)
class YearPage:
    """One year. `provisional`: the decree on moved days off is not published."""

    year: int
    provisional: bool
    months: tuple[MonthPage, ...]
    norm: WorkingNorm
    special: tuple[SpecialDay, ...]


def year_page(office: OfficeCalendar, year: int) -> YearPage:
    """Raises ValueError, in Russian, for a year that the calendar cannot tell of."""
    if year not in SUPPORTED_YEARS:
        raise ValueError(f"Год {year} вне производственного календаря ({SUPPORTED_SPAN}).")
    days = [office.day(day) for day in days_of_year(year)]
    return YearPage(
        year=year,
        provisional=office.is_provisional(year),
        months=tuple(_month(year, month, days) for month in range(1, len(MONTHS) + 1)),
        norm=WorkingNorm.of(days),
        special=tuple(_special(day) for day in special_days(days)),
    )


def _month(year: int, month: int, days: Sequence[OfficeDay]) -> MonthPage:
    cells = {day.date: _cell(day) for day in days if day.date.month == month}
    weeks = Calendar().monthdatescalendar(year, month)
    return MonthPage(
        name=MONTHS[month - 1],
        weeks=tuple(tuple(cells.get(day) for day in week) for week in weeks),
        norm=WorkingNorm.of_months(days, [month]),
    )


def _cell(day: OfficeDay) -> DayCell:
    mark = mark_of(day)
    note = f", {day.note}" if day.note else ""
    return DayCell(day.date, mark, f"{mark.meaning}{note}: {hours_of(day)}")


def _special(day: OfficeDay) -> SpecialDay:
    return SpecialDay(day.date, weekday(day.date), mark_of(day), hours_of(day), note_on(day))
