"""The adapter at work on the real Redmine, as the robot and as a curator."""

from collections.abc import Callable, Mapping
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import yaml

from bridge.config.document import load_document
from bridge.helpdesk.directory import RedmineDirectory
from bridge.helpdesk.layout import HelpdeskLayout
from bridge.helpdesk.port import TicketDraft
from bridge.helpdesk.redmine import RedmineHelpdesk
from bridge.helpdesk.redmine_session import RedmineSession
from sandbox.redmine import RedmineAccess
from sandbox.redmine_staff import StaffUser

CONFIG = Path(__file__).parents[3] / "config"


@pytest.fixture(scope="session")
def helpdesk_layout() -> HelpdeskLayout:
    return load_document(CONFIG / "helpdesk.yaml", HelpdeskLayout)


@pytest.fixture(scope="session")
def department_groups() -> dict[str, str]:
    document = yaml.safe_load((CONFIG / "departments.yaml").read_text(encoding="utf-8"))
    return {one["key"]: one.get("group", one["name"]) for one in document["departments"]}


@pytest.fixture(scope="session")
def robot_session(access: RedmineAccess) -> RedmineSession:
    return RedmineSession(access.url, access.robot_key)


@pytest.fixture(scope="session")
def curator_session(access: RedmineAccess, curator_user: StaffUser) -> RedmineSession:
    return RedmineSession(access.url, curator_user.api_key)


@pytest.fixture(scope="session")
def directory(
    robot_session: RedmineSession,
    helpdesk_layout: HelpdeskLayout,
    department_groups: Mapping[str, str],
) -> RedmineDirectory:
    return RedmineDirectory(robot_session, helpdesk_layout, department_groups)


@pytest.fixture(scope="session")
def helpdesk(robot_session: RedmineSession, directory: RedmineDirectory) -> RedmineHelpdesk:
    return RedmineHelpdesk(robot_session, directory)


@pytest.fixture(scope="session")
def as_curator(curator_session: RedmineSession, directory: RedmineDirectory) -> RedmineHelpdesk:
    """The adapter with a curator's key: Redmine drops silently what a curator may not write."""
    return RedmineHelpdesk(curator_session, directory)


_numbers = count(1)


@pytest.fixture
def draft() -> Callable[..., TicketDraft]:
    """A draft with an external number of its own; anything else as the test wants it."""

    def make(**wanted: Any) -> TicketDraft:
        usual: dict[str, Any] = {
            "external_number": f"vk:wall-1_2_r{next(_numbers)}",
            "subject": "Яма во дворе",
            "description": "Яма.\nДва дня.",
            "status": "assigned",
            "department": "roads",
            "fields": {"channel": "ВКонтакте", "author": "Анна Петрова"},
            "due_date": date(2026, 11, 24),
        }
        return TicketDraft(**(usual | wanted))

    return make


class RecordingSession(RedmineSession):
    """A session that remembers what it was asked for."""

    def __init__(self, access: RedmineAccess) -> None:
        super().__init__(access.url, access.robot_key)
        self.requests: list[str] = []

    def _request(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        self.requests.append(f"{method} {path}")
        return super()._request(method, path, **options)


@pytest.fixture
def recording(access: RedmineAccess) -> RecordingSession:
    return RecordingSession(access)


@pytest.fixture
def recorded_helpdesk(recording: RecordingSession, directory: RedmineDirectory) -> RedmineHelpdesk:
    """The adapter on the `recording` session."""
    directory.ids()
    return RedmineHelpdesk(recording, directory)
