"""The staff in the sandbox: makes its people in Redmine, and works there with their rights."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests

from sandbox.redmine import RedmineAccess, RedmineError

_LOCKED = 3
_TIMEOUT = 30.0


@dataclass(frozen=True)
class StaffUser:
    """A person of the staff: the password opens Redmine's pages, the key its REST API."""

    id: int
    login: str
    password: str = field(repr=False)
    api_key: str = field(repr=False)


@dataclass(frozen=True)
class Ticket:
    """A ticket as one person sees it. Statuses and fields go by the configuration's keys."""

    id: int
    status: str
    subject: str
    description: str
    assignee_id: int | None
    fields: Mapping[str, str]
    notes: tuple[str, ...]
    allowed_statuses: frozenset[str]


class RedmineDesk:
    """One person's desk: Redmine's REST API with that person's key, and so that person's rights.

    A write answers with Redmine's own response: Redmine drops silently what the person may not
    do, so whoever wants to know must read the ticket again.
    """

    def __init__(self, url: str, api_key: str, layout: Mapping[str, Any]) -> None:
        """`layout` is what `read_layout` returns: which id stands for which key."""
        self._url = url
        self._headers = {"X-Redmine-API-Key": api_key}
        self._layout = layout
        self._status_keys = _keys_by_id(layout["statuses"])
        self._field_keys = _keys_by_id(layout["fields"])

    def open_ticket(
        self, subject: str, status: str, fields: Mapping[str, str] | None = None, **core: object
    ) -> int:
        """Make a ticket and return its id. `core` are Redmine's own attributes of an issue."""
        attributes = self._attributes(fields or {}, core) | {
            "project_id": self._layout["project"]["id"],
            "tracker_id": self._layout["tracker"]["id"],
            "subject": subject,
            "status_id": self._layout["statuses"][status]["id"],
        }
        response = self.call("POST", "/issues.json", {"issue": attributes})
        if not response.ok:
            raise RedmineError(f"Redmine refused the ticket: {response.text}")
        return int(response.json()["issue"]["id"])

    def update(
        self, ticket_id: int, fields: Mapping[str, str] | None = None, **core: object
    ) -> requests.Response:
        """Change fields of ours and Redmine's own attributes (notes, assigned_to_id, ...)."""
        attributes = self._attributes(fields or {}, core)
        return self.call("PUT", f"/issues/{ticket_id}.json", {"issue": attributes})

    def move(
        self,
        ticket_id: int,
        status: str,
        fields: Mapping[str, str] | None = None,
        **core: object,
    ) -> requests.Response:
        """As `update`, with a step to another status."""
        status_id = self._layout["statuses"][status]["id"]
        return self.update(ticket_id, fields, status_id=status_id, **core)

    def read(self, ticket_id: int) -> Ticket:
        """The ticket as the person sees it. Raises `RedmineError` when the person may not."""
        response = self.call("GET", f"/issues/{ticket_id}.json?include=journals,allowed_statuses")
        if not response.ok:
            raise RedmineError(f"ticket {ticket_id}: Redmine answered {response.status_code}")
        return self._ticket(response.json()["issue"])

    def upload(self, name: str, content: bytes, content_type: str) -> dict[str, str]:
        """Give Redmine a file; what is returned goes into `uploads` of an update."""
        response = requests.post(
            f"{self._url}/uploads.json",
            params={"filename": name},
            data=content,
            headers=self._headers | {"Content-Type": "application/octet-stream"},
            timeout=_TIMEOUT,
        )
        if not response.ok:
            raise RedmineError(f"Redmine refused the file {name}: {response.status_code}")
        token = response.json()["upload"]["token"]
        return {"token": token, "filename": name, "content_type": content_type}

    def lock_version(self, ticket_id: int) -> int:
        """The number that grows with every change of the ticket."""
        response = self.call("GET", f"/bridge/issues/{ticket_id}/lock.json")
        response.raise_for_status()
        return int(response.json()["issue"]["lock_version"])

    def call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> requests.Response:
        """Any other request of Redmine's REST API."""
        return requests.request(
            method, self._url + path, json=body, headers=self._headers, timeout=_TIMEOUT
        )

    def _attributes(
        self, fields: Mapping[str, str], core: Mapping[str, object]
    ) -> dict[str, object]:
        values = [
            {"id": self._layout["fields"][key]["id"], "value": value}
            for key, value in fields.items()
        ]
        return dict(core) | ({"custom_fields": values} if values else {})

    def _ticket(self, issue: Mapping[str, Any]) -> Ticket:
        allowed = {self._status_keys.get(status["id"]) for status in issue["allowed_statuses"]}
        return Ticket(
            id=issue["id"],
            status=self._status_keys[issue["status"]["id"]],
            subject=issue["subject"],
            description=issue["description"] or "",
            assignee_id=issue.get("assigned_to", {}).get("id"),
            fields={
                self._field_keys[entry["id"]]: entry["value"] or ""
                for entry in issue["custom_fields"]
            },
            notes=tuple(journal["notes"] for journal in issue["journals"] if journal["notes"]),
            allowed_statuses=frozenset(key for key in allowed if key),
        )


def read_layout(access: RedmineAccess) -> dict[str, Any]:
    """What of the set-up is there, and its ids by key, as the plugin tells the robot."""
    response = requests.get(
        f"{access.url}/bridge/layout.json",
        headers={"X-Redmine-API-Key": access.robot_key},
        timeout=_TIMEOUT,
    )
    response.raise_for_status()
    return dict(response.json()["layout"])


def create_user(
    access: RedmineAccess, login: str, firstname: str, lastname: str, group: str
) -> StaffUser:
    """Make a user who belongs to the group of that name (a department's, or the curators').

    Raises `RedmineError` when there is no such group or Redmine refuses the user.
    """
    group_id = _group_id(access, group)
    user = _create(access, login, firstname, lastname, {})
    _administer(access, "POST", f"/groups/{group_id}/users.json", {"user_id": user.id})
    return user


def create_administrator(
    access: RedmineAccess, login: str, firstname: str, lastname: str
) -> StaffUser:
    """Make a user who is an administrator of Redmine. Raises `RedmineError`."""
    return _create(access, login, firstname, lastname, {"admin": True})


def create_group(access: RedmineAccess, layout: Mapping[str, Any], name: str, role: str) -> int:
    """Make a group that has the role of this key in the project, as an administrator does by hand.

    Returns its id. Raises `RedmineError`.
    """
    group = _administer(access, "POST", "/groups.json", {"group": {"name": name}})["group"]
    member = {"user_id": group["id"], "role_ids": [layout["roles"][role]["id"]]}
    path = f"/projects/{layout['project']['id']}/memberships.json"
    _administer(access, "POST", path, {"membership": member})
    return int(group["id"])


def rename_group(access: RedmineAccess, group_id: int, name: str) -> None:
    """Give a group another name. Raises `RedmineError`."""
    _administer(access, "PUT", f"/groups/{group_id}.json", {"group": {"name": name}})


def lock_user(access: RedmineAccess, user: StaffUser) -> None:
    """Take somebody's account away, as when a person leaves. Raises `RedmineError`."""
    _administer(access, "PUT", f"/users/{user.id}.json", {"user": {"status": _LOCKED}})


def _create(
    access: RedmineAccess, login: str, firstname: str, lastname: str, more: Mapping[str, Any]
) -> StaffUser:
    password = secrets.token_urlsafe(12)
    user = {
        "login": login,
        "firstname": firstname,
        "lastname": lastname,
        "mail": f"{login}@staff.invalid",
        "password": password,
        "language": "ru",
        "mail_notification": "none",
        **more,
    }
    made = _administer(access, "POST", "/users.json", {"user": user})["user"]
    seen = _administer(access, "GET", f"/users/{made['id']}.json")["user"]
    return StaffUser(made["id"], login, password, seen["api_key"])


def _group_id(access: RedmineAccess, name: str) -> int:
    groups = _administer(access, "GET", "/groups.json")["groups"]
    ids = {group["name"]: int(group["id"]) for group in groups}
    if name not in ids:
        raise RedmineError(f"Redmine has no group «{name}», only: {', '.join(ids)}")
    return ids[name]


def _administer(
    access: RedmineAccess, method: str, path: str, body: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    response = requests.request(
        method,
        access.url + path,
        json=body,
        headers={"X-Redmine-API-Key": access.admin_key},
        timeout=_TIMEOUT,
    )
    if not response.ok:
        raise RedmineError(f"{method} {path}: {response.status_code} {response.text[:500]}")
    return dict(response.json()) if response.content.strip() else {}


def _keys_by_id(records: Mapping[str, Any]) -> dict[int, str]:
    return {record["id"]: key for key, record in records.items() if record}
