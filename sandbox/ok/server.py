"""The sandbox's OK as one server: world, Graph, REST, webhooks, control and pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from flask import Blueprint, Flask

from sandbox.calls import CallLog
from sandbox.clock import Clock, system_clock
from sandbox.control import fault_routes
from sandbox.due_queue import DueQueue
from sandbox.faults import FaultBook
from sandbox.ok.control import OkControl
from sandbox.ok.delivery import WebhookDelivery, WebhookPolicy
from sandbox.ok.graph import OkGraphApi
from sandbox.ok.pages import OkPages
from sandbox.ok.rest import OkRestApi
from sandbox.ok.seed import FIRST_TOPIC_ID
from sandbox.ok.subscriptions import Subscriptions
from sandbox.ok.world import OkWorld
from sandbox.serving import served
from sandbox.web.frame import make_app

PERM = ZoneInfo("Asia/Yekaterinburg")


@dataclass(frozen=True)
class OkSandboxSettings:
    """How this OK behaves where the real one leaves room."""

    webhooks: WebhookPolicy = field(default_factory=WebhookPolicy)
    connections: int = 4
    first_topic_id: int = FIRST_TOPIC_ID
    """Whoever remembers earlier worlds needs ids that are new."""
    zone: ZoneInfo = PERM


class OkSandbox:
    """A whole OK in this process. Everything is kept in memory only."""

    def __init__(
        self, settings: OkSandboxSettings | None = None, clock: Clock = system_clock
    ) -> None:
        settings = settings or OkSandboxSettings()
        self.world = OkWorld(clock, settings.first_topic_id)
        self.faults = FaultBook()
        self.calls = CallLog()
        self.subscriptions = Subscriptions(self.world)
        self._queue = DueQueue(self.world.lock, settings.connections)
        self.delivery = WebhookDelivery(
            self.world, self.subscriptions, self._queue, settings.webhooks
        )
        self.world.subscribe(self.delivery.accept)
        self.world.subscribe(self.subscriptions.accept)
        self.app = self._make_app(settings.zone)

    @contextmanager
    def running(self, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
        """Serve on `port` (0: a free one) while the block runs; yields the base URL.

        A sandbox runs once: make another one to start again.
        """
        self._queue.start()
        try:
            with served(self.app, host, port) as url:
                yield url
        finally:
            self.subscriptions.close()
            self._queue.close()

    def settle(self, timeout: float = 10.0) -> bool:
        """Wait until no event waits for delivery; False when `timeout` seconds do not suffice."""
        return self._queue.settle(timeout)

    def reset(self) -> None:
        """Back to the start: the seeded world, no subscriptions, no faults, empty logs."""
        with self.world.lock:
            self.delivery.reset()
            self.subscriptions.reset()
            self.faults.clear()
            self.calls.clear()
            self.world.reset()

    def _make_app(self, zone: ZoneInfo) -> Flask:
        app = make_app(zone)
        rest = OkRestApi(self.world, self.faults, self.calls)
        graph = OkGraphApi(self.world, self.subscriptions, self.faults, self.calls)
        app.register_blueprint(rest.routes())
        app.register_blueprint(graph.routes())
        app.register_blueprint(OkControl(self.world, self.delivery).routes())
        app.register_blueprint(OkPages(self.world, self.subscriptions, self.delivery).routes())
        app.register_blueprint(fault_routes(self.faults, self.calls))
        app.register_blueprint(self._reset_route())
        return app

    def _reset_route(self) -> Blueprint:
        routes = Blueprint("ok_reset", __name__, url_prefix="/sandbox")

        @routes.post("/reset")
        def _reset() -> tuple[str, int]:
            self.reset()
            return "", 204

        return routes
