"""The layout that the plugin tells the robot is what the configuration asks for."""

from pathlib import Path
from typing import Any

import pytest
import requests
import yaml

from sandbox.redmine import RedmineAccess
from sandbox.redmine_staff import RedmineDesk


def read_config(name: str) -> dict[str, Any]:
    return yaml.safe_load(Path(f"config/{name}.yaml").read_text(encoding="utf-8"))


HELPDESK = read_config("helpdesk")
STATUS_KEYS = [status["key"] for status in HELPDESK["statuses"]]


def test_every_status_is_there(layout: dict[str, Any]) -> None:
    seen = {key: (found["name"], found["closed"]) for key, found in layout["statuses"].items()}
    assert seen == {
        wanted["key"]: (wanted["name"], wanted["closed"]) for wanted in HELPDESK["statuses"]
    }


def test_every_field_is_there_with_its_format_and_can_be_used_in_tickets(
    layout: dict[str, Any],
) -> None:
    for wanted in HELPDESK["fields"]:
        found = layout["fields"][wanted["key"]]
        assert (found["name"], found["format"]) == (wanted["name"], wanted["format"])
        assert found["filter"] == wanted.get("filter", False)
        assert found["in_tracker"]
        assert found["in_project"]


def test_every_role_has_its_permissions_and_its_view(layout: dict[str, Any]) -> None:
    for key, wanted in HELPDESK["roles"].items():
        found = layout["roles"][key]
        assert found["issues_visibility"] == wanted["issues_visibility"]
        assert found["assignable"] == wanted["assignable"]
        later = {"use_webhooks"}  # Redmine 7.0 and later
        assert set(found["permissions"]) | later == set(wanted["permissions"]) | later


def test_every_transition_is_there_and_no_other(layout: dict[str, Any]) -> None:
    for role in ("department", "curator"):
        found = {start: set(ends) for start, ends in layout["workflow"][role].items()}
        wanted = {start: set(ends) for start, ends in HELPDESK["workflow"][role].items()}
        assert found == wanted
    for start in STATUS_KEYS:
        assert {*layout["workflow"]["robot"][start], start} == set(STATUS_KEYS)


def by_status(required: dict[str, list[str]]) -> dict[str, set[str]]:
    return {status: set(fields) for status, fields in required.items()}


def test_required_fields_are_those_of_the_configuration(layout: dict[str, Any]) -> None:
    for role in ("department", "curator"):
        assert by_status(layout["required_fields"][role]) == by_status(
            HELPDESK["field_rules"][role]["required"]
        )
    assert layout["required_fields"]["robot"] == {}


@pytest.mark.clause("1.2.2")
def test_every_department_has_a_group_that_works_in_the_project(layout: dict[str, Any]) -> None:
    departments = {item["key"] for item in read_config("departments")["departments"]}
    assert layout["groups"]["departments"].keys() == departments
    for group in layout["groups"]["departments"].values():
        assert group["roles"] == ["department"]
    assert layout["groups"]["curators"]["roles"] == ["curator"]


def test_the_project_is_private_and_the_webhook_is_set(
    layout: dict[str, Any], receiver: Any
) -> None:
    assert not layout["project"]["public"]
    assert layout["webhook"] == {"kind": "plugin", "url": receiver.url, "configured": True}


def test_only_the_robot_and_administrators_read_the_layout(
    access: RedmineAccess, curator: RedmineDesk, layout: dict[str, Any]
) -> None:
    administrator = RedmineDesk(access.url, access.admin_key, layout)
    assert administrator.call("GET", "/bridge/layout.json").ok
    assert curator.call("GET", "/bridge/layout.json").status_code == 403
    assert requests.get(f"{access.url}/bridge/layout.json", timeout=30).status_code == 401
