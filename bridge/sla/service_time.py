"""Service-time arithmetic on instants: add, subtract and measure working hours.

A table of the office's service intervals with their running totals is searched by bisection, so
an operation costs the same whether it spans an hour or a year. Instants are whole microseconds
since the epoch: zones and daylight saving play a part only where local hours become intervals.
"""

import hashlib
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import accumulate
from zoneinfo import ZoneInfo

from bridge.sla.office_calendar import OfficeCalendar
from bridge.sla.production_calendar import SUPPORTED_SPAN, SUPPORTED_YEARS, days_of_year
from bridge.sla.schedule import CalendarSettings

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_ONE_DAY = timedelta(days=1)
_MINUTES_IN_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of service time within one local day; both ends are in the office's zone."""

    start: datetime
    end: datetime

    @property
    def amount(self) -> timedelta:
        """Its length as time passes, also where local clocks are put forward or back within it."""
        return self.end.astimezone(UTC) - self.start.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class _Table:
    """Service intervals of whole local years, in microseconds since the epoch.

    `totals[i]` is the service time before interval i; the last item is the grand total.
    """

    first_year: int
    last_year: int
    begin: int
    end: int
    starts: list[int] = field(repr=False)
    ends: list[int] = field(repr=False)
    totals: list[int] = field(repr=False)

    def elapsed(self, instant: int) -> int:
        """Service time from the table's begin to the instant."""
        index = bisect_right(self.starts, instant) - 1
        if index < 0:
            return 0
        return self.totals[index] + min(instant, self.ends[index]) - self.starts[index]


class ServiceCalendar:
    """Service time of one office.

    Every instant given must be aware (ValueError otherwise); instants returned are in UTC. A
    question that reaches outside of the years the calendar supports is a ValueError.
    """

    def __init__(self, settings: CalendarSettings) -> None:
        self._settings = settings
        self.office = OfficeCalendar(settings)
        self._table = _EMPTY
        self._years: dict[int, list[tuple[int, int]]] = {}

    @property
    def zone(self) -> ZoneInfo:
        """The office's zone: of its hours, its dates and of words for people."""
        return self._settings.zone

    @cached_property
    def version(self) -> str:
        """Hash of all that the calendar computes from: settings and the days of published years."""
        years = self._settings.published_years
        days = (
            self.office.day(day)
            for year in range(years.first, years.last + 1)
            for day in days_of_year(year)
        )
        digest = hashlib.sha256(self._settings.model_dump_json().encode())
        for day in days:
            digest.update(repr((day.date.isoformat(), day.kind.value, day.hours)).encode())
        return digest.hexdigest()[:16]

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """Return the earliest instant at which `amount` of service time has passed since `start`.

        What ends with an interval ends there (18:00 today), not at the next one's start. Raises
        ValueError for a negative amount.
        """
        wanted = _amount(amount)
        begin = _instant(start)
        if not wanted:
            return _datetime(begin)
        table = self._covering(begin, begin)
        while (target := table.elapsed(begin) + wanted) > table.totals[-1]:
            table = self._extended(table.first_year, table.last_year + 1)
        index = bisect_left(table.totals, target) - 1
        return _datetime(table.starts[index] + target - table.totals[index])

    def subtract(self, due: datetime, amount: timedelta) -> datetime:
        """Return the latest instant from which `amount` of service time remains until `due`.

        It lies in service time: half an hour before 09:20 is 17:50 of the working day before, and
        half an hour before 09:30 is 09:00. Raises ValueError for a negative amount.
        """
        wanted = _amount(amount)
        end = _instant(due)
        if not wanted:
            return _datetime(end)
        table = self._covering(end, end)
        while (target := table.elapsed(end) - wanted) < 0:
            table = self._extended(table.first_year - 1, table.last_year)
        index = bisect_right(table.totals, target) - 1
        return _datetime(table.starts[index] + target - table.totals[index])

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return the service time from `start` to `end`; ValueError when `end` is earlier."""
        first, last = _span(start, end)
        table = self._covering(first, last)
        return timedelta(microseconds=table.elapsed(last) - table.elapsed(first))

    def is_service_time(self, instant: datetime) -> bool:
        """Whether the office works at the instant; an interval's start belongs to it, its end
        does not."""
        moment = _instant(instant)
        table = self._covering(moment, moment)
        index = bisect_right(table.starts, moment) - 1
        return index >= 0 and moment < table.ends[index]

    def segments(self, start: datetime, end: datetime) -> tuple[Segment, ...]:
        """Return the stretches of service time between the instants, in order."""
        first, last = _span(start, end)
        table = self._covering(first, last)
        return tuple(
            Segment(self._local(max(first, table.starts[i])), self._local(min(last, table.ends[i])))
            for i in range(bisect_right(table.ends, first), bisect_left(table.starts, last))
        )

    def local_date(self, instant: datetime) -> date:
        """Return the office's date at the instant."""
        return self._local(_instant(instant)).date()

    def end_of_calendar_day(self, start: datetime, days: int) -> datetime:
        """Return 24:00 of the `days`-th calendar day after the local day of `start`."""
        return self._end_of_day(self.local_date(start) + days * _ONE_DAY)

    def end_of_working_day(self, start: datetime, days: int) -> datetime:
        """Return 24:00 of the `days`-th working day after the local day of `start`."""
        day = self.local_date(start)
        while days:
            day += _ONE_DAY
            days -= self.office.day(day).is_working
        return self._end_of_day(day)

    def provisional_years(self, start: datetime, end: datetime) -> tuple[int, ...]:
        """Return the local years from `start` to `end` whose calendar is not published yet."""
        years = range(self.local_date(start).year, self.local_date(end).year + 1)
        return tuple(year for year in years if self.office.is_provisional(year))

    def _local(self, instant: int) -> datetime:
        return _datetime(instant).astimezone(self.zone)

    def _end_of_day(self, day: date) -> datetime:
        return _datetime(_local_minute(day, _MINUTES_IN_DAY, self.zone))

    def _covering(self, first: int, last: int) -> _Table:
        """Return a table that holds both instants."""
        table = self._table
        if table.begin <= first and last < table.end:
            return table
        first_year, last_year = self._local_year(first), self._local_year(last)
        return self._extended(min(first_year, table.first_year), max(last_year, table.last_year))

    def _local_year(self, instant: int) -> int:
        if not _EARLIEST <= instant < _LATEST:
            raise ValueError(f"момент вне производственного календаря ({SUPPORTED_SPAN})")
        return self._local(instant).year

    def _extended(self, first_year: int, last_year: int) -> _Table:
        for year in range(first_year, last_year + 1):
            if year not in self._years:
                self._years[year] = _year_intervals(self.office, self.zone, year)
        # One assignment of a finished table: another thread sees the old one or the new one.
        self._table = table = _joined(self._years, first_year, last_year, self.zone)
        return table


def _year_intervals(office: OfficeCalendar, zone: ZoneInfo, year: int) -> list[tuple[int, int]]:
    """Return the year's service intervals in order, as (start, end)."""
    intervals: list[tuple[int, int]] = []
    previous_end = 0
    for day in days_of_year(year):
        for hours in office.day(day).hours:
            # Where local clocks are put forward, hours that do not exist fold onto later ones.
            start = max(_local_minute(day, hours.start, zone), previous_end)
            end = _local_minute(day, hours.end, zone)
            if start < end:
                intervals.append((start, end))
                previous_end = end
    return intervals


def _joined(
    years: dict[int, list[tuple[int, int]]], first_year: int, last_year: int, zone: ZoneInfo
) -> _Table:
    intervals = [interval for year in range(first_year, last_year + 1) for interval in years[year]]
    return _Table(
        first_year,
        last_year,
        begin=_local_minute(date(first_year, 1, 1), 0, zone),
        end=_local_minute(date(last_year + 1, 1, 1), 0, zone),
        starts=[start for start, _ in intervals],
        ends=[end for _, end in intervals],
        totals=list(accumulate((end - start for start, end in intervals), initial=0)),
    )


def _instant(moment: datetime) -> int:
    try:
        return (moment - _EPOCH) // _MICROSECOND
    except TypeError as error:
        raise ValueError(f"{moment.isoformat()} has no UTC offset") from error


def _datetime(instant: int) -> datetime:
    return _EPOCH + timedelta(microseconds=instant)


def _local_minute(day: date, minute: int, zone: ZoneInfo) -> int:
    """The instant at which the zone's clocks show `minute` of `day`; 24:00 is the day's end."""
    local = datetime.combine(day, time()) + timedelta(minutes=minute)
    return _instant(local.replace(tzinfo=zone))


def _amount(duration: timedelta) -> int:
    if duration < timedelta(0):
        raise ValueError(f"an amount of service time cannot be negative: {duration}")
    return duration // _MICROSECOND


def _span(start: datetime, end: datetime) -> tuple[int, int]:
    first, last = _instant(start), _instant(end)
    if last < first:
        raise ValueError(f"{end.isoformat()} is earlier than {start.isoformat()}")
    return first, last


_EARLIEST = _instant(datetime(SUPPORTED_YEARS.start, 1, 2, tzinfo=UTC))
_LATEST = _instant(datetime(SUPPORTED_YEARS.stop - 1, 12, 31, tzinfo=UTC))
_EMPTY = _Table(SUPPORTED_YEARS.stop, 0, begin=0, end=0, starts=[], ends=[], totals=[0])
