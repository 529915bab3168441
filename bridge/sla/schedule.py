"""The office's own calendar as configured: zone, weekly hours, exceptions (`calendar.yaml`)."""

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from bridge.config.document import ConfigModel

_MINUTES_IN_DAY = 24 * 60
_INTERVAL = re.compile(r"(\d{1,2}):(\d\d)\s*[-–—]\s*(\d{1,2}):(\d\d)")


class Weekday(StrEnum):
    """Days of the week in their order: `number` is Python's number, Monday is 0."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"

    @property
    def number(self) -> int:
        return tuple(Weekday).index(self)


class Interval(BaseModel):
    """Hours of one day without a break; minutes from local midnight, the end may be 24:00."""

    model_config = ConfigDict(frozen=True)

    start: int
    end: int


def _parse_interval(text: Any) -> Interval:
    if isinstance(text, Interval):
        return text
    match = _INTERVAL.fullmatch(str(text).strip())
    if match is None:
        # Unquoted, 12:48 alone is a number in base sixty to YAML.
        raise ValueError(f"{text!r} is not an interval such as 09:00-12:00")
    first_hour, first_minute, last_hour, last_minute = (int(part) for part in match.groups())
    start, end = first_hour * 60 + first_minute, last_hour * 60 + last_minute
    if max(first_minute, last_minute) > 59 or not start < end <= _MINUTES_IN_DAY:
        raise ValueError(f"{text!r} must start before it ends, between 00:00 and 24:00")
    return Interval(start=start, end=end)


def _in_order(intervals: tuple[Interval, ...]) -> tuple[Interval, ...]:
    for earlier, later in pairwise(intervals):
        if later.start < earlier.end:
            raise ValueError("intervals of a day must stand in order and not overlap")
    return intervals


IntervalText = Annotated[str, Field(pattern=_INTERVAL.pattern, examples=["09:00-12:00"])]
DayHours = Annotated[
    tuple[
        Annotated[Interval, BeforeValidator(_parse_interval, json_schema_input_type=IntervalText)],
        ...,
    ],
    Field(default=()),
]


def shorten(hours: Iterable[Interval], minutes: int) -> tuple[Interval, ...]:
    """Return the day's hours with the last `minutes` of them cut off."""
    kept: list[Interval] = []
    for interval in sorted(hours, key=lambda interval: interval.start, reverse=True):
        cut = min(minutes, interval.end - interval.start)
        minutes -= cut
        if interval.end - cut > interval.start:
            kept.append(Interval(start=interval.start, end=interval.end - cut))
    return tuple(reversed(kept))


class WeekSchedule(ConfigModel):
    """Weekly hours, in force from `valid_from` (the whole local day) until the next schedule."""

    valid_from: date
    """The first local day on which these hours hold."""
    monday: DayHours
    """Hours of Mondays; empty: a day off."""
    tuesday: DayHours
    """Hours of Tuesdays; empty: a day off."""
    wednesday: DayHours
    """Hours of Wednesdays; empty: a day off."""
    thursday: DayHours
    """Hours of Thursdays; empty: a day off."""
    friday: DayHours
    """Hours of Fridays; empty: a day off."""
    saturday: DayHours
    """Hours of Saturdays; empty: a day off."""
    sunday: DayHours
    """Hours of Sundays; empty: a day off."""

    @field_validator(*Weekday)
    @classmethod
    def _check_order(cls, intervals: tuple[Interval, ...]) -> tuple[Interval, ...]:
        return _in_order(intervals)

    @model_validator(mode="after")
    def _check_not_empty(self) -> Self:
        if not any(self.week):
            raise ValueError("a schedule needs hours on at least one day of the week")
        return self

    @property
    def week(self) -> tuple[tuple[Interval, ...], ...]:
        """Hours from Monday to Sunday."""
        return (
            self.monday,
            self.tuesday,
            self.wednesday,
            self.thursday,
            self.friday,
            self.saturday,
            self.sunday,
        )


class DayOverride(ConfigModel):
    """What the office decided for one date, against the schedule and the country's calendar."""

    date: date
    """The local day that is decided on."""
    reason: Annotated[str, Field(min_length=1)]
    """Why; shown in explanations."""
    day_off: bool = False
    """The office does not work on it."""
    hours: DayHours
    """Its hours."""
    works_as: Weekday | None = None
    """It has the hours of this day of the week."""
    shortened: bool = False
    """It ends earlier, by `shortened_day_minutes`."""

    @field_validator("hours")
    @classmethod
    def _check_order(cls, intervals: tuple[Interval, ...]) -> tuple[Interval, ...]:
        return _in_order(intervals)

    @model_validator(mode="after")
    def _check_one_decision(self) -> Self:
        decisions = [self.day_off, bool(self.hours), self.works_as is not None]
        if sum(decisions) > 1 or not (any(decisions) or self.shortened):
            raise ValueError("say one of: day_off: true, hours: [...], works_as: monday, shortened")
        if self.shortened and (self.day_off or self.hours):
            raise ValueError("shortened goes with works_as or alone; with hours write the hours")
        return self


class YearSpan(ConfigModel):
    """Years from `first` to `last`, both included."""

    first: int
    """The first of the years."""
    last: int
    """The last of the years."""

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.first > self.last:
            raise ValueError("first must not be after last")
        return self

    def __contains__(self, year: int) -> bool:
        return self.first <= year <= self.last


class CalendarSettings(ConfigModel):
    """Contents of `config/calendar.yaml`."""

    zone: ZoneInfo
    """Zone of all local dates and hours, a name of the IANA database."""
    published_years: YearSpan
    """Years whose decree on moved days off has been checked; deadlines in others are
    provisional."""
    shortened_day_minutes: Annotated[int, Field(ge=0, lt=_MINUTES_IN_DAY)] = 60
    """By how many minutes the working day before a public holiday is shorter."""
    schedules: Annotated[tuple[WeekSchedule, ...], Field(min_length=1)]
    """Weekly hours, by the day from which they hold, ascending."""
    overrides: tuple[DayOverride, ...] = ()
    """The office's exceptions, by date, ascending."""

    @model_validator(mode="after")
    def _check_dates(self) -> Self:
        _ascending("schedules", [schedule.valid_from for schedule in self.schedules])
        _ascending("overrides", [override.date for override in self.overrides])
        return self


def _ascending(section: str, dates: list[date]) -> None:
    for earlier, later in pairwise(dates):
        if later <= earlier:
            raise ValueError(f"{section}: {later} must come after {earlier}: sort, no date twice")
