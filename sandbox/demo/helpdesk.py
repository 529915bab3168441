"""The Redmine of the demonstration: an instance of its own, or one that is there already."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import requests

from sandbox.demo.failure import DemoFailed
from sandbox.redmine import RedmineAccess, RedmineInstance
from sandbox.redmine_staff import read_layout

_TIMEOUT = 20.0
_PARTS = ("statuses", "fields", "roles")


@dataclass(frozen=True)
class GivenRedmine:
    """A Redmine that somebody set up, and the API key of an administrator of it."""

    url: str
    admin_key: str = field(repr=False)


@contextmanager
def own_instance(folder: Path, port: int, webhook_url: str) -> Iterator[RedmineAccess]:
    """Run a Redmine of the demonstration's own, prepared before, while the block runs.

    Raises `RedmineError` when that is not possible.
    """
    instance = RedmineInstance(folder, port)
    access = instance.start(webhook_url)
    try:
        yield access
    finally:
        instance.stop()


def open_given(redmine: GivenRedmine) -> RedmineAccess:
    """The way into a given Redmine. Raises `DemoFailed` saying what it lacks.

    The robot's key comes from BRIDGE_REDMINE_KEY (else Redmine tells it to the administrator), the
    secret of its webhook from BRIDGE_REDMINE_WEBHOOK_SECRET (else the sweep alone sees changes).
    """
    given_key = os.environ.get("BRIDGE_REDMINE_KEY")
    access = RedmineAccess(
        redmine.url.rstrip("/"),
        redmine.admin_key,
        given_key or redmine.admin_key,
        os.environ.get("BRIDGE_REDMINE_WEBHOOK_SECRET") or secrets.token_hex(16),
    )
    try:
        _require_administrator(access)
        layout = _require_set_up(access)
        if not given_key:
            access = replace(access, robot_key=_robots_key(access, layout["robot"]["id"]))
    except requests.ConnectionError as error:
        raise DemoFailed(
            f"Nothing answers at {access.url} ({type(error).__name__}): see --redmine-url"
        ) from error
    return access


def _require_administrator(access: RedmineAccess) -> None:
    answer = requests.get(
        f"{access.url}/users/current.json",
        headers={"X-Redmine-API-Key": access.admin_key},
        timeout=_TIMEOUT,
    )
    if answer.ok and answer.json()["user"].get("admin"):
        return
    raise DemoFailed(
        f"{access.url} does not take --redmine-key as an administrator's API key "
        f"(HTTP {answer.status_code}). The key is on the page «Моя учётная запись» of an "
        "administrator; REST must be on: Администрирование → Настройки → API"
    )


def _robots_key(access: RedmineAccess, robot_id: int) -> str:
    """With an administrator's own key the bridge would not know its notes again."""
    answer = requests.get(
        f"{access.url}/users/{robot_id}.json",
        headers={"X-Redmine-API-Key": access.admin_key},
        timeout=_TIMEOUT,
    )
    key = answer.json()["user"].get("api_key") if answer.ok else None
    if not key:
        raise DemoFailed(
            f"{access.url} does not tell the robot's API key (HTTP {answer.status_code}): "
            "give it as BRIDGE_REDMINE_KEY"
        )
    return str(key)


def _require_set_up(access: RedmineAccess) -> dict[str, Any]:
    try:
        layout = read_layout(access)
    except requests.HTTPError as error:
        status = error.response.status_code
        raise DemoFailed(
            f"{access.url}/bridge/layout.json answers HTTP {status}: the bridge's plugin is not "
            "there, or BRIDGE_REDMINE_KEY is not the robot's. Put redmine_plugin/bridge into "
            "Redmine's plugins, run 'bundle exec rake bridge:setup CONFIG=…/config', restart it"
        ) from error
    missing = [key for part in _PARTS for key, found in layout[part].items() if found is None]
    if layout["robot"] is None:
        missing.append("the robot's account")
    if missing:
        raise DemoFailed(
            f"{access.url} lacks {', '.join(missing)}: run 'bundle exec rake bridge:setup' there"
        )
    return layout
