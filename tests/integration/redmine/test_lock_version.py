"""A change of what somebody else has changed since is refused, not lost."""

from collections.abc import Callable

import requests

from sandbox.redmine import RedmineAccess
from sandbox.redmine_staff import RedmineDesk

Tickets = Callable[..., int]


def test_a_change_with_the_present_lock_version_is_taken(
    robot: RedmineDesk, roads_ticket: Tickets
) -> None:
    ticket = roads_ticket("assigned")
    version = robot.lock_version(ticket)
    assert robot.move(ticket, "in_progress", lock_version=version).ok
    assert robot.read(ticket).status == "in_progress"
    assert robot.lock_version(ticket) > version


def test_a_change_with_a_stale_lock_version_is_refused(
    robot: RedmineDesk, roads: RedmineDesk, roads_ticket: Tickets
) -> None:
    ticket = roads_ticket("assigned")
    version = robot.lock_version(ticket)
    roads.move(ticket, "in_progress")
    refusal = robot.move(ticket, "withdrawn", lock_version=version)
    assert refusal.status_code == 422
    assert robot.read(ticket).status == "in_progress"


def test_a_ticket_that_is_not_there_has_no_lock_version(robot: RedmineDesk) -> None:
    assert robot.call("GET", "/bridge/issues/999999/lock.json").status_code == 404


def test_nobody_reads_lock_versions_without_a_key(access: RedmineAccess) -> None:
    answer = requests.get(f"{access.url}/bridge/issues/1/lock.json", timeout=30)
    assert answer.status_code == 401
