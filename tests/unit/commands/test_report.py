"""`bridge report` as the head of the office, a script and somebody with a typo use it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from bridge.cli import main
from bridge.office import Office
from bridge.settings import PROJECT
from bridge.store.database import Store
from tests.busy_office import BusyOffice

NOW = datetime(2026, 11, 23, 21, tzinfo=UTC)
Run = Callable[..., Result]


@pytest.fixture
def run(store: Store, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("BRIDGE_STORE_URL", str(store.engine.url))
    monkeypatch.setenv("BRIDGE_REDMINE_PUBLIC_URL", "https://redmine.example/")

    def invoke(*arguments: str) -> Result:
        with time_machine.travel(NOW, tick=False):
            return CliRunner().invoke(main, ["report", *arguments])

    return invoke


@pytest.fixture
def busy_week(store: Store) -> None:
    office = Office.load(PROJECT / "config")
    BusyOffice(store, office).work(NOW - timedelta(days=7), days=7, messages_of_each=3)


@pytest.mark.usefixtures("busy_week")
def test_a_program_reads_the_figures_as_json(run: Run) -> None:
    answer = json.loads(run("--from", "2026-11-16", "--to", "2026-11-22").stdout)
    assert answer["period"] == {"kind": "week", "first": "2026-11-16", "last": "2026-11-22"}
    assert set(answer) >= {"messages", "tally", "departments", "channels", "clauses", "breaches"}
    assert answer["messages"]["received"] > 0


@pytest.mark.usefixtures("busy_week")
def test_the_last_closed_week_is_written_as_a_workbook(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "week.xlsx"
    assert run("--period", "week", "--output", str(file)).exit_code == 0
    book = load_workbook(BytesIO(file.read_bytes()))
    assert book["Сводка"]["A1"].value == "Отчёт за неделю 16–22 ноября 2026"


@pytest.mark.usefixtures("busy_week")
def test_links_lead_where_staff_open_redmine(run: Run) -> None:
    page = run("--from", "2026-11-16", "--to", "2026-11-22", "--format", "html").stdout
    assert '<a href="https://redmine.example/issues/' in page


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "укажите --from (и --to) или --period"),
        (["--from", "23.11.2026"], "не дата; нужна такая: 2026-11-23"),
        (["--from", "2026-11-23", "--to", "2026-11-01"], "раньше, чем начинается"),
        (["--from", "1812-09-07"], "год 1812 вне календаря"),
        (["--period", "day", "--from", "2026-11-23"], "или --period, или даты"),
        (["--period", "decade"], "decade"),
        (["--period", "day", "--output", "report.docx"], "укажите --format"),
        (["--from", "2026-11-24", "--publish"], "ещё не закрыт"),
    ],
)
def test_what_is_wrong_with_a_request_is_said(run: Run, arguments: list[str], says: str) -> None:
    result = run(*arguments)
    assert result.exit_code
    assert says in result.stderr


def test_a_file_that_cannot_be_written_is_named(run: Run, tmp_path: Path) -> None:
    result = run("--period", "day", "--output", str(tmp_path / "absent" / "day.html"))
    assert "absent/day.html" in result.stderr
