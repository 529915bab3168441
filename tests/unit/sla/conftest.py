"""The office's real configuration; every test here runs under three zones of the process."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bridge.config.document import load_document
from bridge.sla.policy import SlaSettings
from bridge.sla.schedule import CalendarSettings
from bridge.sla.service_time import ServiceCalendar

CONFIG = Path(__file__).resolve().parents[3] / "config"


@pytest.fixture(scope="module", autouse=True)
def _in_each_zone(process_zone: str) -> None:
    """Every test of this folder is a test of time."""


@pytest.fixture(scope="session")
def calendar_settings() -> CalendarSettings:
    return load_document(CONFIG / "calendar.yaml", CalendarSettings)


@pytest.fixture(scope="session")
def calendar(calendar_settings: CalendarSettings) -> ServiceCalendar:
    return ServiceCalendar(calendar_settings)


@pytest.fixture(scope="session")
def sla() -> SlaSettings:
    return load_document(CONFIG / "sla.yaml", SlaSettings)


@pytest.fixture(scope="session")
def moment(calendar: ServiceCalendar) -> Callable[[str], datetime]:
    """An instant from the office's local time: `moment("2026-11-23 16:20")`."""
    return lambda text: datetime.fromisoformat(text).replace(tzinfo=calendar.zone)


@pytest.fixture(scope="session")
def changed(calendar_settings: CalendarSettings) -> Callable[..., CalendarSettings]:
    """The office's settings with some of them replaced, validated as the file would be."""

    def change(**settings: Any) -> CalendarSettings:
        return CalendarSettings.model_validate({**dict(calendar_settings), **settings})

    return change
