"""What `bridge check` says when Redmine is away, half installed, or opened with the wrong key."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests
import responses

from bridge.findings import Finding, State
from bridge.helpdesk.check import check_helpdesk, check_webhook
from bridge.helpdesk.layout import HelpdeskLayout
from bridge.helpdesk.redmine_session import RedmineSession

URL = "http://redmine.test"
ROBOT = {"user": {"id": 7, "login": "bridge"}}
NOW = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)

Check = Callable[[], dict[str, Finding]]


@pytest.fixture
def network() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as network:
        yield network


@pytest.fixture
def session() -> RedmineSession:
    return RedmineSession(URL, "key")


@pytest.fixture
def check(session: RedmineSession, layout: HelpdeskLayout) -> Check:
    groups = {"roads": "Департамент дорог"}

    def run() -> dict[str, Finding]:
        return {one.name: one for one in check_helpdesk(session, layout, groups, lambda: NOW)}

    return run


def test_a_redmine_that_is_away_is_the_only_finding(
    check: Check, network: responses.RequestsMock
) -> None:
    network.get(f"{URL}/users/current.json", body=requests.ConnectionError())
    (entry,) = check().values()
    assert entry.state is State.FAIL
    assert "Проверьте адрес Redmine" in entry.remedy


def test_a_robot_with_all_rights_is_a_warning(
    check: Check, network: responses.RequestsMock, layout_answer: dict[str, Any]
) -> None:
    network.get(f"{URL}/users/current.json", json={"user": ROBOT["user"] | {"admin": True}})
    network.get(f"{URL}/bridge/layout.json", json=layout_answer)
    found = check()
    assert found["Redmine: вход"].state is State.WARN
    assert found["Redmine: статусы"].state is State.OK


@pytest.mark.parametrize("status", [403, 500])
def test_a_plugin_that_does_not_answer_is_told(
    check: Check, network: responses.RequestsMock, status: int
) -> None:
    network.get(f"{URL}/users/current.json", json=ROBOT)
    network.get(f"{URL}/bridge/layout.json", status=status)
    plugin = check()["Redmine: плагин"]
    assert plugin.state is State.FAIL
    assert str(status) in plugin.text


def test_neither_plugin_nor_project(check: Check, network: responses.RequestsMock) -> None:
    network.get(f"{URL}/users/current.json", json=ROBOT)
    network.get(f"{URL}/bridge/layout.json", status=404)
    network.get(f"{URL}/projects/citizen-messages.json", status=404)
    found = check()
    assert found["Redmine: плагин"].state is State.WARN
    assert found["Redmine: проект"].state is State.FAIL
    assert "rake bridge:setup" in found["Redmine: проект"].remedy


def test_a_webhook_without_a_secret_is_not_waited_for(
    session: RedmineSession, network: responses.RequestsMock
) -> None:
    errors = {"errors": ["the webhook has no URL or no secret"]}
    network.post(f"{URL}/bridge/webhook_test.json", status=422, json=errors)
    waited: list[str] = []
    finding = check_webhook(session, "token", lambda token: bool(waited.append(token)))
    assert finding.state is State.FAIL
    assert "no URL or no secret" in finding.text
    assert waited == []
