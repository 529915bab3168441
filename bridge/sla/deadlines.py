"""From a clock's rule and its start to its deadline, with the arithmetic in words."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from bridge.sla.alarm import SILENT, Alarm
from bridge.sla.explanation import explain_term, provisional_note
from bridge.sla.policy import (
    ClockKind,
    ClockRule,
    DayTerm,
    Importance,
    InterimRule,
    TimeTerm,
    Unit,
)
from bridge.sla.service_time import ServiceCalendar
from bridge.sla.wording import cited

_WORKING_UNITS = frozenset({Unit.SERVICE_TIME, Unit.WORKING_DAYS})


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a duty began and when it is due; both instants in UTC.

    `explanation` is the arithmetic in Russian. `provisional` tells that the deadline passes
    through a year whose production calendar is not published yet.
    """

    clock: ClockKind
    clause: str
    start: datetime
    due: datetime
    explanation: str
    provisional: bool
    alarm: Alarm = SILENT


def due_after(term: TimeTerm | DayTerm, start: datetime, calendar: ServiceCalendar) -> datetime:
    """Return the instant, in UTC, at which the term that began at `start` ends.

    Raises ValueError when `start` is naive or the term leaves the calendar's years.
    """
    if isinstance(term, DayTerm):
        return _end_of_last_day(term, start, calendar)
    if term.unit is Unit.SERVICE_TIME:
        return calendar.add(start, term.amount)
    # In the start's own zone a sum would follow its clocks through a daylight-saving change.
    return _utc(start) + term.amount


def deadline(
    rule: ClockRule,
    start: datetime,
    calendar: ServiceCalendar,
    importance: Importance = Importance.NORMAL,
) -> Deadline:
    """Return the deadline of a clock that started at `start`.

    The same function serves the replacement by photos (clause 3.4): give it the policy's photos
    rule and the answer clock's start. Raises ValueError as `due_after`.
    """
    term = rule.term_for(importance)
    alarm = Alarm(rule.warnings, term.unit is Unit.SERVICE_TIME)
    return _deadline(rule.clock, rule.clause, term, start, calendar, alarm)


def interim_deadline(rule: InterimRule, answer: Deadline) -> Deadline:
    """Return the deadline for placing an interim answer: the answer's own (clause 3.6)."""
    return Deadline(
        ClockKind.INTERIM,
        rule.clause,
        answer.start,
        answer.due,
        f"{cited(rule.clause)}: промежуточный ответ размещается не позже срока ответа; "
        f"{answer.explanation}",
        answer.provisional,
        replace(answer.alarm, points=rule.warnings),
    )


def final_deadline(
    rule: InterimRule, answer: Deadline, interims: Iterable[datetime], calendar: ServiceCalendar
) -> Deadline | None:
    """Return the final answer's deadline after the interim answers placed at `interims` (3.6).

    The instants come in the order of placement. Each that is in time moves the deadline, by
    default on from the due before it and not from the interim answer itself; one after the due,
    or beyond the rule's limit, moves nothing. None when nothing was moved. Raises ValueError as
    `due_after`.
    """
    current = answer
    extensions = 0
    for placed_at in interims:
        if placed_at <= current.due and extensions < rule.limit:
            current = _extended(rule, answer, current, placed_at, calendar)
            extensions += 1
    return current if extensions else None


def after(base: Deadline, clock: Deadline) -> Deadline:
    """Return `clock`, whose start came from `base`'s due, as provisional where `base` is."""
    if clock.provisional or not base.provisional:
        return clock
    note = "срок предварительный, как и тот, от которого он отсчитан"
    return replace(clock, explanation=f"{clock.explanation}; {note}", provisional=True)


def _extended(
    rule: InterimRule,
    answer: Deadline,
    current: Deadline,
    placed_at: datetime,
    calendar: ServiceCalendar,
) -> Deadline:
    start = current.due if rule.counted_from == "answer_due" else _utc(placed_at)
    alarm = Alarm(rule.warnings, rule.extension.unit is Unit.SERVICE_TIME)
    extension = _deadline(ClockKind.FINAL, rule.clause, rule.extension, start, calendar, alarm)
    final = after(current, extension)
    if rule.cap is None:
        return final
    longest = _deadline(ClockKind.FINAL, rule.clause, rule.cap, answer.start, calendar, alarm)
    if final.due <= longest.due:
        return final
    return replace(
        final,
        due=longest.due,
        explanation=f"{longest.explanation} (предельный срок от начала подготовки ответа)",
        provisional=longest.provisional,
    )


def _deadline(
    clock: ClockKind,
    clause: str,
    term: TimeTerm | DayTerm,
    start: datetime,
    calendar: ServiceCalendar,
    alarm: Alarm,
) -> Deadline:
    due = due_after(term, start, calendar)
    in_working_time = term.unit in _WORKING_UNITS
    years = calendar.provisional_years(start, due) if in_working_time else ()
    words = explain_term(term, start, due, calendar) + provisional_note(years)
    explanation = f"{cited(clause)}: {words}"
    return Deadline(clock, clause, _utc(start), due, explanation, bool(years), alarm)


def _end_of_last_day(term: DayTerm, start: datetime, calendar: ServiceCalendar) -> datetime:
    if term.unit is Unit.WORKING_DAYS:
        return calendar.end_of_working_day(start, term.days)
    return calendar.end_of_calendar_day(start, term.days)


def _utc(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError(f"{moment.isoformat()} has no UTC offset")
    return moment.astimezone(UTC)
