"""A bridge of processes whose helpdesk and network are out of reach: what it takes in, it keeps."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from sqlalchemy import select

from bridge.store.database import Store
from bridge.store.models import InboxEvent, MessageRow, TicketRow
from tests.ports import find_free_port
from tests.town import PROJECT, eventually

CHANNEL = "vk-administration"
ANOTHER = "vk-another"
GROUPS = {CHANNEL: 1001, ANOTHER: 1009}
SECRET = "callback-secret"
NOBODY = "http://127.0.0.1:9"

Event = dict[str, Any]


@dataclass
class Installation:
    """Configuration files, a store, and the processes that a test starts."""

    folder: Path
    port: int
    admin_port: int
    numbers: Iterator[int] = field(default_factory=lambda: count(1))
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        shutil.copytree(PROJECT / "config", self.folder / "config")
        self.write_channels([self.channel(CHANNEL)])
        self.store = Store(f"sqlite:///{self.folder / 'bridge.db'}")

    def channel(self, key: str) -> dict[str, Any]:
        """A page's entry, with a network that answers nothing."""
        document = yaml.safe_load((PROJECT / "config" / "channels.yaml").read_text())
        channel: dict[str, Any] = next(one for one in document["channels"] if one["key"] == CHANNEL)
        channel["vk"] |= {
            "group_id": GROUPS[key],
            "api_url": f"{NOBODY}/method",
            "page_url": NOBODY,
        }
        return channel | {"key": key}

    def write_channels(self, channels: list[dict[str, Any]]) -> None:
        path = self.folder / "config" / "channels.yaml"
        document = yaml.safe_load(path.read_text()) | {"channels": channels}
        path.write_text(yaml.safe_dump(document, allow_unicode=True))

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        with (self.folder / "bridge.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "bridge", *command],
                cwd=PROJECT,
                env=os.environ
                | {
                    "BRIDGE_CONFIG": str(self.folder / "config"),
                    "BRIDGE_DATA": str(self.folder),
                    "BRIDGE_MODELS": str(PROJECT / ".cache" / "models"),
                    "BRIDGE_PORT": str(self.port),
                    "BRIDGE_ADMIN_PORT": str(self.admin_port),
                    "BRIDGE_WORKERS": "1",
                    "BRIDGE_REDMINE_URL": NOBODY,
                    "BRIDGE_REDMINE_KEY": "key",
                    "BRIDGE_VK_ADMINISTRATION_TOKEN": "token",
                    "BRIDGE_VK_ADMINISTRATION_READ_TOKEN": "token",
                    "BRIDGE_VK_ADMINISTRATION_SECRET": SECRET,
                },
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.processes.append(process)
        return process

    def await_web(self) -> None:
        def answers() -> bool:
            with suppress(requests.ConnectionError):
                return requests.get(self.url("/healthz"), timeout=5).ok
            return False

        eventually(answers, "the web side answers", 60)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def event(self, text: str = "", channel: str = CHANNEL) -> Event:
        """A callback's body: of a new comment, or without a text one that needs no work."""
        number = next(self.numbers)
        return {
            "type": "wall_reply_new" if text else "group_join",
            "event_id": f"event-{number}",
            "v": "5.199",
            "group_id": GROUPS[channel],
            "secret": SECRET,
            "object": {
                "id": number,
                "from_id": 5000 + number,
                "post_id": 2,
                "owner_id": -GROUPS[channel],
                "date": 1_790_000_000,
                "text": text,
            },
        }

    def send(self, event: Event, channel: str = CHANNEL) -> requests.Response:
        return requests.post(self.url(f"/hooks/vk/{channel}"), json=event, timeout=30)

    def call_back(self, text: str = "", channel: str = CHANNEL) -> tuple[str, requests.Response]:
        """A callback's id, and the answer that it got."""
        event = self.event(text, channel)
        return event["event_id"], self.send(event, channel)

    def inbox(self) -> set[str]:
        with self.store.reading() as session:
            return set(session.scalars(select(InboxEvent.external_id)))

    def route_of(self, event_id: str) -> str | None:
        """Why a callback's message went where it went, as it is stored."""
        with self.store.reading() as session:
            route = session.scalars(
                select(TicketRow.route)
                .join(MessageRow, MessageRow.id == TicketRow.message_id)
                .join(InboxEvent, InboxEvent.id == MessageRow.inbox_event_id)
                .where(InboxEvent.external_id == event_id)
            ).one_or_none()
        return None if route is None else json.dumps(route, ensure_ascii=False)

    def log(self) -> str:
        return (self.folder / "bridge.log").read_text()

    def stop(self) -> None:
        for process in self.processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(15)
            process.kill()
            process.wait(15)
        self.store.close()


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    installation = Installation(tmp_path, find_free_port(), find_free_port())
    try:
        yield installation
    finally:
        installation.stop()
