"""What the bridge's plugin says of its Redmine: `GET /bridge/layout.json`.

Read from Redmine's own tables at that moment, by the keys of `config/helpdesk.yaml`. What the
set-up made and somebody removed since is null.
"""

from collections.abc import Mapping
from typing import Protocol

from pydantic import AwareDatetime, BaseModel, ValidationError

from bridge.helpdesk.ids import KeyMissing, Numbered, RedmineIds
from bridge.helpdesk.layout import HelpdeskLayout
from bridge.helpdesk.markup import TextFormatting
from bridge.helpdesk.port import HelpdeskUnavailable
from bridge.helpdesk.project_groups import project_groups
from bridge.helpdesk.redmine_session import RedmineSession


class FoundSettings(BaseModel):
    """Redmine's global settings."""

    rest_api_enabled: bool
    issue_group_assignment: bool
    text_formatting: TextFormatting


class FoundProject(BaseModel):
    """The project."""

    id: int
    active: bool
    public: bool


class FoundTracker(BaseModel):
    """The tracker."""

    id: int
    in_project: bool


class FoundStatus(BaseModel):
    """A status."""

    id: int
    closed: bool


class FoundField(BaseModel):
    """A custom field."""

    id: int
    filter: bool
    in_tracker: bool
    in_project: bool

    @property
    def in_tickets(self) -> bool:
        """Whether the project's tickets have it."""
        return self.in_tracker and self.in_project


class FoundRole(BaseModel):
    """A role."""

    id: int
    assignable: bool
    permissions: frozenset[str]


class FoundGroup(BaseModel):
    """A group and the roles that it has in the project."""

    id: int
    name: str = ""
    roles: frozenset[str]


class FoundGroups(BaseModel):
    """The curators' group, the leaders', and departments' by the department's key."""

    curators: FoundGroup | None
    leaders: FoundGroup | None = None
    departments: Mapping[str, FoundGroup | None]


class FoundRobot(BaseModel):
    """The robot's account."""

    id: int
    active: bool


class FoundWebhook(BaseModel):
    """The webhook. `kind`: native (Redmine 7.0 and later) or plugin."""

    kind: str
    url: str | None
    configured: bool


class PluginLayout(BaseModel):
    """The whole answer.

    `server_time` is the host's clock; `priorities` are those from the usual one upwards.
    """

    server_time: AwareDatetime
    settings: FoundSettings
    project: FoundProject | None
    tracker: FoundTracker | None
    statuses: Mapping[str, FoundStatus | None]
    fields: Mapping[str, FoundField | None]
    roles: Mapping[str, FoundRole | None]
    groups: FoundGroups
    priorities: tuple[int, ...] = ()
    robot: FoundRobot | None
    workflow: Mapping[str, Mapping[str, frozenset[str]]]
    initial_statuses: Mapping[str, frozenset[str]]
    required_fields: Mapping[str, Mapping[str, frozenset[str]]]
    webhook: FoundWebhook

    def is_assignable(self, group: FoundGroup) -> bool:
        """Whether tickets can be assigned to the group."""
        roles = (self.roles.get(key) for key in group.roles)
        return any(role is not None and role.assignable for role in roles)


def read_plugin_layout(session: RedmineSession) -> PluginLayout:
    """Ask the plugin. Raises `PageMissing` when it is not installed."""
    answer = session.get("/bridge/layout.json", "layout")
    try:
        return PluginLayout.model_validate(answer)
    except ValidationError as error:
        places = {".".join(map(str, mistake["loc"])) for mistake in error.errors()}
        raise HelpdeskUnavailable(
            f"get /bridge/layout.json: not as documented at {', '.join(sorted(places))};"
            " is the plugin of the same release as the bridge?"
        ) from None


def departments_of(
    session: RedmineSession,
    found: PluginLayout,
    layout: HelpdeskLayout,
    department_groups: Mapping[str, str],
) -> dict[str, FoundGroup | None]:
    """Each department's group: the one that the mapping names, whoever made it.

    The set-up's own group stays a department's while Redmine has none of that name: somebody has
    renamed it there. Redmine is only asked where the set-up's groups are not those of the mapping.
    Raises `HelpdeskError`.
    """
    made = {key: found.groups.departments.get(key) for key in department_groups}
    others = [key for key, group in made.items() if not _is_called(group, department_groups[key])]
    if not others:
        return made
    members = project_groups(session, layout)
    for key in others:
        named = members.get(department_groups[key])
        if named:
            made[key] = FoundGroup(id=named.id, name=named.name, roles=named.roles)
    return made


def _is_called(group: FoundGroup | None, name: str) -> bool:
    return group is not None and group.name in ("", name)


def ids_of(
    found: PluginLayout,
    layout: HelpdeskLayout,
    department_groups: Mapping[str, str],
    departments: Mapping[str, FoundGroup | None],
) -> RedmineIds:
    """The numbers in `found`, and those of the departments' groups.

    Raises `KeyMissing` without a project, a tracker or a robot.
    """
    if found.project is None or found.tracker is None or found.robot is None:
        raise KeyMissing(
            "проекта, трекера или робота в Redmine нет: выполните настройку (rake bridge:setup)"
        )
    curators, leaders = found.groups.curators, found.groups.leaders
    return RedmineIds(
        project=found.project.id,
        tracker=found.tracker.id,
        robot=found.robot.id,
        statuses=Numbered(
            "статус", _ids(found.statuses), {one.key: one.name for one in layout.statuses}
        ),
        fields=Numbered(
            "поле",
            _ids({key: one for key, one in found.fields.items() if one and one.in_tickets}),
            {one.key: one.name for one in layout.fields},
        ),
        departments=Numbered("группа подразделения", _ids(departments), department_groups),
        curators_group=curators.id if curators and found.is_assignable(curators) else None,
        text_formatting=found.settings.text_formatting,
        has_plugin=True,
        leaders_group=leaders.id if leaders else None,
        priorities=found.priorities,
    )


class _HasId(Protocol):
    id: int


def _ids(things: Mapping[str, _HasId | None]) -> dict[str, int]:
    return {key: thing.id for key, thing in things.items() if thing is not None}
