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


@pytest.fixture
def network() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as network:
        yield network


def test_numbers_are_read_once(
    directory: RedmineDirectory, network: responses.RequestsMock, layout_answer: dict[str, Any]
) -> None:
    network.get(PAGE, json=layout_answer)
    assert directory.ids() is directory.ids()
    assert directory.refreshed() is directory.ids()
    assert len(network.calls) == 1


def test_a_group_that_was_set_up_meanwhile_is_found_after_a_minute(
    directory: RedmineDirectory,
    network: responses.RequestsMock,
    layout_answer: dict[str, Any],
    clock: Clock,
) -> None:
    network.get(PAGE, json=layout_answer)
    with pytest.raises(KeyMissing, match="«Департамент космоса» в Redmine не найдено"):
        directory.resolve(lambda ids: ids.departments.id("space"))
    assert len(network.calls) == 1
    departments = layout_answer["layout"]["groups"]["departments"]
    departments["space"] = {"id": 299, "roles": ["department"]}
    network.upsert(responses.GET, PAGE, json=layout_answer)
    clock.now += 61
    assert directory.resolve(lambda ids: ids.departments.id("space")) == 299


def test_a_field_that_is_switched_off_in_the_tracker_counts_as_missing(
    directory: RedmineDirectory, network: responses.RequestsMock, layout_answer: dict[str, Any]
) -> None:
    layout_answer["layout"]["fields"]["author"]["in_tracker"] = False
    network.get(PAGE, json=layout_answer)
    with pytest.raises(KeyMissing, match="поле «Автор»"):
        directory.ids().fields.id("author")


def test_curators_who_cannot_be_assignees_hold_no_ticket(
    directory: RedmineDirectory, network: responses.RequestsMock, layout_answer: dict[str, Any]
) -> None:
    layout_answer["layout"]["roles"]["curator"]["assignable"] = False
    network.get(PAGE, json=layout_answer)
    assert directory.ids().curators_group is None


def test_a_redmine_that_was_not_set_up_is_told(
    directory: RedmineDirectory, network: responses.RequestsMock, layout_answer: dict[str, Any]
) -> None:
    layout_answer["layout"]["tracker"] = None
    network.get(PAGE, json=layout_answer)
    with pytest.raises(HelpdeskRefused, match="выполните настройку"):
        directory.ids()


def test_a_plugin_of_another_release_is_told_with_the_place(
    directory: RedmineDirectory, network: responses.RequestsMock, layout_answer: dict[str, Any]
) -> None:
    del layout_answer["layout"]["settings"]["text_formatting"]
    network.get(PAGE, json=layout_answer)
    with pytest.raises(HelpdeskUnavailable, match=r"settings\.text_formatting.*same release"):
        directory.ids()


def test_a_failed_reading_is_not_remembered(
    directory: RedmineDirectory, network: responses.RequestsMock, layout_answer: dict[str, Any]
) -> None:
    network.get(PAGE, status=500)
    with pytest.raises(HelpdeskUnavailable):
        directory.ids()
    network.upsert(responses.GET, PAGE, json=layout_answer)
    assert directory.ids().has_plugin
