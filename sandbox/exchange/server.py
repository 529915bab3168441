"""The sandbox's two systems as one server: world, API, ways out, control and pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import Blueprint, Flask

from sandbox.calls import CallLog
from sandbox.clock import Clock, system_clock
from sandbox.control import fault_routes
from sandbox.exchange.api import ExchangeApi
from sandbox.exchange.control import ExchangeControl
from sandbox.exchange.desk import Desk
from sandbox.exchange.pages import ExchangePages
from sandbox.exchange.ways import WaysOut
from sandbox.exchange.world import ExchangeWorld
from sandbox.faults import FaultBook
from sandbox.serving import served
from sandbox.web.frame import make_app

PERM = ZoneInfo("Asia/Yekaterinburg")


@dataclass(frozen=True)
class ExchangeSettings:
    """How these systems behave. Without `honours_keys` an answer sent twice is seen twice."""

    honours_keys: bool = True
    first_number: int = 1001
    """Of each system's cards. Whoever remembers earlier worlds needs numbers that are new."""
    zone: ZoneInfo = PERM


class ExchangeSandbox:
    """Both systems in this process. Everything but the folders is kept in memory only."""

    def __init__(
        self, settings: ExchangeSettings | None = None, clock: Clock = system_clock
    ) -> None:
        settings = settings or ExchangeSettings()
        self.world = ExchangeWorld(
            clock, honours_keys=settings.honours_keys, first_number=settings.first_number
        )
        self.faults = FaultBook()
        self.calls = CallLog()
        self.ways = WaysOut(self.world)
        self.app = self._make_app(settings.zone)

    @contextmanager
    def running(self, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
        """Serve on `port` (0: a free one) while the block runs; yields the base URL."""
        with served(self.app, host, port) as url:
            yield url

    def reset(self) -> None:
        """Back to the start: no cards, no answers, no ways out, no faults, an empty log."""
        with self.world.lock:
            self.faults.clear()
            self.calls.clear()
            self.ways.reset()
            self.world.reset()

    def _make_app(self, zone: ZoneInfo) -> Flask:
        desk = Desk(self.world, self.ways, zone)
        app = make_app(zone)
        app.register_blueprint(ExchangeApi(desk, self.faults, self.calls).routes())
        app.register_blueprint(ExchangeControl(desk).routes())
        app.register_blueprint(ExchangePages(desk).routes())
        app.register_blueprint(fault_routes(self.faults, self.calls))
        app.register_blueprint(self._reset_route())
        return app

    def _reset_route(self) -> Blueprint:
        routes = Blueprint("exchange_reset", __name__, url_prefix="/sandbox")

        @routes.post("/reset")
        def _reset() -> tuple[str, int]:
            self.reset()
            return "", 204

        return routes
