"""A given Redmine that is not fit is refused with what it lacks."""

import pytest
import requests
import responses

from sandbox.demo.failure import DemoFailed
from sandbox.demo.helpdesk import GivenRedmine, open_given

URL = "http://redmine.city"
GIVEN = GivenRedmine(f"{URL}/", "admin-key")
LAYOUT = {
    "layout": {
        "statuses": {"new": {"id": 1}},
        "fields": {},
        "roles": {},
        "robot": {"id": 5, "login": "bridge", "active": True},
    }
}


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BRIDGE_REDMINE_KEY", "BRIDGE_REDMINE_WEBHOOK_SECRET"):
        monkeypatch.delenv(name, raising=False)


def answer_as_administrator(*, admin: bool = True) -> None:
    """Redmine knows the key."""
    responses.get(f"{URL}/users/current.json", json={"user": {"id": 1, "admin": admin}})


@responses.activate
def test_the_robots_key_comes_from_the_environment_or_is_asked_of_redmine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer_as_administrator()
    responses.get(f"{URL}/bridge/layout.json", json=LAYOUT)
    responses.get(f"{URL}/users/5.json", json={"user": {"id": 5, "api_key": "told-key"}})
    assert open_given(GIVEN).robot_key == "told-key"
    monkeypatch.setenv("BRIDGE_REDMINE_KEY", "robot-key")
    access = open_given(GIVEN)
    assert (access.url, access.robot_key) == (URL, "robot-key")


@responses.activate
def test_a_key_of_no_administrator_is_refused() -> None:
    answer_as_administrator(admin=False)
    with pytest.raises(DemoFailed, match="administrator's API key"):
        open_given(GIVEN)


@responses.activate
def test_a_missing_plugin_is_explained() -> None:
    answer_as_administrator()
    responses.get(f"{URL}/bridge/layout.json", status=404)
    with pytest.raises(DemoFailed, match="plugin is not there"):
        open_given(GIVEN)


@responses.activate
def test_what_the_set_up_did_not_make_is_named() -> None:
    answer_as_administrator()
    lacking = {"layout": LAYOUT["layout"] | {"statuses": {"new": None}}}
    responses.get(f"{URL}/bridge/layout.json", json=lacking)
    with pytest.raises(DemoFailed, match="lacks new"):
        open_given(GIVEN)


@responses.activate
def test_a_missing_robot_is_named() -> None:
    answer_as_administrator()
    lacking = {"layout": LAYOUT["layout"] | {"robot": None}}
    responses.get(f"{URL}/bridge/layout.json", json=lacking)
    with pytest.raises(DemoFailed, match="lacks the robot's account"):
        open_given(GIVEN)


@responses.activate
def test_a_redmine_that_keeps_the_robots_key_to_itself_is_explained() -> None:
    answer_as_administrator()
    responses.get(f"{URL}/bridge/layout.json", json=LAYOUT)
    responses.get(f"{URL}/users/5.json", json={"user": {"id": 5}})
    with pytest.raises(DemoFailed, match="BRIDGE_REDMINE_KEY"):
        open_given(GIVEN)


@responses.activate
def test_an_address_where_nothing_answers_is_named() -> None:
    responses.get(f"{URL}/users/current.json", body=requests.ConnectionError())
    with pytest.raises(DemoFailed, match=URL):
        open_given(GIVEN)
