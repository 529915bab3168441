"""The sandbox's VK as one server: world, API, callbacks, long poll, control and pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, Flask

from sandbox.calls import CallLog
from sandbox.clock import Clock, system_clock
from sandbox.control import fault_routes
from sandbox.due_queue import DueQueue
from sandbox.faults import FaultBook
from sandbox.serving import served
from sandbox.vk.api import VkApi
from sandbox.vk.callback_delivery import CallbackDelivery, DeliveryPolicy
from sandbox.vk.callback_servers import CallbackServers
from sandbox.vk.control import VkControl
from sandbox.vk.dialog_pages import DialogPages
from sandbox.vk.item_pages import ItemPages
from sandbox.vk.long_poll import LongPoll
from sandbox.vk.methods.call import Services
from sandbox.vk.pages import VkPages
from sandbox.vk.seed import COMMUNITIES
from sandbox.vk.world import VkWorld
from sandbox.web.frame import make_app

PERM = ZoneInfo("Asia/Yekaterinburg")


@dataclass(frozen=True)
class VkSettings:
    """How this VK behaves where the real one leaves room; zero `guid_window` ignores guid."""

    delivery: DeliveryPolicy = field(default_factory=DeliveryPolicy)
    callback_connections: int = 8
    guid_window: timedelta = timedelta(hours=1)
    first_id: int = 1
    """Of a wall's posts and comments, and of a dialog's messages. Whoever remembers earlier worlds
    needs ids that are new."""
    zone: ZoneInfo = PERM


class VkSandbox:
    """A whole VK in this process. Everything is kept in memory only."""

    def __init__(self, settings: VkSettings | None = None, clock: Clock = system_clock) -> None:
        settings = settings or VkSettings()
        self.world = VkWorld(clock, settings.guid_window, settings.first_id)
        self.faults = FaultBook()
        self.calls = CallLog()
        self.servers = CallbackServers({seed.id: seed.confirmation_code for seed in COMMUNITIES})
        self._queue = DueQueue(self.world.lock, settings.callback_connections)
        self.callbacks = CallbackDelivery(self.world, self.servers, self._queue, settings.delivery)
        self.long_poll = LongPoll(self.world)
        self.world.subscribe(self.callbacks.accept)
        self.world.subscribe(self.long_poll.accept)
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
            self.long_poll.close()
            self._queue.close()

    def settle(self, timeout: float = 10.0) -> bool:
        """Wait until no event waits for delivery; False when `timeout` seconds do not suffice."""
        return self._queue.settle(timeout)

    def reset(self) -> None:
        """Back to the start: the seeded world, no callback servers, no faults, empty logs."""
        with self.world.lock:
            self.callbacks.reset()
            self.servers.reset()
            self.long_poll.reset()
            self.faults.clear()
            self.calls.clear()
            self.world.reset()

    def _make_app(self, zone: ZoneInfo) -> Flask:
        services = Services(self.world, self.servers, self.callbacks, self.long_poll)
        app = make_app(zone)
        app.register_blueprint(VkApi(services, self.faults, self.calls).routes())
        app.register_blueprint(VkControl(services).routes())
        app.register_blueprint(VkPages(self.world, self.servers, self.callbacks.log).routes())
        app.register_blueprint(ItemPages(self.world).routes())
        app.register_blueprint(DialogPages(self.world).routes())
        app.register_blueprint(fault_routes(self.faults, self.calls))
        app.register_blueprint(self._reset_route())
        return app

    def _reset_route(self) -> Blueprint:
        routes = Blueprint("vk_reset", __name__, url_prefix="/sandbox")

        @routes.post("/reset")
        def _reset() -> tuple[str, int]:
            self.reset()
            return "", 204

        return routes
