"""How fast callbacks are acknowledged durably: against the disk, and against doing nothing.

Everything is measured in turns, several times, because others may use the machine, too: a ratio is
taken within a turn, and the median of the turns is reported.
"""

import itertools
import json
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import requests

from benchmarks.http_load import Load, as_fast_as_answered, at_a_rate, post_request
from benchmarks.report import Bound, Goal, Measurement
from benchmarks.surroundings import Plan, configured
from bridge.commands.serving import WEB_APPLICATION, Address, web_command
from bridge.process_group import await_redis, embedded_redis
from bridge.settings import load_settings
from bridge.store import inbox
from bridge.store.database import Store
from bridge.store.inbox import Arrival
from bridge.store.schema import upgrade
from sandbox.demo.connections import Page
from sandbox.demo.ports import HOST
from sandbox.redmine import RedmineAccess

COMMIT_RATIO = Goal(Bound.AT_LEAST, 0.8)
P99_AT_200 = Goal(Bound.AT_MOST, 25.0)

TURNS = 5
CALLBACKS = 1500
COMMITS = 600
COMMIT_THREADS = (1, 2, 4)
CONNECTIONS = 16
STEADY_PER_SECOND = 200.0
STEADY_CALLBACKS = 2000
_STARTS_SECONDS = 30.0
_NOWHERE = "http://127.0.0.1:9"
_NO_REDMINE = RedmineAccess(_NOWHERE, "", "", "")
"""Acknowledging needs neither VK nor Redmine to answer."""
_TEXT = "На улице Ленина огромная яма, чуть колесо не оставила. Когда её заделаете? " * 3


@dataclass(frozen=True)
class Servers:
    """The two applications on servers of the same kind, and a store for bare commits."""

    bridge: str
    bare: str
    store: Store


@dataclass(frozen=True)
class Turn:
    """Rates a second, measured one right after the other."""

    commits: float
    bare_answers: float
    acknowledged: float


def measure(plan: Plan) -> list[Measurement]:
    """Start the servers, measure, stop them."""
    page, environment = configured(plan, _NO_REDMINE, _NOWHERE)
    bodies = _callbacks(page)
    with _running(plan, page, environment) as servers:
        turns = [_turn(servers, bodies) for _ in range(TURNS)]
        steady = _steady(servers, bodies)
    return [
        Measurement("acknowledged callbacks", median(t.acknowledged for t in turns), "/s"),
        Measurement("bare commits of the same store", median(t.commits for t in turns), "/s"),
        Measurement(
            "bare Flask `ok` on the same server", median(t.bare_answers for t in turns), "/s"
        ),
        Measurement(
            "acknowledged / bare commits",
            median(t.acknowledged / t.commits for t in turns),
            goal=COMMIT_RATIO,
        ),
        Measurement(
            "acknowledged / bare Flask `ok`", median(t.acknowledged / t.bare_answers for t in turns)
        ),
        Measurement("acknowledgement at 200/s, p50", steady.percentile(50) * 1000, "ms"),
        Measurement(
            "acknowledgement at 200/s, p99", steady.percentile(99) * 1000, "ms", P99_AT_200
        ),
    ]


def _turn(servers: Servers, bodies: Iterator[bytes]) -> Turn:
    return Turn(
        commits=max(_commits_per_second(servers.store, bodies, n) for n in COMMIT_THREADS),
        bare_answers=_answers(servers.bare, bodies).rate,
        acknowledged=_answers(servers.bridge, bodies).rate,
    )


def _answers(url: str, bodies: Iterator[bytes]) -> Load:
    requests_ = _requests(url, bodies, CALLBACKS)
    return as_fast_as_answered(url, requests_, CONNECTIONS)


def _steady(servers: Servers, bodies: Iterator[bytes]) -> Load:
    requests_ = _requests(servers.bridge, bodies, STEADY_CALLBACKS)
    return at_a_rate(servers.bridge, requests_, CONNECTIONS, STEADY_PER_SECOND)


def _requests(url: str, bodies: Iterator[bytes], count: int) -> list[bytes]:
    return [post_request(url, body) for body in itertools.islice(bodies, count)]


def _commits_per_second(store: Store, bodies: Iterator[bytes], threads: int) -> float:
    """One event a commit, from so many threads."""
    portions: list[list[Arrival]] = [
        [_arrival(body) for body in itertools.islice(bodies, COMMITS // threads)]
        for _ in range(threads)
    ]
    workers = [threading.Thread(target=_commit_each, args=(store, part)) for part in portions]
    started = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return sum(map(len, portions)) / (time.perf_counter() - started)


def _commit_each(store: Store, arrivals: Sequence[Arrival]) -> None:
    for arrival in arrivals:
        with store.transaction() as connection:
            inbox.record(connection, arrival)


def _arrival(body: bytes) -> Arrival:
    event_id = json.loads(body)["event_id"]
    return Arrival("benchmark", event_id, "wall_reply_new", body, datetime.now(UTC))


def _callbacks(page: Page) -> Iterator[bytes]:
    """Events of comments, each new."""
    for number in itertools.count(1):
        event = {
            "group_id": page.community.id,
            "type": "wall_reply_new",
            "event_id": f"{number:040x}",
            "v": "5.199",
            "object": {
                "id": number,
                "from_id": 501,
                "date": 1790000000,
                "text": _TEXT,
                "owner_id": page.community.owner_id,
                "post_id": 2,
                "post_owner_id": page.community.owner_id,
                "parents_stack": [],
                "thread": {"count": 0},
            },
            "secret": page.callback_secret,
        }
        yield json.dumps(event).encode()


@contextmanager
def _running(plan: Plan, page: Page, environment: Mapping[str, str]) -> Iterator[Servers]:
    folder = plan.folder / "bridge"
    folder.mkdir()
    applications = {
        plan.bridge_port: WEB_APPLICATION,
        plan.bare_port: "benchmarks.bare_flask:make",
    }
    with ExitStack() as stack:
        stack.enter_context(_process(embedded_redis(folder), environment))
        await_redis(folder / "redis.sock")
        _make_store(folder / "bridge.db").close()
        bare_store = _make_store(folder / "bare.db")
        stack.callback(bare_store.close)
        for port, application in applications.items():
            command = web_command(load_settings(), application, Address(HOST, port))
            stack.enter_context(_process(command, environment))
            _await_server(port)
        path = f"/hooks/vk/{page.channel.key}"
        bridge, bare = (f"http://{HOST}:{port}{path}" for port in applications)
        yield Servers(bridge, bare, bare_store)


def _make_store(path: Path) -> Store:
    store = Store(f"sqlite:///{path}")
    upgrade(store.engine)
    return store


@contextmanager
def _process(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[None]:
    process = subprocess.Popen(command, env=dict(environment), stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def _await_server(port: int) -> None:
    deadline = time.monotonic() + _STARTS_SECONDS
    while True:
        try:
            requests.get(f"http://{HOST}:{port}/", timeout=5)
        except requests.ConnectionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
