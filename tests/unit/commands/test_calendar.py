import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

from bridge.commands.calendar import calendar_command

pytestmark = pytest.mark.usefixtures("process_zone")

CONFIG = Path(__file__).resolve().parents[3] / "config"


def calendar(*arguments: str, folder: Path = CONFIG, color: bool = False) -> Result:
    context = SimpleNamespace(config_folder=folder)
    return CliRunner().invoke(calendar_command, arguments, obj=context, color=color)


def office(folder: Path, override: str) -> Path:
    text = (CONFIG / "calendar.yaml").read_text(encoding="utf-8")
    changed = text.replace("overrides: []", f"overrides: [{override}]")
    (folder / "calendar.yaml").write_text(changed, encoding="utf-8")
    return folder


def test_a_month_shows_its_days_off_moved_and_short_days() -> None:
    lines = calendar("2027").stdout.splitlines()
    heads = next(number for number, line in enumerate(lines) if "ноябрь" in line)
    assert lines[heads + 2][24:45] == " 1  2  3* 4! 5> 6. 7."
    assert any(" 20+21." in line for line in lines)


def test_special_days_are_listed_with_their_hours_and_reason() -> None:
    shown = calendar("2025").stdout
    assert "01.11 сб  09:00–12:00 12:48–17:00    Рабочий день за 03.11.2025, короче на час" in shown
    assert "04.11 вт  выходной                   День народного единства" in shown


def test_the_norm_of_the_year_stands_last() -> None:
    assert calendar("2026").stdout.splitlines()[-1].split()[:3] == ["ГОД", "247", "4"]


def test_an_exception_of_the_office_is_marked_and_named(tmp_path: Path) -> None:
    folder = office(tmp_path, "{date: 2026-06-15, reason: День города, day_off: true}")
    shown = calendar("2026", folder=folder).stdout
    assert "15#" in shown
    assert "15.06 пн  выходной                   День города" in shown


def test_a_year_without_a_decree_is_headed_as_provisional() -> None:
    assert "ПРЕДВАРИТЕЛЬНЫЙ" in calendar("2028").stdout
    assert "ПРЕДВАРИТЕЛЬНЫЙ" not in calendar("2027").stdout


def test_colours_are_for_terminals_only() -> None:
    assert "\x1b[" in calendar("2026", color=True).stdout
    assert "\x1b[" not in calendar("2026").stdout


def test_a_program_reads_days_and_norms() -> None:
    year = json.loads(calendar("2026", "--json").stdout)
    days = {day["date"]: day for day in year["days"]}
    assert days["2026-11-03"] == {
        "date": "2026-11-03",
        "kind": "workday",
        "working": True,
        "shortened": True,
        "overridden": False,
        "hours": ["09:00-12:00", "12:48-17:00"],
        "note": "",
    }
    assert year["total"]["working_days"] == sum(day["working"] for day in days.values())
    assert (
        sum(month["service_minutes"] for month in year["months"])
        == (year["total"]["service_minutes"])
    )
    assert len(year["quarters"]) == 4


def test_a_year_out_of_range_is_refused() -> None:
    result = calendar("2101")
    assert result.exit_code == 1
    assert "вне производственного календаря" in result.stderr
