"""The head of the office sees whether answers are in time, who is late and why, for any period."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests.busy_office import BusyOffice
from tests.unit.admin.conftest import ADMINISTRATOR, CURATOR, LEADER, NOW, Pages

REPORTS = "/admin/reports"


@pytest.fixture
def busy(pages: Pages) -> Pages:
    BusyOffice(pages.store, pages.parts.office).work(NOW - timedelta(days=20), 20, 12)
    return pages


@pytest.mark.parametrize("account", [ADMINISTRATOR, CURATOR, LEADER])
def test_everybody_with_a_role_reads_reports(busy: Pages, account: object) -> None:
    assert busy.as_(account).get(REPORTS).status_code == 200  # type: ignore[arg-type]


def test_the_first_thing_shown_is_the_last_closed_week(busy: Pages) -> None:
    page = busy.as_(LEADER).get(REPORTS).text
    assert "за неделю 16–22 ноября 2026" in page
    assert "сроков соблюдено" in page


def test_the_running_month_is_marked_as_preliminary(busy: Pages) -> None:
    page = busy.as_(LEADER).get(f"{REPORTS}?kind=month&day=2026-11-23").text
    assert "за ноябрь 2026" in page
    assert "цифры предварительные" in page
    assert "позже →" not in page


def test_one_leafs_through_periods_of_a_kind_and_of_ones_own(busy: Pages) -> None:
    page = busy.as_(LEADER).get(f"{REPORTS}?kind=week&day=2026-11-10").text
    assert "kind=week&amp;day=2026-11-02" in page
    assert "kind=week&amp;day=2026-11-16" in page
    page = busy.as_(LEADER).get(f"{REPORTS}?first=2026-11-03&last=2026-11-05").text
    assert "за 3–5 ноября 2026" in page
    assert "first=2026-10-31&amp;last=2026-11-02" in page
    assert "first=2026-11-06&amp;last=2026-11-08" in page


def test_a_report_is_taken_along_in_every_form_with_the_same_figures(busy: Pages) -> None:
    client = busy.as_(LEADER)
    data = client.get(f"{REPORTS}/json?first=2026-11-16&last=2026-11-22")
    received = json.loads(data.text)["messages"]["received"]
    assert received > 0
    assert f"<b>{received}</b>поступило" in client.get(REPORTS).text
    page = client.get(f"{REPORTS}/html?first=2026-11-16&last=2026-11-22")
    assert f"<b>{received}</b>поступило" in page.text
    assert "attachment" in page.headers["Content-Disposition"]
    workbook = client.get(f"{REPORTS}/xlsx?first=2026-11-16&last=2026-11-22")
    assert load_workbook(BytesIO(workbook.data)).sheetnames
    assert client.get(f"{REPORTS}/exe?first=2026-11-16&last=2026-11-22").status_code == 404


def test_kept_reports_are_listed(busy: Pages) -> None:
    client = busy.as_(LEADER)
    client.get(f"{REPORTS}?kind=day&day=2026-11-19")
    assert "за 19 ноября 2026</a>" in client.get(REPORTS).text


@pytest.mark.parametrize(
    "question",
    [
        "kind=century",
        "kind=day&day=yesterday",
        "first=2026-11-05&last=2026-11-01",
        "first=2026-11-05",
        "kind=year&day=0001-01-01",
    ],
)
def test_a_period_that_makes_no_sense_is_refused_clearly(pages: Pages, question: str) -> None:
    answer = pages.as_(LEADER).get(f"{REPORTS}?{question}")
    assert answer.status_code == 400
    assert "Запрос не понят" in answer.text


def test_the_citys_own_texts_give_the_report_its_looks(
    make_pages: Callable[..., Pages],
) -> None:
    answer = make_pages().as_(LEADER).get(f"{REPORTS}/report.css")
    assert answer.mimetype == "text/css"
    assert ".report" in answer.text
