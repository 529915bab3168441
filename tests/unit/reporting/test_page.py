"""The page shows the figures as people write them, and what it is given as text only."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from bridge.reporting.compiling import Compiler
from bridge.reporting.facts import Duty, Facts
from bridge.reporting.figures import Report
from bridge.reporting.page import MOST_BREACHES, shown, write_page
from bridge.reporting.period import PeriodKind, period_of
from bridge.reporting.tables import Value
from bridge.settings import PROJECT
from bridge.sla.clocks import Verdict
from tests.unit.reporting.conftest import MONDAY

PERM = ZoneInfo("Asia/Yekaterinburg")
HOUR = timedelta(hours=1)
DAY = period_of(PeriodKind.DAY, date(2026, 11, 23))
TEMPLATES = PROJECT / "templates"


@pytest.fixture
def report(compiler: Compiler, duty: Callable[..., Duty]) -> Report:
    late = duty(stop=MONDAY + 6 * HOUR, verdict=Verdict.LATE)
    return compiler.report(DAY, Facts((), (late, duty())), MONDAY + 48 * HOUR)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "—"),
        (0.985, "98,5\u00a0%"),
        (1.0, "100,0\u00a0%"),
        (1234, "1234"),
        (timedelta(hours=1, minutes=40, seconds=25), "1 ч 40 мин"),
        (timedelta(seconds=25), "25 с"),
        (MONDAY, "23.11.2026 09:00"),
    ],
)
def test_values_are_written_as_people_write_them(value: Value, words: str) -> None:
    assert shown(value, PERM) == words


@pytest.mark.parametrize("machine_zone", ["UTC", "America/New_York"])
def test_times_are_the_offices_whatever_the_machines_zone(
    report: Report, machine_zone: str
) -> None:
    with time_machine.travel(datetime(2026, 11, 25, tzinfo=ZoneInfo(machine_zone))):
        page = write_page(report, TEMPLATES)
    assert "23.11.2026 13:00" in page
    assert datetime(2026, 11, 23, 13, tzinfo=PERM) == report.breaches[0].due


def test_names_are_shown_as_text_and_never_as_markup(report: Report) -> None:
    bad = '<script>alert("1")</script>'
    named = replace(report.departments[0], name=bad)
    late = replace(report.breaches[0], explanation=bad, holder_name=bad)
    page = write_page(replace(report, departments=(named,), breaches=(late,)), TEMPLATES)
    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 3


def test_the_page_needs_nothing_from_elsewhere(report: Report) -> None:
    page = write_page(report, TEMPLATES)
    assert re.findall(r"<(?:script|link|img|iframe|object)|@import|url\(|src=", page) == []
    assert re.findall(r'href="(.*?)"', page) == ["https://redmine.example/issues/7"]


def test_figures_that_may_still_change_are_called_so(compiler: Compiler) -> None:
    going_on = compiler.report(DAY, Facts((), ()), MONDAY)
    assert "предварительные" in write_page(going_on, TEMPLATES)
    closed = compiler.report(DAY, Facts((), ()), MONDAY + 48 * HOUR)
    assert "предварительные" not in write_page(closed, TEMPLATES)


def test_of_many_breaches_the_page_shows_the_longest_and_says_so(report: Report) -> None:
    [breach] = report.breaches
    many = tuple(replace(breach, issue_id=n, late_by=float(n)) for n in range(MOST_BREACHES + 5))
    page = write_page(replace(report, breaches=many), TEMPLATES)
    assert f"Показаны {MOST_BREACHES} самых долгих из {MOST_BREACHES + 5}" in page
    assert page.count("<a href=") == MOST_BREACHES
