"""Who somebody is in Redmine: the administrator's pages have no accounts of their own.

`GET /users/current.json` as the person tells that the password is right, and which roles the person
has in the office's project (https://www.redmine.org/projects/redmine/wiki/Rest_Users).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bridge.helpdesk.layout import HelpdeskLayout
from bridge.helpdesk.redmine_session import (
    NotAuthenticated,
    PageMissing,
    RedmineSession,
    Timeout,
)

LOGIN_TIMEOUT = Timeout(read=10.0)


@dataclass(frozen=True)
class StaffAccount:
    """A person of Redmine's. `roles` are the configuration's keys of the roles in the project."""

    id: int
    login: str
    name: str
    is_administrator: bool
    roles: frozenset[str]


class StaffAccounts:
    """Logs people in with their Redmine accounts, and tells whether they still have them.

    `open_robot` opens a session as the robot; one is made for each question, for a session is not
    to be shared between threads.
    """

    def __init__(
        self, url: str, layout: HelpdeskLayout, open_robot: Callable[[], RedmineSession]
    ) -> None:
        self._url = url
        self._layout = layout
        self._open_robot = open_robot

    def log_in(self, login: str, password: str) -> StaffAccount | None:
        """The account, or None when Redmine does not take login and password.

        Where Redmine asks for a second factor it takes no password here: the person's API key is
        given as the login then. Raises any other `HelpdeskError`.
        """
        session = RedmineSession.of_person(self._url, login, password, LOGIN_TIMEOUT)
        try:
            user = session.get("/users/current.json", "user", {"include": "memberships"})
        except NotAuthenticated:
            return None
        return StaffAccount(
            id=int(user["id"]),
            login=user["login"],
            name=f"{user['firstname']} {user['lastname']}".strip(),
            is_administrator=bool(user.get("admin")),
            roles=self._roles(user),
        )

    def roles_of(self, user_id: int) -> frozenset[str] | None:
        """The roles that the person has now; None for one that is locked or gone.

        Raises any other `HelpdeskError`.
        """
        path = f"/users/{user_id}.json"
        try:
            user = self._open_robot().get(path, "user", {"include": "memberships"})
        except PageMissing:
            return None
        return self._roles(user)

    def _roles(self, user: dict[str, Any]) -> frozenset[str]:
        keys = {role.name: key for key, role in self._layout.roles.items()}
        return frozenset(
            keys[role["name"]]
            for membership in user.get("memberships", ())
            if membership["project"]["name"] == self._layout.project.name
            for role in membership["roles"]
            if role["name"] in keys
        )
