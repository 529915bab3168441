"""A clock that stands still until told to go on, and a record of the events published."""

from datetime import UTC, datetime

import pytest

from sandbox.clock import ManualClock
from sandbox.vk.model import JsonObject


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(datetime(2026, 11, 23, 13, 30, tzinfo=UTC))


@pytest.fixture
def published() -> list[tuple[str, int, JsonObject]]:
    """The events that the thing under test has published: type, owner, object."""
    return []
