"""Both systems on a real port, and a bridge's intake over a store of its own."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from bridge.channels import Channels, ChannelSettings
from bridge.flow.intake import Intake
from bridge.flow.judging import Judging
from bridge.ingest.port import Event, Poller
from bridge.messages import Network
from bridge.moderation import Moderator
from bridge.networks.directory import NetworkDirectory
from bridge.networks.registry import module_of
from bridge.office import Office
from bridge.settings import PROJECT, Settings
from bridge.store import inbox
from bridge.store.database import Store
from bridge.store.inbox import Arrival
from bridge.store.models import AdditionRow, InboxEvent, MessageRow, TicketRow
from bridge.store.schema import upgrade
from bridge.web.app import Edge, make_app
from bridge.web.metrics import Metrics
from sandbox.clock import ManualClock
from sandbox.exchange import ExchangeSandbox, ExchangeSettings
from sandbox.exchange.client import SandboxExchange
from sandbox.exchange.model import TOKENS, System
from sandbox.serving import served
from tests.exchange_channel import exchange_channel
from tests.outside import outside

PUSH_SECRET = "push-secret"
NOW = datetime(2026, 11, 24, 11, 20, tzinfo=UTC)


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(NOW)


@pytest.fixture
def sandbox(clock: ManualClock) -> ExchangeSandbox:
    """It recognises no key, so that an answer which is sent twice is seen twice."""
    return ExchangeSandbox(ExchangeSettings(honours_keys=False), clock)


@pytest.fixture
def url(sandbox: ExchangeSandbox) -> Iterator[str]:
    with sandbox.running() as url:
        yield url


@pytest.fixture
def desk(url: str) -> SandboxExchange:
    return SandboxExchange(url)


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bridge's environment."""
    monkeypatch.setenv("TEST_PUSH_SECRET", PUSH_SECRET)
    monkeypatch.setenv("TEST_INCIDENT_TOKEN", TOKENS[System.INCIDENT])


@pytest.fixture
def exchange(url: str, tmp_path: Path) -> Mapping[str, Any]:
    """Every way in, as the sandbox has them."""
    token = {"env": "TEST_INCIDENT_TOKEN"}
    return {
        "files": {"folder": str(tmp_path / "cards")},
        "push": {"secret": {"env": "TEST_PUSH_SECRET"}},
        "pull": {"url": f"{url}/api/incident/cards", "token": token, "size": 2},
    }


@pytest.fixture(scope="session")
def office() -> Office:
    return Office.load(PROJECT / "config")


@dataclass
class Reception:
    """Takes in what a channel brings, as the bridge's processes do together."""

    store: Store
    office: Office
    channel: ChannelSettings
    clock: ManualClock
    states: dict[str, Mapping[str, Any]] = field(default_factory=dict)

    def poller(self, name: str) -> Poller:
        pollers = {
            each.name: each
            for each in module_of(self.channel).pollers(self.channel, outside(self.clock))
        }
        return pollers[name]

    def look(self, name: str) -> int:
        """Look as often as there is something; how many new events it brought."""
        poller, new, more = self.poller(name), 0, True
        while more:
            polled = poller.poll(self.states.get(name, {}))
            new += self.record(polled.events)
            self.states[name], more = polled.state, polled.more
        return new

    def record(self, events: tuple[Event, ...]) -> int:
        arrivals = [
            Arrival(self.channel.key, each.external_id, each.kind, each.body, self.clock())
            for each in events
        ]
        if not arrivals:
            return 0
        with self.store.transaction() as connection:
            return sum(id_ is not None for id_ in inbox.record_all(connection, arrivals))

    def take_in(self) -> None:
        """Process what waits in the inbox."""
        networks = NetworkDirectory(self.office.channels, outside(self.clock))
        intake = Intake(
            self.store,
            self.office.channels,
            networks,
            Judging(self.office.router, self.office.mapping, Moderator(self.office.lexicon)),
            self.office.policies,
            self.office.calendar,
            self.clock,
        )
        with self.store.reading() as session:
            waiting = inbox.waiting(session, self.clock() + timedelta(days=1), 10_000)
        for event_id in waiting:
            with self.store.reading() as session:
                event = session.get_one(InboxEvent, event_id)
            intake.take(event)

    def rows(self, model: Any) -> list[Any]:
        with self.store.reading() as session:
            return list(session.scalars(select(model).order_by(model.id)))

    @property
    def messages(self) -> list[MessageRow]:
        return self.rows(MessageRow)

    @property
    def tickets(self) -> list[TicketRow]:
        return self.rows(TicketRow)

    @property
    def additions(self) -> list[AdditionRow]:
        return self.rows(AdditionRow)

    @property
    def events(self) -> list[InboxEvent]:
        return self.rows(InboxEvent)


@pytest.fixture
def reception(
    exchange: Mapping[str, Any], office: Office, tmp_path: Path, clock: ManualClock
) -> Iterator[Reception]:
    channel = exchange_channel(Network.INCIDENT, **exchange)
    with closing(Store(f"sqlite:///{tmp_path / 'bridge.db'}")) as store:
        upgrade(store.engine)
        yield Reception(store, replace(office, channels=Channels((channel,))), channel, clock)


class NoHints:
    """Nobody waits for hints."""

    def event(self, event_id: int) -> None:
        """Forget it."""


@pytest.fixture
def hook(reception: Reception, desk: SandboxExchange) -> Iterator[str]:
    """The bridge's web side on a real port, to which the system sends its cards."""
    settings = Settings(redmine_webhook_secret=SecretStr("unused"))
    edge = Edge(
        settings,
        reception.office,
        reception.store,
        NoHints(),
        Metrics(reception.store, reception.clock),
        reception.clock,
    )
    with served(make_app(edge), "127.0.0.1", 0) as url:
        address = f"{url}/hooks/incident/incident"
        desk.push_to(System.INCIDENT, address, PUSH_SECRET)
        yield address
