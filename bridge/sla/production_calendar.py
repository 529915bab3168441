"""Russia's production calendar: public holidays, moved days off, working Saturdays, short days."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

import holidays

SUPPORTED_YEARS = range(1992, 2101)
"""Years the calendar can be asked for; outside of them every question is a ValueError."""

SUPPORTED_SPAN = f"{SUPPORTED_YEARS.start}–{SUPPORTED_YEARS.stop - 1}"

_SATURDAY = 5
_ONE_DAY = timedelta(days=1)
_MOVED_FROM = re.compile(r"перенесено с (\d\d)\.(\d\d)\.(\d{4})")
# Article 112 of the Labour Code: the day before one of these is an hour shorter (article 95).
_STATUTORY_HOLIDAYS = frozenset(
    {*((1, day) for day in range(1, 9)), (2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)}
)


class DayKind(StrEnum):
    """What the country's calendar says of a day."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    """A public holiday, or the weekday that stands in for one that fell on a weekend."""
    MOVED_DAY_OFF = "moved_day_off"
    """A weekday made a day off by the yearly government decree."""
    WORKING_WEEKEND = "working_weekend"
    """A Saturday or Sunday made a working day by the decree."""


@dataclass(frozen=True, slots=True)
class ProductionDay:
    """One day as the country's calendar has it.

    `hours_of` is the weekday (Monday is 0) whose hours are worked: on a working Saturday it is
    the weekday of the day that the Saturday was swapped with; None when the calendar does not
    tell. `name` is the holiday's name in Russian, empty on an ordinary day.
    """

    date: date
    kind: DayKind
    hours_of: int | None
    shortened: bool
    name: str


def production_day(day: date) -> ProductionDay:
    """Return what Russia's production calendar says of `day`.

    Raises ValueError for a year outside `SUPPORTED_YEARS`.
    """
    special = _special_days(day.year).get(day)
    return special if special is not None else _ordinary_day(day)


def has_decree(year: int) -> bool:
    """Whether the calendar knows the year's decree on moved days off.

    Without one the year consists of weekends and statutory holidays only: a plan for it is a guess.
    """
    return any(day.kind is DayKind.MOVED_DAY_OFF for day in _special_days(year).values())


def days_of_year(year: int) -> list[date]:
    """Return all dates of the year in order."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@lru_cache(maxsize=len(SUPPORTED_YEARS))
def _special_days(year: int) -> dict[date, ProductionDay]:
    """Days of the year that differ from their weekday's habit."""
    if year not in SUPPORTED_YEARS:
        raise ValueError(f"год {year} вне производственного календаря ({SUPPORTED_SPAN})")
    # The default language follows the LANG of the process; moved days are read from the names.
    calendar = holidays.country_holidays("RU", years=[year], expand=False, language="ru")
    days_off = {day: _day_off(day, calendar[day]) for day in calendar}
    working_weekends = {
        day: _working_weekend(day, days_off) for day in sorted(calendar.weekend_workdays)
    }
    eves = {
        eve: ProductionDay(eve, DayKind.WORKDAY, eve.weekday(), shortened=True, name="")
        for eve in days_of_year(year)
        if _is_eve_of_holiday(eve) and eve.weekday() < _SATURDAY and eve not in days_off
    }
    return days_off | working_weekends | eves


def _ordinary_day(day: date) -> ProductionDay:
    kind = DayKind.WORKDAY if day.weekday() < _SATURDAY else DayKind.WEEKEND
    return ProductionDay(day, kind, day.weekday(), shortened=False, name="")


def _day_off(day: date, name: str) -> ProductionDay:
    kind = DayKind.MOVED_DAY_OFF if _MOVED_FROM.search(name) else DayKind.HOLIDAY
    return ProductionDay(day, kind, None, shortened=False, name=name)


def _working_weekend(day: date, days_off: dict[date, ProductionDay]) -> ProductionDay:
    swapped = next((off for off in days_off.values() if _moved_from(off.name) == day), None)
    return ProductionDay(
        day,
        DayKind.WORKING_WEEKEND,
        hours_of=None if swapped is None else swapped.date.weekday(),
        shortened=swapped is not None and _is_eve_of_holiday(swapped.date),
        name="" if swapped is None else f"Рабочий день за {swapped.date:%d.%m.%Y}",
    )


def _moved_from(name: str) -> date | None:
    match = _MOVED_FROM.search(name)
    if match is None:
        return None
    day, month, year = (int(part) for part in match.groups())
    return date(year, month, day)


def _is_eve_of_holiday(day: date) -> bool:
    following = day + _ONE_DAY
    return (following.month, following.day) in _STATUTORY_HOLIDAYS
