"""The web application over a store on disk, with the project's own configuration."""

import hashlib
import hmac
import json
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import select
from werkzeug.test import TestResponse

from bridge.channels import Channels
from bridge.helpdesk.signature import SIGNATURE_HEADER, sign
from bridge.office import Office
from bridge.settings import PROJECT, Settings
from bridge.store import database
from bridge.store.database import Store
from bridge.store.models import InboxEvent
from bridge.web.app import Edge, make_app
from bridge.web.metrics import Metrics
from tests.exchange_channel import exchange_channel

NOW = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)
CALLBACK_SECRET = "callback-secret"
WEBHOOK_SECRET = "webhook-secret"
CALLBACK_LIMIT = 4096


@dataclass
class CollectedHints:
    """The hints that were given."""

    events: list[int] = field(default_factory=list)

    def event(self, event_id: int) -> None:
        self.events.append(event_id)


@dataclass(frozen=True)
class Door:
    """The web side as a sender and as a worker see it."""

    client: FlaskClient
    store: Store
    hints: CollectedHints

    def callback(self, body: Any, path: str = "/hooks/vk/vk-administration") -> TestResponse:
        if isinstance(body, bytes):
            return self.client.post(path, data=body)
        return self.client.post(path, json=body)

    def webhook(self, body: bytes, secret: str = WEBHOOK_SECRET) -> TestResponse:
        headers = {SIGNATURE_HEADER: sign(body, secret)}
        return self.client.post("/hooks/redmine", data=body, headers=headers)

    def stored(self) -> list[InboxEvent]:
        with self.store.reading() as session:
            return list(session.scalars(select(InboxEvent).order_by(InboxEvent.id)))

    def counted(self) -> str:
        return self.client.get("/metrics").get_data(as_text=True)


@pytest.fixture(scope="session")
def office() -> Office:
    return Office.load(PROJECT / "config")


@pytest.fixture
def file(migrated: Path, tmp_path: Path) -> Path:
    """The store, which another process may lock."""
    return shutil.copy(migrated, tmp_path / "bridge.db")


@pytest.fixture
def door(office: Office, file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    monkeypatch.setenv("BRIDGE_VK_ADMINISTRATION_SECRET", CALLBACK_SECRET)
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    with opened_door(office, file) as door:
        yield door


@contextmanager
def opened_door(office: Office, file: Path, **chosen: Any) -> Iterator[Door]:
    settings = Settings(
        redmine_webhook_secret=SecretStr(WEBHOOK_SECRET), callback_limit=CALLBACK_LIMIT, **chosen
    )
    hints = CollectedHints()
    with closing(Store(f"sqlite:///{file}")) as store:
        edge = Edge(settings, office, store, hints, Metrics(store, lambda: NOW), lambda: NOW)
        yield Door(make_app(edge).test_client(), store, hints)


@dataclass(frozen=True)
class Push:
    """The web side of a channel to which a system sends signed cards."""

    door: Door

    def send(self, document: Any, secret: str = CALLBACK_SECRET) -> TestResponse:
        body, timestamp = json.dumps(document).encode(), str(int(NOW.timestamp()))
        signed = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
        headers = {"X-Timestamp": timestamp, "X-Signature-256": f"sha256={signed.hexdigest()}"}
        return self.door.client.post("/hooks/incident/incident", data=body, headers=headers)


@pytest.fixture
def pushed(office: Office, file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Push]:
    monkeypatch.setenv("TEST_PUSH_SECRET", CALLBACK_SECRET)
    channel = exchange_channel(push={"secret": {"env": "TEST_PUSH_SECRET"}})
    with opened_door(replace(office, channels=Channels((channel,))), file) as door:
        yield Push(door)
