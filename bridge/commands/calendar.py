"""`bridge calendar`: a year of the office's calendar as a picture that a person can check."""

import json
from calendar import Calendar
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import zip_longest
from typing import Any

import click

from bridge.config.document import ConfigError, load_document
from bridge.sla.day_marks import (
    DayMark,
    hours_of,
    mark_of,
    minute_of_day,
    note_on,
    special_days,
)
from bridge.sla.office_calendar import OfficeCalendar, OfficeDay
from bridge.sla.production_calendar import days_of_year
from bridge.sla.schedule import CalendarSettings
from bridge.sla.wording import MONTHS, WEEKDAYS, amount, weekday
from bridge.sla.working_norm import WorkingNorm

_QUARTERS = ("I квартал", "II квартал", "III квартал", "IV квартал")
_MONTHS_IN_ROW = 3
_CELL = 3
_MONTH_WIDTH = _CELL * len(WEEKDAYS)
_GAP = "   "
_LEGEND_WIDTH = _MONTH_WIDTH + len(_GAP)


_COLOURS = {
    DayMark.HOLIDAY: "red",
    DayMark.MOVED_DAY_OFF: "magenta",
    DayMark.WORKING_WEEKEND: "green",
    DayMark.WEEKEND: "red",
    DayMark.SHORTENED: "yellow",
    DayMark.OVERRIDDEN: "cyan",
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
    blocks = [_month(year, month, by_date) for month in range(1, len(MONTHS) + 1)]
    lines: list[str] = []
    for first in range(0, len(blocks), _MONTHS_IN_ROW):
        row = zip_longest(*blocks[first : first + _MONTHS_IN_ROW], fillvalue=" " * _MONTH_WIDTH)
        lines += [_GAP.join(parts).rstrip() for parts in row] + [""]
    return lines


def _month(year: int, month: int, by_date: dict[date, OfficeDay]) -> list[str]:
    head = [
        MONTHS[month - 1].center(_MONTH_WIDTH),
        "".join(name.ljust(_CELL) for name in WEEKDAYS),
    ]
    weeks = Calendar().monthdatescalendar(year, month)
    return head + [
        "".join(_cell(by_date[day]) if day.month == month else " " * _CELL for day in week)
        for week in weeks
    ]


def _cell(day: OfficeDay) -> str:
    mark = mark_of(day)
    return click.style(f"{day.date.day:2}{mark.sign}", fg=_COLOURS.get(mark))


def _legend() -> list[str]:
    texts = [f"{mark.sign} {mark.meaning}".ljust(_LEGEND_WIDTH) for mark in _COLOURS]
    rows = (texts[first : first + _MONTHS_IN_ROW] for first in range(0, len(texts), _MONTHS_IN_ROW))
    return ["".join(row).rstrip() for row in rows]


def _special_days(days: Iterable[OfficeDay]) -> list[str]:
    return ["Особые дни:", *(_special_day(day) for day in special_days(days))]


def _special_day(day: OfficeDay) -> str:
    return f"  {day.date:%d.%m} {weekday(day.date)}  {hours_of(day):<25}  {note_on(day)}"


def _norms(days: Sequence[OfficeDay]) -> list[str]:
    lines = [f"{'':<12}{'рабочих':>9}{'из них':>9}{'служебное':>16}{'при 40 ч':>10}"]
    lines += [f"{'':<12}{'дней':>9}{'коротких':>9}{'время':>16}{'в неделю':>10}"]
    for quarter, quarter_name in enumerate(_QUARTERS):
        months = range(3 * quarter + 1, 3 * quarter + 4)
        lines += [
            _norm_line(MONTHS[month - 1], WorkingNorm.of_months(days, [month])) for month in months
        ]
        lines += [_norm_line(quarter_name, WorkingNorm.of_months(days, months))]
    return [*lines, _norm_line("ГОД", WorkingNorm.of(days))]


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
        "months": [_norm_as_json(WorkingNorm.of_months(days, [month])) for month in range(1, 13)],
        "quarters": [
            _norm_as_json(WorkingNorm.of_months(days, range(first, first + 3)))
            for first in (1, 4, 7, 10)
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
        "hours": [
            f"{minute_of_day(hours.start)}-{minute_of_day(hours.end)}" for hours in day.hours
        ],
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
