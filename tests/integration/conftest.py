"""A real Redmine for these tests, its staff, and a place where its webhooks arrive."""

import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from sandbox.redmine import RedmineAccess, RedmineInstance, prepare
from sandbox.redmine_staff import RedmineDesk, StaffUser, create_user, read_layout
from tests.ports import find_free_port
from tests.postgres import PostgresCluster, temporary_cluster

ARRIVAL_TIMEOUT = 5.0


@dataclass(frozen=True)
class Delivery:
    """One webhook as it came over the wire."""

    body: bytes
    signature: str

    @property
    def event(self) -> dict[str, Any]:
        return json.loads(self.body)

    def signed_with(self, secret: str) -> bool:
        digest = hmac.new(secret.encode(), self.body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(self.signature, f"sha256={digest}")


class WebhookReceiver:
    """Takes webhooks on a port of its own; can be told to answer late, as a sick bridge would."""

    def __init__(self) -> None:
        self.deliveries: list[Delivery] = []
        self.may_answer = threading.Event()
        self.may_answer.set()
        self._arrival = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}/hooks/redmine"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.take(Delivery(body, self.headers["X-Redmine-Signature-256"]))
                receiver.may_answer.wait()
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_arguments: object) -> None:
                """Say nothing: tests look at the deliveries themselves."""

        return Handler

    def take(self, delivery: Delivery) -> None:
        with self._arrival:
            self.deliveries.append(delivery)
            self._arrival.notify_all()

    def wait_for(self, wanted: Callable[[dict[str, Any]], bool]) -> Delivery:
        """The first delivery whose event is wanted, as soon as it is there."""

        def found() -> Delivery | None:
            return next((seen for seen in self.deliveries if wanted(seen.event)), None)

        with self._arrival:
            delivery = self._arrival.wait_for(found, ARRIVAL_TIMEOUT)
        assert delivery, f"not among {[seen.event for seen in self.deliveries]}"
        return delivery

    def serve(self) -> None:
        self._server.serve_forever(poll_interval=0.05)

    def close(self) -> None:
        self.may_answer.set()
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def receiving_webhooks() -> Iterator[WebhookReceiver]:
    receiver = WebhookReceiver()
    thread = threading.Thread(target=receiver.serve, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.close()
        thread.join()


@contextmanager
def running_redmine(
    folder: Path, webhook_url: str
) -> Iterator[tuple[RedmineInstance, RedmineAccess]]:
    prepare()
    instance = RedmineInstance(folder, find_free_port())
    access = instance.start(webhook_url)
    try:
        yield instance, access
    finally:
        instance.stop()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresCluster]:
    """A PostgreSQL server for all tests; each makes a database of its own in it."""
    with temporary_cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def free_port() -> Callable[[], int]:
    return find_free_port


@pytest.fixture(scope="session")
def receiver() -> Iterator[WebhookReceiver]:
    with receiving_webhooks() as receiver:
        yield receiver


@pytest.fixture(scope="session")
def redmine(
    tmp_path_factory: pytest.TempPathFactory, receiver: WebhookReceiver
) -> Iterator[tuple[RedmineInstance, RedmineAccess]]:
    with running_redmine(tmp_path_factory.mktemp("redmine"), receiver.url) as running:
        yield running


@pytest.fixture(scope="session")
def access(redmine: tuple[RedmineInstance, RedmineAccess]) -> RedmineAccess:
    return redmine[1]


@pytest.fixture(scope="session")
def layout(access: RedmineAccess) -> dict[str, Any]:
    return read_layout(access)


@pytest.fixture(scope="session")
def robot(access: RedmineAccess, layout: dict[str, Any]) -> RedmineDesk:
    return RedmineDesk(access.url, access.robot_key, layout)


@pytest.fixture(scope="session")
def curator_user(access: RedmineAccess, layout: dict[str, Any]) -> StaffUser:
    group = layout["groups"]["curators"]["name"]
    return create_user(access, "curator", "Анна", "Куратова", group)


@pytest.fixture(scope="session")
def curator(access: RedmineAccess, layout: dict[str, Any], curator_user: StaffUser) -> RedmineDesk:
    return RedmineDesk(access.url, curator_user.api_key, layout)


@pytest.fixture(scope="session")
def roads(access: RedmineAccess, layout: dict[str, Any]) -> RedmineDesk:
    """Somebody of the department of roads."""
    group = layout["groups"]["departments"]["roads"]["name"]
    user = create_user(access, "roads", "Иван", "Дорогин", group)
    return RedmineDesk(access.url, user.api_key, layout)


@pytest.fixture(scope="session")
def housing(access: RedmineAccess, layout: dict[str, Any]) -> RedmineDesk:
    """Somebody of the housing department."""
    group = layout["groups"]["departments"]["housing"]["name"]
    user = create_user(access, "housing", "Олег", "Домов", group)
    return RedmineDesk(access.url, user.api_key, layout)


@pytest.fixture
def roads_ticket(robot: RedmineDesk, layout: dict[str, Any]) -> Callable[..., int]:
    """Makes a ticket that is assigned to the department of roads, in a given status."""
    group = layout["groups"]["departments"]["roads"]["id"]

    def make(status: str, **fields: str) -> int:
        return robot.open_ticket(
            "Яма на дороге", status, fields, assigned_to_id=group, description="У дома 5 яма."
        )

    return make
