import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import yaml

from bridge.sla.production_calendar import (
    DayKind,
    ProductionDay,
    days_of_year,
    has_decree,
    production_day,
)

PUBLISHED = yaml.safe_load(
    (Path(__file__).parent / "published_calendars.yaml").read_text(encoding="utf-8")
)
OFF = (DayKind.HOLIDAY, DayKind.MOVED_DAY_OFF)


def dates(days: list[ProductionDay]) -> list[str]:
    return [f"{day.date:%m-%d}" for day in days]


@pytest.mark.clause("3.3")
@pytest.mark.scenario(3)
@pytest.mark.parametrize("year", PUBLISHED)
def test_scenario_3_every_day_of_the_year_is_as_published(year: int) -> None:
    days = [production_day(day) for day in days_of_year(year)]
    computed = {
        "days_off": dates([day for day in days if day.kind in OFF and day.date.weekday() < 5]),
        "working_weekends": dates([day for day in days if day.kind is DayKind.WORKING_WEEKEND]),
        "shortened": dates([day for day in days if day.shortened]),
    }
    assert computed == PUBLISHED[year]


def test_a_working_saturday_takes_the_hours_of_the_day_it_was_swapped_with() -> None:
    tuesday = 1
    assert production_day(date(2024, 11, 2)).hours_of == tuesday  # for 30.04.2024


def test_a_day_before_a_moved_day_off_is_not_shortened() -> None:
    assert not production_day(date(2025, 12, 30)).shortened
    assert not production_day(date(2026, 12, 30)).shortened


def test_a_year_without_a_decree_is_told_apart() -> None:
    assert has_decree(2027)
    assert not has_decree(2028)


@pytest.mark.parametrize("year", [1991, 2101])
def test_a_year_out_of_range_is_refused(year: int) -> None:
    with pytest.raises(ValueError, match=f"год {year} вне производственного календаря"):
        production_day(date(year, 6, 1))


def test_the_language_of_the_server_changes_nothing() -> None:
    code = (
        "from datetime import date; from bridge.sla.production_calendar import production_day;"
        "day = production_day(date(2024, 11, 2)); print(day.hours_of, day.shortened)"
    )
    environment = {**os.environ, "LANG": "en_US.UTF-8", "LANGUAGE": "en_US"}
    result = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert result.stdout.split() == ["1", "True"]
