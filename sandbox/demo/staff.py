"""The staff of the demonstration: a curator, and somebody of each department that answers."""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import requests

from sandbox.redmine import RedmineAccess, RedmineError
from sandbox.redmine_staff import (
    RedmineDesk,
    StaffUser,
    create_administrator,
    create_user,
    read_layout,
)

_TIMEOUT = 20.0
_LOCKED = 3
"""Redmine's status of an account that cannot be used."""


@dataclass(frozen=True)
class Person:
    """Somebody before they have an account."""

    login: str
    first_name: str
    last_name: str


CURATOR = Person("kuratorova", "Ирина", "Кураторова")
ADMINISTRATOR = Person("adminov", "Сергей", "Админов")
EMPLOYEES: Mapping[str, Person] = {
    "roads": Person("dorogin", "Пётр", "Дорогин"),
    "transport": Person("avtobusov", "Олег", "Автобусов"),
    "housing": Person("domova", "Вера", "Домова"),
    "education": Person("shkolina", "Нина", "Школина"),
}
"""One of each department that the play needs, by the department's key."""


@dataclass(frozen=True)
class Colleague:
    """A person of the staff, and what that person can do in Redmine with their own rights.

    `group_id` is the group that tickets are assigned to.
    """

    name: str
    group: str
    group_id: int
    user: StaffUser
    desk: RedmineDesk


@dataclass(frozen=True)
class Staff:
    """The people of the play; of the departments by the department's key."""

    curator: Colleague
    departments: Mapping[str, Colleague]
    administrator: StaffUser | None = None
    """An administrator of Redmine, who may do everything on the bridge's pages; only in a Redmine
    of the play's own."""

    @property
    def roads(self) -> Colleague:
        """Who answers for the roads."""
        return self.departments["roads"]

    def everybody(self) -> tuple[Colleague, ...]:
        """The curator first."""
        return (self.curator, *self.departments.values())


def engage(access: RedmineAccess, departments: Iterable[str], suffix: str = "") -> Staff:
    """Make the curator and a person of each of these departments (keys of `EMPLOYEES`).

    `suffix` makes their log-ins unused ones. Raises `RedmineError` when Redmine refuses.
    """
    layout = read_layout(access)
    groups = layout["groups"]

    def engaged(person: Person, group: Mapping[str, Any] | None) -> Colleague:
        if group is None:
            raise RedmineError("Redmine lacks a group: run 'bundle exec rake bridge:setup' there")
        login = person.login + suffix
        user = create_user(access, login, person.first_name, person.last_name, group["name"])
        return Colleague(
            name=f"{person.first_name} {person.last_name}",
            group=group["name"],
            group_id=group["id"],
            user=user,
            desk=RedmineDesk(access.url, user.api_key, layout),
        )

    return Staff(
        curator=engaged(CURATOR, groups["curators"]),
        departments={
            key: engaged(EMPLOYEES[key], groups["departments"][key]) for key in departments
        },
    )


def appoint(access: RedmineAccess) -> StaffUser:
    """Make an administrator. Raises `RedmineError` when Redmine refuses."""
    return create_administrator(
        access, ADMINISTRATOR.login, ADMINISTRATOR.first_name, ADMINISTRATOR.last_name
    )


@contextmanager
def engaged_for_a_while(access: RedmineAccess, departments: Iterable[str]) -> Iterator[Staff]:
    """As `engage`, in a Redmine that stays: the accounts are new, and locked at the end."""
    staff = engage(access, departments, suffix=f"-{secrets.token_hex(3)}")
    try:
        yield staff
    finally:
        for colleague in staff.everybody():
            _lock(access, colleague.user.id)


def _lock(access: RedmineAccess, user_id: int) -> None:
    requests.put(
        f"{access.url}/users/{user_id}.json",
        json={"user": {"status": _LOCKED}},
        headers={"X-Redmine-API-Key": access.admin_key},
        timeout=_TIMEOUT,
    ).raise_for_status()
