"""The groups that are members of the project, by name: whoever may get its tickets is among them.

`GET /projects/ID/memberships.json` (https://www.redmine.org/projects/redmine/wiki/Rest_Memberships).
"""

from collections.abc import Callable
from dataclasses import dataclass

from bridge.helpdesk.layout import HelpdeskLayout
from bridge.helpdesk.redmine_session import RedmineSession


@dataclass(frozen=True)
class ProjectGroup:
    """A group with the roles that it has in the project, by the configuration's keys."""

    id: int
    name: str
    roles: frozenset[str]


def project_groups(session: RedmineSession, layout: HelpdeskLayout) -> dict[str, ProjectGroup]:
    """The groups by name. Raises `HelpdeskError`."""
    keys = {role.name: key for key, role in layout.roles.items()}
    path = f"/projects/{layout.project.identifier}/memberships.json"
    groups = (
        ProjectGroup(
            id=member["group"]["id"],
            name=member["group"]["name"],
            roles=frozenset(keys[role["name"]] for role in member["roles"] if role["name"] in keys),
        )
        for member in session.rows(path, "memberships")
        if "group" in member
    )
    return {group.name: group for group in groups}


@dataclass(frozen=True)
class StaffGroups:
    """Asks Redmine which groups a department can have. `open_robot`: one session a question."""

    layout: HelpdeskLayout
    open_robot: Callable[[], RedmineSession]

    def assignable(self) -> tuple[str, ...]:
        """Names of the groups that tickets can be assigned to, sorted. Raises `HelpdeskError`."""
        assignable = {key for key, role in self.layout.roles.items() if role.assignable}
        groups = project_groups(self.open_robot(), self.layout).values()
        return tuple(sorted(group.name for group in groups if group.roles & assignable))
