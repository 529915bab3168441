"""What a deadline that is near or over does besides warning its holder (clause 1.4)."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bridge.sla.approaching import OVERDUE, SOON, deadline_state
from bridge.sla.clocks import CURATOR, Clock
from bridge.sla.effects import Note, UpdateTicket
from bridge.sla.field_moments import field_moment
from bridge.sla.policy import Escalation
from bridge.sla.service_time import ServiceCalendar
from bridge.sla.wording import CLOCK_TITLES


def escalation(
    rule: Escalation, clocks: Sequence[Clock], now: datetime, calendar: ServiceCalendar
) -> Iterator[UpdateTicket]:
    """Raise the priority, and tell the leaders of each breach: once for each clock and due.

    Only of clocks that run: what is done is a matter of the reports. Of clocks with one due the
    latest begun tells, as with warnings.
    """
    running = {clock.due: clock for clock in clocks if clock.running}
    for clock in running.values():
        yield from _raised(rule, clock, now, calendar)
        yield from _told(rule, clock, now, calendar)


def _raised(
    rule: Escalation, clock: Clock, now: datetime, calendar: ServiceCalendar
) -> Iterator[UpdateTicket]:
    steps = {SOON: rule.priority_soon, OVERDUE: rule.priority_overdue}
    state = deadline_state([clock], now, calendar)
    priority = steps.get(state, 0)
    if priority:
        yield UpdateTicket(f"priority:{priority}:{_round(clock)}", priority=priority)


def _told(
    rule: Escalation, clock: Clock, now: datetime, calendar: ServiceCalendar
) -> Iterator[UpdateTicket]:
    if clock.kind not in rule.tell_leaders or not clock.overdue(now):
        return
    values = {
        "duty": CLOCK_TITLES[clock.kind],
        "clause": clock.clause,
        "holder": "куратор" if clock.holder == CURATOR else "исполнитель",
        "due": field_moment(clock.due, calendar.zone),
        "explanation": clock.explanation,
    }
    yield UpdateTicket(f"breach:{_round(clock)}", note=Note("breach", values), for_leaders=True)


def _round(clock: Clock) -> str:
    """A deadline that was moved may be missed anew."""
    return f"{clock.key}:{clock.due:%Y%m%d%H%M%S}"
