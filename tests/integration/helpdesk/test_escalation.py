"""A ticket's priority is raised and never lowered; the leaders come to watch it, once (1.4)."""

from collections.abc import Callable
from typing import Any

import pytest

from bridge.helpdesk.directory import RedmineDirectory
from bridge.helpdesk.port import TicketDraft, TicketUpdate
from bridge.helpdesk.redmine import RedmineHelpdesk
from sandbox.redmine_staff import RedmineDesk

pytestmark = pytest.mark.clause("1.4")


@pytest.fixture
def ticket(helpdesk: RedmineHelpdesk, draft: Callable[..., TicketDraft]) -> int:
    return helpdesk.create(draft()).id


def shown(desk: RedmineDesk, ticket: int) -> dict[str, Any]:
    issue: dict[str, Any] = desk.call("GET", f"/issues/{ticket}.json?include=watchers").json()
    return issue["issue"]


def test_a_priority_is_raised_by_steps_above_the_usual_one(
    helpdesk: RedmineHelpdesk, directory: RedmineDirectory, curator: RedmineDesk, ticket: int
) -> None:
    upwards = directory.ids().priorities
    assert shown(curator, ticket)["priority"]["id"] == upwards[0]
    helpdesk.update(ticket, TicketUpdate(priority=1), None)
    assert shown(curator, ticket)["priority"]["id"] == upwards[1]


def test_a_higher_priority_that_a_person_chose_stays(
    helpdesk: RedmineHelpdesk, directory: RedmineDirectory, curator: RedmineDesk, ticket: int
) -> None:
    highest = directory.ids().priorities[-1]
    curator.update(ticket, priority_id=highest)
    helpdesk.update(ticket, TicketUpdate(priority=1), None)
    assert shown(curator, ticket)["priority"]["id"] == highest


def test_more_steps_than_there_are_mean_the_highest(
    helpdesk: RedmineHelpdesk, directory: RedmineDirectory, curator: RedmineDesk, ticket: int
) -> None:
    helpdesk.update(ticket, TicketUpdate(priority=10), None)
    assert shown(curator, ticket)["priority"]["id"] == directory.ids().priorities[-1]


def test_the_leaders_watch_a_ticket_once_told_of_it(
    helpdesk: RedmineHelpdesk, directory: RedmineDirectory, curator: RedmineDesk, ticket: int
) -> None:
    told = TicketUpdate(note="Руководству: срок прошёл.", for_leaders=True)
    helpdesk.update(ticket, told, None)
    helpdesk.update(ticket, TicketUpdate(note="И ещё раз.", for_leaders=True), None)
    watchers = [watcher["id"] for watcher in shown(curator, ticket)["watchers"]]
    assert watchers.count(directory.ids().leaders_group) == 1
