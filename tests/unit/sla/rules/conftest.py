from collections.abc import Callable
from pathlib import Path

import pytest

from bridge.config.document import load_document
from bridge.helpdesk.layout import HelpdeskLayout
from bridge.sla.policy import SlaSettings
from bridge.sla.service_time import ServiceCalendar
from tests.unit.sla.rules.story import Story

CONFIG = Path(__file__).resolve().parents[4] / "config"


@pytest.fixture
def tell(sla: SlaSettings, calendar: ServiceCalendar) -> Callable[..., Story]:
    """Begins a story: `tell("head-feed", arrived="16:00")`."""

    def begin(policy: str = "head-feed", arrived: str = "16:00") -> Story:
        return Story(sla.policy(policy), calendar, arrived)

    return begin


@pytest.fixture
def layout() -> HelpdeskLayout:
    return load_document(CONFIG / "helpdesk.yaml", HelpdeskLayout)
