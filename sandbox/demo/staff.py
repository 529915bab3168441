"""The staff of the demonstration: a curator, and somebody of the department of roads."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import requests

from sandbox.redmine import RedmineAccess
from sandbox.redmine_staff import RedmineDesk, StaffUser, create_user, read_layout

_TIMEOUT = 20.0
_LOCKED = 3
"""Redmine's status of an account that cannot be used."""


@dataclass(frozen=True)
class Colleague:
    """A person of the staff, and what that person can do in Redmine with their own rights."""

    name: str
    group: str
    user: StaffUser
    desk: RedmineDesk


@dataclass(frozen=True)
class Staff:
    """The people of the play. `department_id` is the group that tickets are assigned to."""

    curator: Colleague
    roads: Colleague
    department_id: int


def engage(access: RedmineAccess, curators: str, roads: str, suffix: str = "") -> Staff:
    """Make the people, as members of these groups; `suffix` makes their log-ins unused ones.

    Raises `RedmineError` when a group is missing or Redmine refuses.
    """
    layout = read_layout(access)

    def engaged(login: str, first: str, last: str, group: str) -> Colleague:
        user = create_user(access, login + suffix, first, last, group)
        return Colleague(
            f"{first} {last}", group, user, RedmineDesk(access.url, user.api_key, layout)
        )

    return Staff(
        curator=engaged("kuratorova", "Ирина", "Кураторова", curators),
        roads=engaged("dorogin", "Пётр", "Дорогин", roads),
        department_id=layout["groups"]["departments"]["roads"]["id"],
    )


@contextmanager
def engaged_for_a_while(access: RedmineAccess, curators: str, roads: str) -> Iterator[Staff]:
    """As `engage`, in a Redmine that stays: the accounts are new, and locked at the end."""
    staff = engage(access, curators, roads, suffix=f"-{secrets.token_hex(3)}")
    try:
        yield staff
    finally:
        for colleague in (staff.curator, staff.roads):
            _lock(access, colleague.user.id)


def _lock(access: RedmineAccess, user_id: int) -> None:
    requests.put(
        f"{access.url}/users/{user_id}.json",
        json={"user": {"status": _LOCKED}},
        headers={"X-Redmine-API-Key": access.admin_key},
        timeout=_TIMEOUT,
    ).raise_for_status()
