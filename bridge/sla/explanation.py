"""The arithmetic of a deadline in Russian words, so that a person can check it by hand."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from bridge.sla.office_calendar import OfficeDay
from bridge.sla.policy import DayTerm, TimeTerm, Unit
from bridge.sla.production_calendar import DayKind
from bridge.sla.service_time import Segment, ServiceCalendar
from bridge.sla.wording import amount, clock_time, counted, local_moment, weekday

_ONE_DAY = timedelta(days=1)
_ONE_WEEK = timedelta(days=7)
_SHOWN_AT_EACH_END = 5
_WORTH_SHORTENING = 5
_SHOWN_REMARKS = 6


def explain_service_time(calendar: ServiceCalendar, start: datetime, end: datetime) -> str:
    """Return the service time between two instants, stretch by stretch, and its sum.

    «пн 16:20–18:00 1 ч 40 мин, вт 09:00–12:00 3 ч — всего 4 ч 40 мин». Long spans are shortened
    in the middle; days off, short days and the office's exceptions on the way are named.
    """
    segments = calendar.segments(start, end)
    texts = [_segment(segment, with_date=end - start >= _ONE_WEEK) for segment in segments]
    stretches = ", ".join(_without_middle(texts, segments)) or "служебного времени нет"
    remarks = _remarks(calendar, start, end)
    total = amount(calendar.between(start, end))
    return f"{stretches} — всего {total}" + (f" ({remarks})" if remarks else "")


def explain_term(
    term: TimeTerm | DayTerm, start: datetime, due: datetime, calendar: ServiceCalendar
) -> str:
    """Return why a term that began at `start` ends at `due`."""
    if isinstance(term, DayTerm):
        return _explain_days(term, start, due, calendar)
    if term.unit is Unit.SERVICE_TIME:
        worked = explain_service_time(calendar, start, due)
        return f"{amount(term.amount)} служебного времени: {worked}"
    begin, end = (local_moment(instant, calendar.zone) for instant in (start, due))
    term_in_words = amount(term.amount)
    return f"{term_in_words} подряд, включая ночи и выходные: {begin} + {term_in_words} = {end}"


def provisional_note(years: Iterable[int]) -> str:
    """Return the warning to add for years without a published calendar; empty for none."""
    named = ", ".join(str(year) for year in years)
    if not named:
        return ""
    return f"; срок предварительный: производственный календарь на {named} год не опубликован"


def _explain_days(term: DayTerm, start: datetime, due: datetime, calendar: ServiceCalendar) -> str:
    if term.unit is Unit.WORKING_DAYS:
        days = counted(term.days, "рабочий день", "рабочих дня", "рабочих дней")
    else:
        days = counted(term.days, "календарный день", "календарных дня", "календарных дней")
    last = calendar.local_date(due) - _ONE_DAY
    text = f"{days} после {calendar.local_date(start):%d.%m.%Y}, до 24:00 {last:%d.%m.%Y}"
    remarks = _remarks(calendar, start, due) if term.unit is Unit.WORKING_DAYS else ""
    return text + (f" ({remarks})" if remarks else "")


def _without_middle(texts: list[str], segments: Sequence[Segment]) -> list[str]:
    middle = segments[_SHOWN_AT_EACH_END:-_SHOWN_AT_EACH_END]
    if len(middle) < _WORTH_SHORTENING:
        return texts
    sum_of_middle = amount(sum((segment.amount for segment in middle), timedelta()))
    gap = f"… ещё {len(middle)} промежутков {sum_of_middle} …"
    return [*texts[:_SHOWN_AT_EACH_END], gap, *texts[-_SHOWN_AT_EACH_END:]]


def _segment(segment: Segment, *, with_date: bool) -> str:
    # An end at midnight is this day's 24:00, not the next day's 00:00.
    ends_at_midnight = segment.end.date() > segment.start.date()
    end = "24:00" if ends_at_midnight else clock_time(segment.end)
    day = weekday(segment.start) + (f" {segment.start:%d.%m}" if with_date else "")
    return f"{day} {clock_time(segment.start)}–{end} {amount(segment.amount)}"


def _remarks(calendar: ServiceCalendar, start: datetime, end: datetime) -> str:
    """What sets days of the span apart from usual ones; a run of like days is named once."""
    first, last = calendar.local_date(start), calendar.local_date(end)
    days = (calendar.office.day(first + n * _ONE_DAY) for n in range((last - first).days + 1))
    runs = [_run(list(run), remark) for remark, run in groupby(days, key=_remark) if remark]
    shown = ", ".join(runs[:_SHOWN_REMARKS])
    return shown + (" и другие" if len(runs) > _SHOWN_REMARKS else "")


def _run(days: Sequence[OfficeDay], remark: str) -> str:
    first, last = days[0].date, days[-1].date
    dates = f"{first:%d.%m}" if first == last else f"{first:%d.%m}–{last:%d.%m}"
    return f"{dates} {remark}"


def _remark(day: OfficeDay) -> str:
    """Empty for a usual day, weekends included."""
    if day.overridden or day.kind in (DayKind.HOLIDAY, DayKind.MOVED_DAY_OFF):
        return day.note
    if day.kind is DayKind.WORKING_WEEKEND:
        return day.note + (", сокращённый" if day.shortened else "")
    return "сокращённый день" if day.shortened else ""
