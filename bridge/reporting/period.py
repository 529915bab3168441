"""The period of a report: whole days of the office's calendar, and what it is called in Russian."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from babel.dates import format_date

_LOCALE = "ru"
_ONE_DAY = timedelta(days=1)
_MONTHS_IN_QUARTER = 3
_QUARTERS = ("I", "II", "III", "IV")

SETTLING = timedelta(hours=1)
"""How long what happened in a period may take to reach the store: a sweep, an outage, a restart."""


class PeriodKind(StrEnum):
    """How long a period is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    DATES = "dates"
    """Any dates that somebody asked for."""


CALENDAR_KINDS = (
    PeriodKind.DAY,
    PeriodKind.WEEK,
    PeriodKind.MONTH,
    PeriodKind.QUARTER,
    PeriodKind.YEAR,
)


@dataclass(frozen=True)
class Period:
    """Local days from `first` to `last`, both included."""

    kind: PeriodKind
    first: date
    last: date

    def __post_init__(self) -> None:
        """Refuse a period that ends before it begins."""
        if self.last < self.first:
            raise ValueError(
                f"период заканчивается ({self.last:%d.%m.%Y}) раньше, чем начинается"
                f" ({self.first:%d.%m.%Y})"
            )

    @property
    def until(self) -> date:
        """The first day after the period."""
        return self.last + _ONE_DAY

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.until - self.first).days

    def start(self, zone: ZoneInfo) -> datetime:
        """Its first instant, UTC."""
        return midnight(self.first, zone)

    def end(self, zone: ZoneInfo) -> datetime:
        """The first instant after it, UTC."""
        return midnight(self.until, zone)

    def is_closed(self, now: datetime, zone: ZoneInfo) -> bool:
        """Whether all that happened in it has reached the store."""
        return now >= self.end(zone) + SETTLING

    @property
    def title(self) -> str:
        """Return «за 23 ноября 2026», «за неделю 16–22 ноября 2026», «за IV квартал 2026»."""
        match self.kind:
            case PeriodKind.DAY:
                return f"за {_russian(self.first, 'd MMMM y')}"
            case PeriodKind.WEEK:
                return f"за неделю {_span(self.first, self.last)}"
            case PeriodKind.MONTH:
                return f"за {_russian(self.first, 'LLLL y')}"
            case PeriodKind.QUARTER:
                return f"за {_QUARTERS[_quarter(self.first)]} квартал {self.first.year}"
            case PeriodKind.YEAR:
                return f"за {self.first.year} год"
            case PeriodKind.DATES:
                return f"за {_span(self.first, self.last)}"


def period_of(kind: PeriodKind, day: date) -> Period:
    """The period of a kind that the day belongs to. Raises ValueError for `dates`."""
    match kind:
        case PeriodKind.DAY:
            return Period(kind, day, day)
        case PeriodKind.WEEK:
            monday = day - day.weekday() * _ONE_DAY
            return Period(kind, monday, monday + 6 * _ONE_DAY)
        case PeriodKind.MONTH:
            return _months(kind, day.year, day.month, 1)
        case PeriodKind.QUARTER:
            first_month = _quarter(day) * _MONTHS_IN_QUARTER + 1
            return _months(kind, day.year, first_month, _MONTHS_IN_QUARTER)
        case PeriodKind.YEAR:
            return _months(kind, day.year, 1, 12)
        case PeriodKind.DATES:
            raise ValueError("a day alone says nothing of dates that somebody asked for")


def period_between(first: date, last: date) -> Period:
    """The period of these days: a month when they are a month, and so with the other kinds.

    Raises ValueError, in Russian, when the last day is before the first.
    """
    asked = Period(PeriodKind.DATES, first, last)
    for kind in CALENDAR_KINDS:
        period = period_of(kind, first)
        if (period.first, period.last) == (first, last):
            return period
    return asked


def last_closed(kind: PeriodKind, now: datetime, zone: ZoneInfo) -> Period:
    """The newest period of a kind that is closed at `now`."""
    today = now.astimezone(zone).date()
    period = before(period_of(kind, today))
    return period if period.is_closed(now, zone) else before(period)


def before(period: Period) -> Period:
    """The period of the same kind, or as long, that ends where this one begins."""
    if period.kind is PeriodKind.DATES:
        return _moved(period, -period.days)
    return period_of(period.kind, period.first - _ONE_DAY)


def after(period: Period) -> Period:
    """The period of the same kind, or as long, that begins where this one ends."""
    if period.kind is PeriodKind.DATES:
        return _moved(period, period.days)
    return period_of(period.kind, period.until)


def _moved(period: Period, days: int) -> Period:
    return Period(period.kind, period.first + days * _ONE_DAY, period.last + days * _ONE_DAY)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The local day's first instant, UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _months(kind: PeriodKind, year: int, month: int, count: int) -> Period:
    years, months = divmod(month - 1 + count, 12)
    return Period(kind, date(year, month, 1), date(year + years, months + 1, 1) - _ONE_DAY)


def _quarter(day: date) -> int:
    return (day.month - 1) // _MONTHS_IN_QUARTER


def _span(first: date, last: date) -> str:
    end = _russian(last, "d MMMM y")
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    return f"{_russian(first, 'd MMMM' if first.year == last.year else 'd MMMM y')} – {end}"


def _russian(day: date, pattern: str) -> str:
    return format_date(day, pattern, locale=_LOCALE)
