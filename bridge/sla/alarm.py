"""When staff are warned that a deadline comes near.

The points of a clock in service time are counted in service time and told in it only: half an hour
before 09:20 is 17:50 of the working day before. Those of other clocks come at any hour.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Self

from pydantic import Field, model_validator

from bridge.config.document import ConfigModel
from bridge.sla.service_time import ServiceCalendar

_MOMENT = timedelta(microseconds=1)


class WarningPoint(ConfigModel):
    """One point of a clock's run: so much of it has passed, or so much is left."""

    passed_percent: Annotated[int, Field(ge=1, le=99)] | None = None
    """Per cent of the clock's time that have passed."""
    minutes_left: Annotated[int, Field(ge=1)] | None = None
    """Minutes that are left, of elapsed or of service time as the clock is."""

    @model_validator(mode="after")
    def _check_one(self) -> Self:
        if (self.passed_percent is None) is (self.minutes_left is None):
            raise ValueError("a warning point needs either passed_percent or minutes_left")
        return self

    @property
    def name(self) -> str:
        """Tells the clock's points apart: `50%`, `30min`."""
        return f"{self.passed_percent}%" if self.passed_percent else f"{self.minutes_left}min"


@dataclass(frozen=True)
class Alarm:
    """A clock's points of warning, and whether its time is service time."""

    points: tuple[WarningPoint, ...] = ()
    in_service_time: bool = False


SILENT = Alarm()


@dataclass(frozen=True)
class Warn:
    """A point of warning as an instant, UTC. `final`: it is counted back from the due."""

    point: str
    at: datetime
    final: bool


def warnings_of(
    alarm: Alarm, start: datetime, due: datetime, calendar: ServiceCalendar
) -> tuple[Warn, ...]:
    """The points between start and due, in their order."""
    instants = (
        Warn(point.name, _instant(point, alarm, start, due, calendar), not point.passed_percent)
        for point in alarm.points
    )
    return tuple(sorted((w for w in instants if start < w.at < due), key=lambda warn: warn.at))


def can_warn(alarm: Alarm, now: datetime, calendar: ServiceCalendar) -> bool:
    """Whether the office is to be told at this hour."""
    return not alarm.in_service_time or calendar.is_service_time(now)


def next_hour_to_warn(now: datetime, calendar: ServiceCalendar) -> datetime:
    """When the office works next, if it does not now."""
    return calendar.add(now, _MOMENT)


def _instant(
    point: WarningPoint, alarm: Alarm, start: datetime, due: datetime, calendar: ServiceCalendar
) -> datetime:
    if point.minutes_left:
        left = timedelta(minutes=point.minutes_left)
        return calendar.subtract(due, left) if alarm.in_service_time else due - left
    share = (point.passed_percent or 0) / 100
    if alarm.in_service_time:
        return calendar.add(start, calendar.between(start, due) * share)
    return start + (due - start) * share
