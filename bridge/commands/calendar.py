"""`bridge calendar`: a year of the office's calendar as a picture that a person can check."""

import json
from calendar import Calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import zip_longest
from typing import Any

import click

from bridge.config.document import ConfigError, load_document
from bridge.sla.office_calendar import OfficeCalendar, OfficeDay
from bridge.sla.production_calendar import DayKind, days_of_year
from bridge.sla.schedule import CalendarSettings, Interval
from bridge.sla.wording import WEEKDAYS, amount, weekday
from bridge.sla.working_norm import WorkingNorm

_MONTHS = (
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
)
_QUARTERS = ("I квартал", "II квартал", "III квартал", "IV квартал")
_MONTHS_IN_ROW = 3
_CELL = 3
_MONTH_WIDTH = _CELL * len(WEEKDAYS)
_GAP = "   "
_LEGEND_WIDTH = _MONTH_WIDTH + len(_GAP)


@dataclass(frozen=True)
class Mark:
    """How a day looks: the sign after its number, its colour on a terminal, its meaning."""

    sign: str
    colour: str | None
    meaning: str


_OVERRIDDEN = Mark("#", "cyan", "изменено учреждением")
_SHORTENED = Mark("*", "yellow", "короче на час")
_MARKS = {
    DayKind.HOLIDAY: Mark("!", "red", "праздничный"),
    DayKind.MOVED_DAY_OFF: Mark(">", "magenta", "выходной (перенос)"),
    DayKind.WORKING_WEEKEND: Mark("+", "green", "рабочая суббота"),
    DayKind.WEEKEND: Mark(".", "red", "выходной"),
    DayKind.WORKDAY: Mark(" ", None, "рабочий"),
}


@click.command("calendar")
@click.argument("year", type=int)
@click.option("--json", "as_json", is_flag=True, help="JSON, for programs.")
@click.pass_context
def calendar_command(context: click.Context, year: int, as_json: bool) -> None:
    """Draw the office's calendar of YEAR: days off, moved and short days, norms of working time."""
    try:
        settings = load_document(context.obj.config_folder / "calendar.yaml", CalendarSettings)
        office = OfficeCalendar(settings)
        days = [office.day(day) for day in days_of_year(year)]
    except (ConfigError, ValueError, OverflowError) as error:
        raise click.ClickException(str(error)) from error
    provisional = office.is_provisional(year)
    if as_json:
        click.echo(json.dumps(_as_json(year, days, provisional=provisional), ensure_ascii=False))
    else:
        click.echo("\n".join(_picture(year, days, provisional=provisional)))


def _picture(year: int, days: Sequence[OfficeDay], *, provisional: bool) -> list[str]:
    title = [f"Рабочий календарь на {year} год", ""]
    if provisional:
        title[1:1] = ["ПРЕДВАРИТЕЛЬНЫЙ: переносы выходных на этот год не опубликованы"]
    return [*title, *_grid(year, days), *_legend(), "", *_special_days(days), "", *_norms(days)]


def _grid(year: int, days: Sequence[OfficeDay]) -> list[str]:
    by_date = {day.date: day for day in days}
    blocks = [_month(year, month, by_date) for month in range(1, len(_MONTHS) + 1)]
    lines: list[str] = []
    for first in range(0, len(blocks), _MONTHS_IN_ROW):
        row = zip_longest(*blocks[first : first + _MONTHS_IN_ROW], fillvalue=" " * _MONTH_WIDTH)
        lines += [_GAP.join(parts).rstrip() for parts in row] + [""]
    return lines


def _month(year: int, month: int, by_date: dict[date, OfficeDay]) -> list[str]:
    head = [
        _MONTHS[month - 1].center(_MONTH_WIDTH),
        "".join(name.ljust(_CELL) for name in WEEKDAYS),
    ]
    weeks = Calendar().monthdatescalendar(year, month)
    return head + [
        "".join(_cell(by_date[day]) if day.month == month else " " * _CELL for day in week)
        for week in weeks
    ]


def _cell(day: OfficeDay) -> str:
    mark = _mark(day)
    return click.style(f"{day.date.day:2}{mark.sign}", fg=mark.colour)


def _mark(day: OfficeDay) -> Mark:
    if day.overridden:
        return _OVERRIDDEN
    if day.shortened and day.kind is DayKind.WORKDAY:
        return _SHORTENED
    return _MARKS[day.kind]


def _legend() -> list[str]:
    marks = [mark for mark in _MARKS.values() if mark.sign.strip()] + [_SHORTENED, _OVERRIDDEN]
    texts = [f"{mark.sign} {mark.meaning}".ljust(_LEGEND_WIDTH) for mark in marks]
    rows = (texts[first : first + _MONTHS_IN_ROW] for first in range(0, len(texts), _MONTHS_IN_ROW))
    return ["".join(row).rstrip() for row in rows]


def _special_days(days: Iterable[OfficeDay]) -> list[str]:
    usual = (DayKind.WORKDAY, DayKind.WEEKEND)
    special = [day for day in days if day.kind not in usual or day.shortened or day.overridden]
    return ["Особые дни:", *(_special_day(day) for day in special)]


def _special_day(day: OfficeDay) -> str:
    note = day.note or _mark(day).meaning
    if day.shortened and day.note:
        note = f"{note}, {_SHORTENED.meaning}"
    hours = " ".join(_hours(interval) for interval in day.hours) or "выходной"
    return f"  {day.date:%d.%m} {weekday(day.date)}  {hours:<25}  {note}"


def _hours(interval: Interval) -> str:
    return f"{_clock(interval.start)}–{_clock(interval.end)}"


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _norms(days: Sequence[OfficeDay]) -> list[str]:
    lines = [f"{'':<12}{'рабочих':>9}{'из них':>9}{'служебное':>16}{'при 40 ч':>10}"]
    lines += [f"{'':<12}{'дней':>9}{'коротких':>9}{'время':>16}{'в неделю':>10}"]
    for quarter, quarter_name in enumerate(_QUARTERS):
        months = range(3 * quarter + 1, 3 * quarter + 4)
        lines += [_norm_line(_MONTHS[month - 1], _of_months(days, [month])) for month in months]
        lines += [_norm_line(quarter_name, _of_months(days, months))]
    return [*lines, _norm_line("ГОД", WorkingNorm.of(days))]


def _of_months(days: Iterable[OfficeDay], months: Iterable[int]) -> WorkingNorm:
    wanted = frozenset(months)
    return WorkingNorm.of(day for day in days if day.date.month in wanted)


def _norm_line(name: str, norm: WorkingNorm) -> str:
    by_law = amount(norm.hours_of_40_hour_week)
    return (
        f"{name:<12}{norm.working_days:>9}{norm.shortened_days:>9}"
        f"{amount(norm.service_time):>16}{by_law:>10}"
    )


def _as_json(year: int, days: Sequence[OfficeDay], *, provisional: bool) -> dict[str, Any]:
    return {
        "year": year,
        "provisional": provisional,
        "days": [_day_as_json(day) for day in days],
        "months": [_norm_as_json(_of_months(days, [month])) for month in range(1, 13)],
        "quarters": [
            _norm_as_json(_of_months(days, range(first, first + 3))) for first in (1, 4, 7, 10)
        ],
        "total": _norm_as_json(WorkingNorm.of(days)),
    }


def _day_as_json(day: OfficeDay) -> dict[str, Any]:
    return {
        "date": day.date.isoformat(),
        "kind": day.kind.value,
        "working": day.is_working,
        "shortened": day.shortened,
        "overridden": day.overridden,
        "hours": [f"{_clock(hours.start)}-{_clock(hours.end)}" for hours in day.hours],
        "note": day.note,
    }


def _norm_as_json(norm: WorkingNorm) -> dict[str, int]:
    minute = timedelta(minutes=1)
    return {
        "working_days": norm.working_days,
        "shortened_days": norm.shortened_days,
        "service_minutes": norm.service_time // minute,
        "hours_of_40_hour_week": norm.hours_of_40_hour_week // timedelta(hours=1),
    }
