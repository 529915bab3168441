"""The shipped configuration of the helpdesk, and a Redmine's answers made from it."""

from pathlib import Path
from typing import Any

import pytest

from bridge.config.document import load_document
from bridge.helpdesk.ids import Numbered, RedmineIds
from bridge.helpdesk.layout import HelpdeskLayout
from bridge.helpdesk.markup import TextFormatting

CONFIG = Path(__file__).parents[3] / "config"
ROBOT_ID = 7
DEPARTMENTS = {"roads": "Департамент дорог", "housing": "Департамент ЖКХ"}


@pytest.fixture(scope="session")
def layout() -> HelpdeskLayout:
    return load_document(CONFIG / "helpdesk.yaml", HelpdeskLayout)


@pytest.fixture
def ids(layout: HelpdeskLayout) -> RedmineIds:
    """Statuses are numbered from 1, fields from 101, departments from 201; curators are 300."""
    return RedmineIds(
        project=1,
        tracker=1,
        robot=ROBOT_ID,
        statuses=_numbered("статус", 1, {one.key: one.name for one in layout.statuses}),
        fields=_numbered("поле", 101, {one.key: one.name for one in layout.fields}),
        departments=_numbered("группа подразделения", 201, DEPARTMENTS),
        curators_group=300,
        text_formatting=TextFormatting.TEXTILE,
        has_plugin=True,
    )


def _numbered(kind: str, first: int, names: dict[str, str]) -> Numbered:
    return Numbered(kind, {key: first + place for place, key in enumerate(names)}, names)


@pytest.fixture
def layout_answer(layout: HelpdeskLayout) -> dict[str, Any]:
    """What the plugin answers where everything is as configured."""
    found = {
        "server_time": "2026-11-23T13:30:00.000Z",
        "settings": {
            "rest_api_enabled": True,
            "issue_group_assignment": True,
            "text_formatting": "textile",
        },
        "project": {"id": 1, "active": True, "public": False},
        "tracker": {"id": 1, "in_project": True},
        "statuses": {
            one.key: {"id": place, "closed": one.closed}
            for place, one in enumerate(layout.statuses, start=1)
        },
        "fields": {
            one.key: {"id": place, "filter": one.filter, "in_tracker": True, "in_project": True}
            for place, one in enumerate(layout.fields, start=101)
        },
        "roles": {
            key: {
                "id": place,
                "assignable": role.assignable,
                "permissions": [name for name in role.permissions if name != "use_webhooks"],
            }
            for place, (key, role) in enumerate(layout.roles.items(), start=3)
        },
        "groups": {
            "curators": {"id": 300, "roles": ["curator"]},
            "leaders": {"id": 301, "roles": ["leader"]},
            "departments": {
                key: {"id": place, "roles": ["department"]}
                for place, key in enumerate(DEPARTMENTS, start=201)
            },
        },
        "robot": {"id": ROBOT_ID, "active": True},
        "workflow": {role: _by_first(layout.transitions(role)) for role in layout.roles},
        "initial_statuses": {role: sorted(layout.initial(role)) for role in layout.roles},
        "required_fields": {role: _by_first(layout.required(role)) for role in layout.roles},
        "webhook": {"kind": "plugin", "url": "http://127.0.0.1:8790/hooks", "configured": True},
    }
    return {"layout": found}


def _by_first(pairs: frozenset[tuple[str, str]]) -> dict[str, list[str]]:
    return {first: sorted(second for one, second in pairs if one == first) for first, _ in pairs}
