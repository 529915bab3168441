"""`bridge check` on a Redmine that is set up, and on ones that are not quite."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bridge.findings import Finding, State
from bridge.helpdesk.check import check_helpdesk, check_webhook
from bridge.helpdesk.directory import RedmineDirectory
from bridge.helpdesk.ids_by_name import ids_by_name
from bridge.helpdesk.layout import HelpdeskLayout
from bridge.helpdesk.port import HelpdeskRefused, TicketDraft
from bridge.helpdesk.redmine import RedmineHelpdesk
from bridge.helpdesk.redmine_session import PageMissing, RedmineSession
from bridge.helpdesk.signature import read_webhook, verify
from sandbox.redmine import RedmineAccess

Check = Callable[..., dict[str, Finding]]


@pytest.fixture
def check(helpdesk_layout: HelpdeskLayout, department_groups: Mapping[str, str]) -> Check:
    def run(session: RedmineSession, **other: Any) -> dict[str, Finding]:
        wanted = {
            "layout": helpdesk_layout,
            "department_groups": department_groups,
            "now": lambda: datetime.now(UTC),
        }
        return {one.name: one for one in check_helpdesk(session, **(wanted | other))}

    return run


class WithoutPlugin(RedmineSession):
    """The same Redmine as if the plugin were not installed."""

    def get(self, path: str, part: str, params: Mapping[str, Any] | None = None) -> Any:
        if path.startswith("/bridge/"):
            raise PageMissing("no plugin")
        return super().get(path, part, params)


@pytest.fixture
def without_plugin(access: RedmineAccess) -> RedmineSession:
    return WithoutPlugin(access.url, access.robot_key)


def test_a_redmine_that_was_set_up_is_fit(check: Check, robot_session: RedmineSession) -> None:
    found = check(robot_session)
    assert {one.text for one in found.values() if one.state is not State.OK} == set()
    assert {"Redmine: статусы", "Redmine: поля", "Redmine: группы", "Redmine: часы"} <= set(found)


def test_a_wrong_key_is_said_first_and_alone(check: Check, access: RedmineAccess) -> None:
    (entry,) = check(RedmineSession(access.url, "0" * 40)).values()
    assert entry.state is State.FAIL
    assert "401" in entry.text
    assert "REST API" in entry.remedy


def test_somebody_elses_key_is_not_the_robots(
    check: Check, curator_session: RedmineSession
) -> None:
    entry = check(curator_session)["Redmine: вход"]
    assert entry.state is State.FAIL
    assert "«curator», а не роботу «bridge»" in entry.text


def test_a_group_that_is_missing_is_named(check: Check, robot_session: RedmineSession) -> None:
    groups = check(robot_session, department_groups={"space": "Департамент космоса"})
    assert "нет группы «Департамент космоса»" in groups["Redmine: группы"].text


@pytest.mark.parametrize(
    ("ahead", "state"),
    [
        (timedelta(seconds=-1), State.OK),
        (timedelta(seconds=10), State.WARN),
        (timedelta(seconds=-10), State.WARN),
        (timedelta(minutes=5), State.FAIL),
        (timedelta(minutes=-5), State.FAIL),
    ],
)
def test_clocks_that_differ_are_told(
    check: Check, robot_session: RedmineSession, ahead: timedelta, state: State
) -> None:
    found = check(robot_session, now=lambda: datetime.now(UTC) + ahead)
    assert found["Redmine: часы"].state is state


@pytest.mark.scenario(21)
def test_a_signed_delivery_arrives(
    robot_session: RedmineSession, access: RedmineAccess, receiver: Any
) -> None:
    def has_arrived(token: str) -> bool:
        delivery = receiver.wait_for(lambda event: event["data"].get("token") == token)
        verify(delivery.body, delivery.signature, access.webhook_secret)
        return read_webhook(delivery.body).test_token == token

    assert check_webhook(robot_session, "проба-1", has_arrived).state is State.OK


def test_a_delivery_that_does_not_arrive_is_told(robot_session: RedmineSession) -> None:
    finding = check_webhook(robot_session, "проба-2", lambda _token: False)
    assert finding.state is State.FAIL
    assert finding.remedy


def test_only_the_robot_may_ask_for_a_delivery(curator_session: RedmineSession) -> None:
    finding = check_webhook(curator_session, "проба-3", lambda _token: True)
    assert finding.state is State.FAIL
    assert "403" in finding.text


def test_without_the_plugin_everything_is_found_by_name(
    check: Check,
    without_plugin: RedmineSession,
    directory: RedmineDirectory,
    helpdesk_layout: HelpdeskLayout,
    department_groups: Mapping[str, str],
) -> None:
    named, numbered = (
        ids_by_name(without_plugin, helpdesk_layout, department_groups),
        directory.ids(),
    )
    for one in helpdesk_layout.statuses:
        assert named.statuses.id(one.key) == numbered.statuses.id(one.key)
    for field in helpdesk_layout.fields:
        assert named.fields.id(field.key) == numbered.fields.id(field.key)
    for department in department_groups:
        assert named.departments.id(department) == numbered.departments.id(department)
    assert (named.project, named.tracker, named.robot, named.curators_group) == (
        numbered.project,
        numbered.tracker,
        numbered.robot,
        numbered.curators_group,
    )
    states = {name: one.state for name, one in check(without_plugin).items()}
    assert states["Redmine: плагин"] is State.WARN
    assert State.FAIL not in states.values()


def test_without_the_plugin_tickets_are_made_and_read(
    without_plugin: RedmineSession,
    helpdesk_layout: HelpdeskLayout,
    department_groups: Mapping[str, str],
    draft: Callable[..., TicketDraft],
) -> None:
    helpdesk = RedmineHelpdesk(
        without_plugin, RedmineDirectory(without_plugin, helpdesk_layout, department_groups)
    )
    wanted = draft()
    issue = helpdesk.read(helpdesk.create(wanted).id)
    assert issue.fields["external_number"] == wanted.external_number
    assert issue.lock_version is None


def test_a_project_that_is_not_there_is_named(
    without_plugin: RedmineSession, helpdesk_layout: HelpdeskLayout
) -> None:
    project = helpdesk_layout.project.model_copy(update={"identifier": "elsewhere"})
    layout = helpdesk_layout.model_copy(update={"project": project})
    with pytest.raises(HelpdeskRefused, match="проекта «elsewhere» нет"):
        ids_by_name(without_plugin, layout, {})
