"""The administrator's pages over a store on disk, with people who are logged in already."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from pydantic import SecretStr

from bridge.admin.app import make_app
from bridge.admin.parts import AdminParts
from bridge.admin.person import Person
from bridge.bootstrap import open_accounts, open_office
from bridge.flow.reconcile import Trigger
from bridge.helpdesk.accounts import StaffAccount
from bridge.office import Office
from bridge.settings import PROJECT, Settings
from bridge.store.database import Store
from tests.admin_site import Clock

NOW = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)

ADMINISTRATOR = StaffAccount(1, "chief", "Ольга Системнова", True, frozenset())
CURATOR = StaffAccount(2, "curator", "Анна Куратова", False, frozenset({"curator"}))
LEADER = StaffAccount(3, "leader", "Глеб Главный", False, frozenset({"leader"}))


@dataclass
class CollectedHints:
    """The hints that were given to workers."""

    event_ids: list[int] = field(default_factory=list)
    ticket_ids: list[tuple[int, Trigger]] = field(default_factory=list)

    def event(self, event_id: int) -> None:
        self.event_ids.append(event_id)

    def events(self, event_ids: Any) -> None:
        self.event_ids.extend(event_ids)

    def has_events(self) -> bool:
        return bool(self.event_ids)

    def file(self, attachment_id: int) -> None: ...

    def ticket(self, ticket_id: int, trigger: Trigger) -> None:
        self.ticket_ids.append((ticket_id, trigger))

    def ticket_at(self, ticket_id: int, at: datetime) -> None: ...


@dataclass(frozen=True)
class Pages:
    """The pages as somebody who is logged in gets them."""

    app: Flask
    parts: AdminParts
    clock: Clock
    hints: CollectedHints

    def as_(self, account: StaffAccount) -> FlaskClient:
        """A browser of that person's; forms need no token here."""
        client = self.app.test_client()
        now = self.clock.instant
        with client.session_transaction() as session:
            session["person"] = Person(account, now, now, now).as_json()
            session["_user_id"] = str(account.id)
        return client

    @property
    def store(self) -> Store:
        return self.parts.store


@pytest.fixture(scope="session")
def office() -> Office:
    return Office.load(PROJECT / "config")


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Kept from test to test: each application would compile its templates anew."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def make_pages(
    office: Office,
    store: Store,
    tmp_path: Path,
    compiled_templates: FileSystemBytecodeCache,
) -> Callable[..., Pages]:
    def make(**settings: Any) -> Pages:
        clock, hints = Clock(NOW), CollectedHints()
        configured = Settings(
            data=tmp_path,
            redmine_url="http://127.0.0.1:9",
            redmine_public_url="https://redmine.example",
            redmine_key=SecretStr("robot-key"),
            redis_url=f"unix://{tmp_path / 'no-redis.sock'}",
            **settings,
        )
        parts = AdminParts(
            settings=configured,
            offices=open_office(office, store),
            store=store,
            hints=hints,
            accounts=open_accounts(configured, office),
            now=clock,
        )
        app = make_app(parts)
        app.config["WTF_CSRF_ENABLED"] = False
        app.jinja_env.bytecode_cache = compiled_templates
        return Pages(app, parts, clock, hints)

    return make


@pytest.fixture
def pages(make_pages: Callable[..., Pages]) -> Pages:
    return make_pages()
