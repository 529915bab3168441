"""How much the office works in a span of days: the figures that calendars are checked by."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from bridge.sla.office_calendar import OfficeDay

_DAY_OF_40_HOUR_WEEK = timedelta(hours=8)
_SHORTENING = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class WorkingNorm:
    """Working days, shortened ones among them, and service time by the office's hours."""

    working_days: int
    shortened_days: int
    service_time: timedelta

    @classmethod
    def of(cls, days: Iterable[OfficeDay]) -> Self:
        working = [day for day in days if day.is_working]
        return cls(
            working_days=len(working),
            shortened_days=sum(day.shortened for day in working),
            service_time=timedelta(minutes=sum(day.minutes for day in working)),
        )

    @classmethod
    def of_months(cls, days: Iterable[OfficeDay], months: Iterable[int]) -> Self:
        """Of the days in these months, January being 1."""
        wanted = frozenset(months)
        return cls.of(day for day in days if day.date.month in wanted)

    @property
    def hours_of_40_hour_week(self) -> timedelta:
        """The norm as published calendars print it: eight hours a day, an hour less on short ones.

        Source: Ministry of Health order 588n of 13.08.2009.
        """
        return self.working_days * _DAY_OF_40_HOUR_WEEK - self.shortened_days * _SHORTENING
