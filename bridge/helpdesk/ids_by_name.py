"""Finds Redmine's numbers by the names of the configuration, where the plugin is not installed."""

from collections.abc import Mapping
from typing import Any

from bridge.helpdesk.ids import KeyMissing, Numbered, RedmineIds
from bridge.helpdesk.layout import HelpdeskLayout
from bridge.helpdesk.markup import TextFormatting
from bridge.helpdesk.project_groups import project_groups
from bridge.helpdesk.redmine_session import PageMissing, RedmineSession

JsonObject = Mapping[str, Any]


def ids_by_name(
    session: RedmineSession, layout: HelpdeskLayout, department_groups: Mapping[str, str]
) -> RedmineIds:
    """Five or more requests. A thing that is not there is left out; it is missed when needed.

    Raises `KeyMissing` when there is no project or tracker. How texts are formatted is not told
    by REST: Redmine 7.0's own default is assumed.
    """
    project = _project(session, layout)
    groups = {name: group.id for name, group in project_groups(session, layout).items()}
    trackers = _numbers(project.get("trackers", ()))
    statuses = _numbers(session.get("/issue_statuses.json", "issue_statuses"))
    if layout.tracker.name not in trackers:
        raise KeyMissing(f"у проекта нет трекера «{layout.tracker.name}»: {_REMEDY}")
    return RedmineIds(
        project=project["id"],
        tracker=trackers[layout.tracker.name],
        robot=session.get("/users/current.json", "user")["id"],
        statuses=_by_key("статус", {one.key: one.name for one in layout.statuses}, statuses),
        fields=_by_key(
            "поле",
            {one.key: one.name for one in layout.fields},
            _numbers(project.get("issue_custom_fields", ())),
        ),
        departments=_by_key("группа подразделения", department_groups, groups),
        curators_group=groups.get(layout.groups.curators),
        text_formatting=TextFormatting.COMMON_MARK,
        has_plugin=False,
        leaders_group=groups.get(layout.groups.leaders) if layout.groups.leaders else None,
        priorities=_priorities_upwards(session),
    )


def _priorities_upwards(session: RedmineSession) -> tuple[int, ...]:
    """Redmine's priorities from the usual one upwards, in Redmine's own order.

    https://www.redmine.org/projects/redmine/wiki/Rest_Enumerations
    """
    found = session.get("/enumerations/issue_priorities.json", "issue_priorities")
    active = [one for one in found if one.get("active", True)]
    usual = next((place for place, one in enumerate(active) if one.get("is_default")), 0)
    return tuple(one["id"] for one in active[usual:])


_REMEDY = "выполните настройку (rake bridge:setup)"


def _project(session: RedmineSession, layout: HelpdeskLayout) -> JsonObject:
    path = f"/projects/{layout.project.identifier}.json"
    try:
        project: JsonObject = session.get(
            path, "project", {"include": "trackers,issue_custom_fields"}
        )
    except PageMissing as error:
        raise KeyMissing(
            f"проекта «{layout.project.identifier}» нет, или робот не его участник: {_REMEDY}"
        ) from error
    return project


def _numbers(things: list[JsonObject]) -> dict[str, int]:
    return {thing["name"]: thing["id"] for thing in things}


def _by_key(kind: str, names: Mapping[str, str], numbers: Mapping[str, int]) -> Numbered:
    return Numbered(
        kind, {key: numbers[name] for key, name in names.items() if name in numbers}, names
    )
