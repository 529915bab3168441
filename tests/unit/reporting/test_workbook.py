"""The workbook opens as a workbook: typed cells, filters, charts, and no formulas of strangers."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from bridge.reporting.compiling import Compiler
from bridge.reporting.facts import Duty, Facts
from bridge.reporting.figures import Report
from bridge.reporting.period import PeriodKind, period_of
from bridge.reporting.workbook import write_workbook
from bridge.sla.clocks import CURATOR, Verdict
from bridge.sla.policy import ClockKind
from tests.unit.reporting.conftest import MONDAY

HOUR = timedelta(hours=1)
DAY = period_of(PeriodKind.DAY, date(2026, 11, 23))
SHEETS = ["Сводка", "По подразделениям", "По каналам", "По пунктам", "Доработки", "Просрочки"]


@pytest.fixture
def report(compiler: Compiler, duty: Callable[..., Duty]) -> Report:
    duties = (
        duty(stop=MONDAY + 6 * HOUR, verdict=Verdict.LATE),
        duty(kind=ClockKind.REVISION, clause="3.7", cause="3.7.2"),
        duty(kind=ClockKind.ROUTING, clause="3.1", holder=CURATOR),
    )
    return compiler.report(DAY, Facts((), duties), MONDAY + 48 * HOUR)


def opened(report: Report) -> Workbook:
    return load_workbook(BytesIO(write_workbook(report)))


def test_it_has_its_sheets_with_filters_frozen_headings_and_charts(report: Report) -> None:
    book = opened(report)
    assert book.sheetnames == SHEETS
    for name in SHEETS[1:]:
        assert (book[name].freeze_panes, bool(book[name].auto_filter.ref)) == ("B2", True)
    charts = ZipFile(BytesIO(write_workbook(report))).namelist()
    assert sum(name.startswith("xl/charts/chart") for name in charts) == 3


def test_an_empty_period_has_its_sheets_too(compiler: Compiler) -> None:
    empty = compiler.report(DAY, Facts((), ()), MONDAY + 48 * HOUR)
    assert opened(empty).sheetnames == SHEETS


def test_a_breach_leads_to_its_ticket_and_has_real_times(report: Report) -> None:
    row = opened(report)["Просрочки"][2]
    link = row[0].hyperlink
    assert link is not None
    assert link.target == "https://redmine.example/issues/7"
    assert [cell.value for cell in row[5:9]] == [
        datetime(2026, 11, 23, 9),  # noqa: DTZ001 - a workbook knows no zones
        datetime(2026, 11, 23, 13),  # noqa: DTZ001
        datetime(2026, 11, 23, 15),  # noqa: DTZ001
        timedelta(hours=2),
    ]


def test_a_share_is_a_number_shown_in_percent(report: Report) -> None:
    share = opened(report)["По подразделениям"]["E2"]
    assert (share.value, share.number_format) == (0.5, "0.0%")


@pytest.mark.parametrize("text", ["=1+1", "+7 902", "-5", "@SUM(A1)", '=HYPERLINK("http://x")'])
def test_what_looks_like_a_formula_stays_a_text(report: Report, text: str) -> None:
    named = replace(report.departments[0], name=text)
    late = replace(report.breaches[0], explanation=text)
    book = opened(replace(report, departments=(named,), breaches=(late,)))
    for cell in (book["По подразделениям"]["A2"], book["Просрочки"]["J2"]):
        assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_letters_that_a_workbook_cannot_hold_are_left_out(report: Report) -> None:
    late = replace(report.breaches[0], explanation="до\x00 и\x1b после\ud800")
    assert opened(replace(report, breaches=(late,)))["Просрочки"]["J2"].value == "до и после"
