"""How near a ticket's deadlines are: its state, the warnings to staff, when to look again.

That is how the curator keeps watch over answers in time (clause 1.4).
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from bridge.sla.alarm import Warn, can_warn, next_hour_to_warn, warnings_of
from bridge.sla.clocks import CURATOR, Clock
from bridge.sla.effects import Note, UpdateTicket
from bridge.sla.field_moments import field_moment
from bridge.sla.policy import ClockKind
from bridge.sla.service_time import ServiceCalendar
from bridge.sla.wording import CLOCK_TITLES, amount

IN_TIME: Final = "в срок"
SOON: Final = "скоро"
OVERDUE: Final = "просрочено"

_JUST_AFTER: Final = timedelta(seconds=1)
_SHARED: Final = (ClockKind.INTERIM, ClockKind.FINAL)


def deadline_state(clocks: Sequence[Clock], now: datetime, calendar: ServiceCalendar) -> str:
    """While a duty is open, its own state; afterwards, whether anything was late."""
    running = [clock for clock in clocks if clock.running]
    if any(clock.overdue(now) for clock in running or clocks):
        return OVERDUE
    return SOON if any(_is_near(clock, now, calendar) for clock in running) else IN_TIME


def warnings(
    clocks: Sequence[Clock], now: datetime, calendar: ServiceCalendar
) -> Iterator[UpdateTicket]:
    """One private note per point, to whoever holds the clock.

    A point that was missed is told later, unless the next one or the due has passed. Of clocks
    with one due only the latest begun tells: the interim or final answer's, not the answer's too.
    """
    waiting = {clock.due: clock for clock in clocks if clock.running}
    for clock in waiting.values():
        passed = [warn for warn in _points(clock, calendar) if warn.at <= now]
        if passed and not clock.overdue(now) and can_warn(clock.alarm, now, calendar):
            yield _warning(clock, passed[-1], calendar)


def next_look(clocks: Sequence[Clock], now: datetime, calendar: ServiceCalendar) -> datetime | None:
    """When time alone changes the decision next; None when it never does."""
    running = [clock for clock in clocks if clock.running]
    dues = [clock.due + _JUST_AFTER for clock in running if clock.due >= now]
    points = [
        point for clock in running for point in _times_to_warn(clock, now, calendar) if point > now
    ]
    return min([*dues, *points], default=None)


def _times_to_warn(clock: Clock, now: datetime, calendar: ServiceCalendar) -> Iterator[datetime]:
    """The points to come, and the hour at which one that came out of hours is told."""
    points = _points(clock, calendar)
    yield from (point.at for point in points)
    missed = any(point.at <= now for point in points)
    if missed and not clock.overdue(now) and not can_warn(clock.alarm, now, calendar):
        yield next_hour_to_warn(now, calendar)


def _is_near(clock: Clock, now: datetime, calendar: ServiceCalendar) -> bool:
    """From the first point that is counted back from the due."""
    return any(point.final and point.at <= now for point in _points(clock, calendar))


def _points(clock: Clock, calendar: ServiceCalendar) -> tuple[Warn, ...]:
    return warnings_of(clock.alarm, clock.start, clock.due, calendar)


def _warning(clock: Clock, point: Warn, calendar: ServiceCalendar) -> UpdateTicket:
    values = {
        "to": _addressee(clock),
        "duty": CLOCK_TITLES[clock.kind],
        "clause": clock.clause,
        "due": field_moment(clock.due, calendar.zone),
        "left": _left(clock, point, calendar),
    }
    # A deadline that was moved has warnings of its own.
    key = f"warn:{clock.key}:{point.point}:{clock.due:%Y%m%d%H%M%S}"
    return UpdateTicket(key, note=Note("deadline_near", values))


def _addressee(clock: Clock) -> str:
    if clock.kind in _SHARED:
        return "Исполнителю и куратору"
    return "Куратору" if clock.holder == CURATOR else "Исполнителю"


def _left(clock: Clock, point: Warn, calendar: ServiceCalendar) -> str:
    """Counted from the point: a note that comes late still says nothing wrong."""
    if clock.alarm.in_service_time:
        return f"{amount(calendar.between(point.at, clock.due))} служебного времени"
    return amount(clock.due - point.at)
