"""The office's real configuration, and every test of time under three zones of the process."""

import os
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bridge.config.document import load_document
from bridge.sla.policy import SlaSettings
from bridge.sla.schedule import CalendarSettings
from bridge.sla.service_time import ServiceCalendar

CONFIG = Path(__file__).resolve().parents[3] / "config"


@pytest.fixture(
    scope="module", autouse=True, params=["UTC", "Asia/Yekaterinburg", "America/New_York"]
)
def process_zone(request: pytest.FixtureRequest) -> Iterator[str]:
    """Scenario 7: a server's own zone must change nothing."""
    before = os.environ.get("TZ")
    _set_process_zone(request.param)
    yield request.param
    _set_process_zone(before)


def _set_process_zone(zone: str | None) -> None:
    os.environ.pop("TZ", None)
    if zone is not None:
        os.environ["TZ"] = zone
    time.tzset()


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
