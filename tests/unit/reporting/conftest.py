"""A report's parts on the configuration that the project ships."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bridge.office import Office
from bridge.reporting.compiling import Compiler
from bridge.reporting.facts import Duty, Names
from bridge.reporting.yardstick import Yardstick
from bridge.settings import PROJECT
from bridge.sla.clocks import Verdict
from bridge.sla.policy import ClockKind

MONDAY = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
"""Nine in the morning at the office."""


@pytest.fixture(scope="session")
def office() -> Office:
    return Office.load(PROJECT / "config")


@pytest.fixture(scope="session")
def compiler(office: Office) -> Compiler:
    names = Names(
        departments={"roads": "Управление дорог", "housing": "Управление ЖКХ"},
        channels={"vk-head": "Страница Главы"},
        reasons={"3.7.1": "формальный", "3.7.2": "противоречивый"},
    )
    return Compiler(
        Yardstick(office.policies.by_key, office.calendar),
        names,
        lambda issue: f"https://redmine.example/issues/{issue}",
    )


@pytest.fixture
def duty() -> Callable[..., Duty]:
    """The roads' answer to message 1, done in an hour; anything else as the test wants it."""

    def make(**wanted: Any) -> Duty:
        start = wanted.get("start", MONDAY)
        usual: dict[str, Any] = {
            "message_id": 1,
            "issue_id": 7,
            "channel": "vk-head",
            "visibility": "feed",
            "kind": ClockKind.ANSWER,
            "clause": "3.2.1",
            "holder": "roads",
            "policy": "head-feed",
            "start": start,
            "due": start + timedelta(hours=4),
            "stop": start + timedelta(hours=1),
            "verdict": Verdict.IN_TIME,
            "cause": "",
            "explanation": "4 ч подряд",
        }
        return Duty(**(usual | wanted))

    return make
