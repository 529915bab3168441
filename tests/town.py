"""A town for tests: a real Redmine with its staff, a VK with its citizens, and a bridge between.

The VK recognises no repeated `guid`, so that an answer which is sent twice is seen twice.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import requests
import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from bridge.networks.vk_check import NEEDED_EVENTS
from bridge.process_group import await_redis
from bridge.sla.clocks import Clock
from bridge.store import clocks, tickets
from bridge.store.database import Store
from bridge.store.models import DecisionRow, MessageRow, TicketRow
from bridge.store.schema import upgrade
from sandbox.redmine import RedmineAccess, RedmineInstance
from sandbox.redmine_staff import RedmineDesk
from sandbox.vk.client import SandboxVk
from sandbox.vk.model import Comment
from sandbox.vk.seed import ADMINISTRATION, CITIZENS
from sandbox.vk.server import VkSandbox

PROJECT = Path(__file__).parents[1]
CHANNEL = "vk-administration"
CALLBACK_SECRET = "town-callback-secret"
POTHOLE = "На улице Ленина огромная яма, чуть колесо не оставила. Когда заделаете?"
POST = 2

Seen = TypeVar("Seen")


def eventually(look: Callable[[], Seen | None], what: str, seconds: float = 30.0) -> Seen:
    """What `look` sees, as soon as it sees something; a failed test when it never does."""
    deadline = time.monotonic() + seconds
    while True:
        if seen := look():
            return seen
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds:g} s: {what}")
        time.sleep(0.05)


@dataclass(frozen=True)
class Surroundings:
    """What outlives a bridge: the helpdesk with its staff, and the network."""

    redmine: RedmineInstance
    access: RedmineAccess
    external_number_field: int
    curator: RedmineDesk
    roads: RedmineDesk
    vk: VkSandbox
    vk_url: str
    bridge_port: int

    @property
    def webhook_url(self) -> str:
        """Where the helpdesk's webhooks go."""
        return f"http://127.0.0.1:{self.bridge_port}/hooks/redmine"


@dataclass
class Town:
    """One bridge with a store and a queue of its own, in the common surroundings."""

    surroundings: Surroundings
    folder: Path
    store_url: str
    settings: dict[str, str] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Write the configuration, make the tables."""
        self._write_config()
        self.store = Store(self.store_url)
        upgrade(self.store.engine)

    # People

    def citizen_comments(self, text: str = POTHOLE) -> int:
        """A citizen comments on a post of the administration's page; the comment's id."""
        vk = SandboxVk(self.surroundings.vk_url)
        return vk.comment(ADMINISTRATION.owner_id, POST, CITIZENS[0].id, text)

    def citizen_replies(self, to: int, text: str, citizen: int = CITIZENS[0].id) -> int:
        """A citizen goes on in the thread of a comment; the reply's id."""
        vk = SandboxVk(self.surroundings.vk_url)
        return vk.comment(ADMINISTRATION.owner_id, POST, citizen, text, to)

    def citizen_edits(self, comment_id: int, text: str) -> None:
        """The author changes a comment."""
        self._change(comment_id, "edit", {"text": text})

    def citizen_deletes(self, comment_id: int) -> None:
        """The author deletes a comment."""
        self._change(comment_id, "delete", {})

    def citizen_restores(self, comment_id: int) -> None:
        """The author brings a deleted comment back."""
        self._change(comment_id, "restore", {})

    def _change(self, comment_id: int, how: str, body: dict[str, str]) -> None:
        path = f"comments/{ADMINISTRATION.owner_id}/{comment_id}/{how}"
        SandboxVk(self.surroundings.vk_url).control("POST", path, body)

    def approved_answer(self, issue_id: int, text: str) -> None:
        """The department submits an answer, the curator approves it."""
        self.surroundings.roads.move(issue_id, "review", {"answer_text": text})
        self.surroundings.curator.move(issue_id, "approved")

    def drop_read_token(self) -> None:
        """Configure the channel without a key that may read comments."""
        path = self.folder / "config" / "channels.yaml"
        document = yaml.safe_load(path.read_text())
        for channel in document["channels"]:
            del channel["vk"]["read_token"]
        path.write_text(yaml.safe_dump(document, allow_unicode=True))

    # What is seen

    def ticket_of(self, comment_id: int) -> TicketRow | None:
        """The store's ticket of a comment, once it has an issue in the helpdesk."""
        with self.store.reading() as session:
            ticket = _ticket_of(session, comment_id)
        return ticket if ticket and ticket.issue_id else None

    def ticket_of_issue(self, issue_id: int) -> TicketRow:
        """The store's ticket of an issue in the helpdesk."""
        with self.store.reading() as session:
            ticket = tickets.by_issue(session, issue_id)
        assert ticket
        return ticket

    def issue_of(self, comment_id: int, seconds: float = 30.0) -> int:
        """The helpdesk's number of a comment's ticket, as soon as it is there."""
        ticket = eventually(
            lambda: self.ticket_of(comment_id), f"ticket of comment {comment_id}", seconds
        )
        assert ticket.issue_id
        return ticket.issue_id

    def issues_of(self, comment_id: int) -> list[dict[str, Any]]:
        """Every issue in the helpdesk that carries the comment's external number."""
        number = _external_number(comment_id)
        answer = requests.get(
            f"{self.surroundings.access.url}/issues.json",
            params={f"cf_{self.surroundings.external_number_field}": number, "status_id": "*"},
            headers={"X-Redmine-API-Key": self.surroundings.access.admin_key},
            timeout=30,
        )
        answer.raise_for_status()
        issues: list[dict[str, Any]] = answer.json()["issues"]
        return issues

    def is_placed(self, issue_id: int) -> bool:
        """Whether staff see the ticket as answered."""
        return self.surroundings.curator.read(issue_id).status == "placed"

    def answers_under(self, comment_id: int) -> list[Comment]:
        """The community's visible replies to a comment."""
        wall = self.surroundings.vk.world.wall
        comment = wall.comment(ADMINISTRATION.owner_id, comment_id)
        return [
            reply
            for reply in wall.replies(comment)
            if reply.from_id == ADMINISTRATION.owner_id and not reply.deleted
        ]

    def clocks_of(self, comment_id: int) -> tuple[Clock, ...]:
        """The clocks of a comment's ticket."""
        with self.store.reading() as session:
            ticket = _ticket_of(session, comment_id)
            assert ticket
            return clocks.of_ticket(session, ticket.id)

    def assumptions_of(self, comment_id: int) -> list[list[dict[str, Any]]]:
        """What each decision on a comment's ticket took for granted, in their order."""
        with self.store.reading() as session:
            ticket = _ticket_of(session, comment_id)
            assert ticket
            rows = session.scalars(
                select(DecisionRow)
                .where(DecisionRow.ticket_id == ticket.id)
                .order_by(DecisionRow.id)
            )
            return [row.summary["assumptions"] for row in rows]

    # The bridge's processes

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the bridge's processes."""
        access = self.surroundings.access
        return os.environ | {
            "BRIDGE_CONFIG": str(self.folder / "config"),
            "BRIDGE_DATA": str(self.folder),
            "BRIDGE_MODELS": str(PROJECT / ".cache" / "models"),
            "BRIDGE_STORE_URL": self.store_url,
            "BRIDGE_PORT": str(self.surroundings.bridge_port),
            # Nobody looks at the pages here.
            "BRIDGE_ADMIN_PORT": "0",
            "BRIDGE_REDMINE_URL": access.url,
            "BRIDGE_REDMINE_KEY": access.robot_key,
            "BRIDGE_REDMINE_WEBHOOK_SECRET": access.webhook_secret,
            "BRIDGE_VK_ADMINISTRATION_TOKEN": ADMINISTRATION.community_token,
            "BRIDGE_VK_ADMINISTRATION_READ_TOKEN": ADMINISTRATION.service_token,
            "BRIDGE_VK_ADMINISTRATION_SECRET": CALLBACK_SECRET,
            **self.settings,
        }

    def start(self, command: str, name: str = "") -> subprocess.Popen[bytes]:
        """Start `bridge COMMAND`; it is stopped when the town is left."""
        return self._start(["bridge", command], name or command)

    def start_worker_on(self, host: str, address: str) -> subprocess.Popen[bytes]:
        """Start a worker as on another host; its log is `HOST.log`."""
        return self._start(["tests.worker_host", host, address], host)

    def _start(self, module: list[str], name: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *module],
                env=self.environment,
                cwd=PROJECT,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.processes[name] = process
        return process

    def start_everything(self) -> subprocess.Popen[bytes]:
        """Run the bridge as on one machine, and have VK send its events there."""
        up = self.start("up")
        self.await_web()
        await_redis(self.folder / "redis.sock")
        self.connect_vk()
        return up

    def open_hooks(self) -> None:
        """Start the web side, and have VK send its events there."""
        self.start("serve")
        self.await_web()
        self.connect_vk()

    def await_web(self) -> None:
        """Wait until callbacks can be taken in."""
        url = f"http://127.0.0.1:{self.surroundings.bridge_port}/healthz"

        def answers() -> bool:
            with suppress(requests.ConnectionError):
                return requests.get(url, timeout=5).ok
            return False

        eventually(answers, "the web side answers", 60)

    def connect_vk(self) -> None:
        """Register the callback server as an administrator does."""
        SandboxVk(self.surroundings.vk_url).connect(
            ADMINISTRATION,
            f"http://127.0.0.1:{self.surroundings.bridge_port}/hooks/vk/{CHANNEL}",
            CALLBACK_SECRET,
            NEEDED_EVENTS,
        )

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the bridge to its end."""
        return subprocess.run(
            [sys.executable, "-m", "bridge", *arguments],
            env=self.environment,
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def stop(self) -> None:
        """Stop the bridge's processes and forget the callback server."""
        for process in reversed(self.processes.values()):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for process in self.processes.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(15)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(15)
        self.store.close()

    def logs(self, names: Sequence[str] = ()) -> str:
        """What the processes wrote."""
        files = sorted(self.folder.glob("*.log"))
        return "\n".join(file.read_text() for file in files if not names or file.stem in names)

    def _write_config(self) -> None:
        config = self.folder / "config"
        shutil.copytree(PROJECT / "config", config)
        path = config / "channels.yaml"
        document = yaml.safe_load(path.read_text())
        document["channels"] = [
            channel for channel in document["channels"] if channel["key"] == CHANNEL
        ]
        for channel in document["channels"]:
            channel["vk"]["api_url"] = f"{self.surroundings.vk_url}/method"
            channel["vk"]["page_url"] = self.surroundings.vk_url
        path.write_text(yaml.safe_dump(document, allow_unicode=True))


def _external_number(comment_id: int) -> str:
    return f"vk:feed:wall{ADMINISTRATION.owner_id}_{POST}_r{comment_id}"


def _ticket_of(session: Session, comment_id: int) -> TicketRow | None:
    return session.scalars(
        select(TicketRow)
        .join(MessageRow, MessageRow.id == TicketRow.message_id)
        .where(TicketRow.external_number == _external_number(comment_id))
    ).one_or_none()


@contextmanager
def living(town: Town) -> Iterator[Town]:
    """The town while the block runs."""
    with ExitStack() as stack:
        stack.callback(_disconnect, town)
        stack.callback(town.stop)
        yield town


def _disconnect(town: Town) -> None:
    """Faults and callback servers of one test must not reach the next."""
    world = town.surroundings.vk
    world.faults.clear()
    world.callbacks.reset()
    world.servers.reset()
