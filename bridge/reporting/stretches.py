"""Cuts a period into the parts that a chart shows: hours, days, weeks or months."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date

from bridge.reporting.period import Period, PeriodKind, before, midnight, period_of

_DAYS_SHOWN_BY_DAY = 31
_DAYS_SHOWN_BY_WEEK = 100
_ONE_DAY = timedelta(days=1)
_ONE_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Cut:
    """One part, from its first instant to that of the next, UTC."""

    label: str
    start: datetime
    end: datetime


def cut(period: Period, zone: ZoneInfo) -> tuple[Cut, ...]:
    """The period's parts in order, without gaps; some ten to thirty of them."""
    if period.days == 1:
        return tuple(_hours(period, zone))
    if period.days <= _DAYS_SHOWN_BY_DAY:
        return tuple(_days(period, zone))
    kind = PeriodKind.WEEK if period.days <= _DAYS_SHOWN_BY_WEEK else PeriodKind.MONTH
    return tuple(_larger(period, kind, zone))


def _hours(period: Period, zone: ZoneInfo) -> Iterator[Cut]:
    start, end = period.start(zone), period.end(zone)
    while start < end:
        yield Cut(f"{start.astimezone(zone):%H}", start, start + _ONE_HOUR)
        start += _ONE_HOUR


def _days(period: Period, zone: ZoneInfo) -> Iterator[Cut]:
    for number in range(period.days):
        day = period.first + number * _ONE_DAY
        yield Cut(f"{day:%d.%m}", midnight(day, zone), midnight(day + _ONE_DAY, zone))


def _larger(period: Period, kind: PeriodKind, zone: ZoneInfo) -> Iterator[Cut]:
    """Weeks or months, the first and the last cut off where the period is."""
    parts = [period_of(kind, period.last)]
    while parts[-1].first > period.first:
        parts.append(before(parts[-1]))
    for part in reversed(parts):
        first, until = max(part.first, period.first), min(part.until, period.until)
        yield Cut(_label(kind, first), midnight(first, zone), midnight(until, zone))


def _label(kind: PeriodKind, first: date) -> str:
    if kind is PeriodKind.MONTH:
        return format_date(first, "LLL yy", locale="ru")
    return f"с {first:%d.%m}"
