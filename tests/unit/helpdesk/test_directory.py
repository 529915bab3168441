"""Redmine's numbers are read once, and again when there is a reason, at most once a minute."""

from collections.abc import Iterator
from typing import Any

import pytest
import responses

from bridge.helpdesk.directory import RedmineDirectory
from bridge.helpdesk.ids import KeyMissing
from bridge.helpdesk.layout import HelpdeskLayout
from bridge.helpdesk.port import HelpdeskRefused, HelpdeskUnavailable
from bridge.helpdesk.redmine_session import RedmineSession

URL = "http://redmine.test"
PAGE = f"{URL}/bridge/layout.json"
MEMBERS = f"{URL}/projects/citizen-messages/memberships.json"


class Clock:
    """A clock that the test turns."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def directory(layout: HelpdeskLayout, clock: Clock) -> RedmineDirectory:
    groups = {"roads": "Департамент дорог", "space": "Департамент космоса"}
    return RedmineDirectory(RedmineSession(URL, "key"), layout, groups, clock)


def members(*groups: dict[str, Any], role: str = "Исполнитель") -> dict[str, Any]:
    """Redmine's answer: groups with one role each, and a person."""
    found = [{"group": group, "roles": [{"id": 4, "name": role}]} for group in groups]
    person = {"user": {"id": 1, "name": "Анна"}, "roles": [{"id": 3, "name": "Куратор"}]}
    return {"memberships": [*found, person], "total_count": len(found) + 1}


@pytest.fixture
def only_roads(layout: HelpdeskLayout, clock: Clock) -> RedmineDirectory:
    groups = {"roads": "Департамент дорог"}
    return RedmineDirectory(RedmineSession(URL, "key"), layout, groups, clock)


@pytest.fixture
def network() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as network:
        yield network


def test_numbers_are_read_once(
    only_roads: RedmineDirectory, network: responses.RequestsMock, layout_answer: dict[str, Any]
) -> None:
    network.get(PAGE, json=layout_answer)
    assert only_roads.ids() is only_roads.ids()
    assert only_roads.refreshed() is only_roads.ids()
    assert len(network.calls) == 1


def test_a_group_that_was_set_up_meanwhile_is_found_after_a_minute(
    directory: RedmineDirectory,
    network: responses.RequestsMock,
    layout_answer: dict[str, Any],
    clock: Clock,
) -> None:
    network.get(PAGE, json=layout_answer)
    network.get(MEMBERS, json=members())
    with pytest.raises(KeyMissing, match="«Департамент космоса» в Redmine не найдено"):
        directory.resolve(lambda ids: ids.departments.id("space"))
    calls_of_one_reading = len(network.calls)
    departments = layout_answer["layout"]["groups"]["departments"]
    departments["space"] = {"id": 299, "roles": ["department"]}
    network.upsert(responses.GET, PAGE, json=layout_answer)
    with pytest.raises(KeyMissing):
        directory.resolve(lambda ids: ids.departments.id("space"))
    assert len(network.calls) == calls_of_one_reading
    clock.now += 61
    assert directory.resolve(lambda ids: ids.departments.id("space")) == 299


def test_a_department_gets_the_group_that_the_mapping_names_without_another_set_up(
    directory: RedmineDirectory, network: responses.RequestsMock, layout_answer: dict[str, Any]
) -> None:
    roads = layout_answer["layout"]["groups"]["departments"]["roads"]
    roads["name"] = "Дорожники прежние"
    network.get(PAGE, json=layout_answer)
    network.get(
        MEMBERS,
        json=members(
            {"id": 77, "name": "Департамент дорог"}, {"id": 78, "name": "Департамент космоса"}
        ),
    )
    assert directory.ids().departments.id("roads") == 77
    assert directory.ids().departments.id("space") == 78


def test_a_group_that_was_renamed_in_redmine_stays_its_departments(
    only_roads: RedmineDirectory, network: responses.RequestsMock, layout_answer: dict[str, Any]
) -> None:
    roads = layout_answer["layout"]["groups"]["departments"]["roads"]
    roads["name"] = "Дорожный департамент"
    network.get(PAGE, json=layout_answer)
    network.get(MEMBERS, json=members({"id": roads["id"], "name": "Дорожный департамент"}))
    assert only_roads.ids().departments.id("roads") == roads["id"]


def test_a_field_that_is_switched_off_in_the_tracker_counts_as_missing(
    only_roads: RedmineDirectory, network: responses.RequestsMock, layout_answer: dict[str, Any]
) -> None:
    layout_answer["layout"]["fields"]["author"]["in_tracker"] = False
    network.get(PAGE, json=layout_answer)
    with pytest.raises(KeyMissing, match="поле «Автор»"):
        only_roads.ids().fields.id("author")


def test_curators_who_cannot_be_assignees_hold_no_ticket(
    only_roads: RedmineDirectory, network: responses.RequestsMock, layout_answer: dict[str, Any]
) -> None:
    layout_answer["layout"]["roles"]["curator"]["assignable"] = False
    network.get(PAGE, json=layout_answer)
    assert only_roads.ids().curators_group is None


def test_a_redmine_that_was_not_set_up_is_told(
    only_roads: RedmineDirectory, network: responses.RequestsMock, layout_answer: dict[str, Any]
) -> None:
    layout_answer["layout"]["tracker"] = None
    network.get(PAGE, json=layout_answer)
    with pytest.raises(HelpdeskRefused, match="выполните настройку"):
        only_roads.ids()


def test_a_plugin_of_another_release_is_told_with_the_place(
    only_roads: RedmineDirectory, network: responses.RequestsMock, layout_answer: dict[str, Any]
) -> None:
    del layout_answer["layout"]["settings"]["text_formatting"]
    network.get(PAGE, json=layout_answer)
    with pytest.raises(HelpdeskUnavailable, match=r"settings\.text_formatting.*same release"):
        only_roads.ids()


def test_a_failed_reading_is_not_remembered(
    only_roads: RedmineDirectory, network: responses.RequestsMock, layout_answer: dict[str, Any]
) -> None:
    network.get(PAGE, status=500)
    with pytest.raises(HelpdeskUnavailable):
        only_roads.ids()
    network.upsert(responses.GET, PAGE, json=layout_answer)
    assert only_roads.ids().has_plugin
