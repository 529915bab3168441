"""The sandbox's networks and systems: started, and connected to the bridge."""

import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bridge.networks.vk_check import NEEDED_EVENTS
from sandbox.demo.configuration import Servers
from sandbox.demo.connections import CardSystem, Connections, OkGroup
from sandbox.demo.failure import DemoFailed
from sandbox.demo.narrator import Narrator
from sandbox.demo.ports import HOST, Port
from sandbox.demo.waiting import NotYet, wait_for
from sandbox.exchange.client import SandboxExchange
from sandbox.exchange.model import System
from sandbox.exchange.server import ExchangeSandbox, ExchangeSettings
from sandbox.ok.client import SandboxOk
from sandbox.ok.seed import FIRST_TOPIC_ID
from sandbox.ok.server import OkSandbox, OkSandboxSettings
from sandbox.vk.client import SandboxVk
from sandbox.vk.server import VkSandbox, VkSettings

_SECONDS = 30.0
_IDS_SINCE = 1_790_000_000
"""Ids count seconds since then where a Redmine stays: it has seen the old ones."""


@dataclass(frozen=True)
class NetworkPorts:
    """Where the networks are to listen."""

    vk: int
    ok: int
    exchange: int

    def all(self) -> list[Port]:
        """The ports with the options that change them."""
        return [
            Port(self.vk, "the sandbox's VK", "--vk-port"),
            Port(self.ok, "the sandbox's OK", "--ok-port"),
            Port(self.exchange, "the sandbox's systems with cards", "--exchange-port"),
        ]


@dataclass(frozen=True)
class Networks:
    """The running ones."""

    vk: SandboxVk
    ok: SandboxOk
    exchange: SandboxExchange

    @property
    def servers(self) -> Servers:
        """Their addresses."""
        return Servers(self.vk.url, self.ok.url, self.exchange.url)


def ids_so_far(*, stays: bool) -> int:
    """How many ids a Redmine has seen at most: none when it is new, else all up to now."""
    return int(time.time()) - _IDS_SINCE if stays else 0


def start_networks(ports: NetworkPorts, ids: int, narrator: Narrator, stack: ExitStack) -> Networks:
    """Start them until the stack is left; their ids come after the first `ids`."""
    vk = VkSandbox(VkSettings(guid_window=timedelta(hours=1), first_id=ids + 1))
    ok = OkSandbox(OkSandboxSettings(first_topic_id=FIRST_TOPIC_ID + ids))
    exchange = ExchangeSandbox(ExchangeSettings(first_number=ids + 1001))
    with narrator.step("VK, OK and the systems with cards (the sandbox's)") as step:
        vk_url = stack.enter_context(vk.running(HOST, ports.vk))
        ok_url = stack.enter_context(ok.running(HOST, ports.ok))
        exchange_url = stack.enter_context(exchange.running(HOST, ports.exchange))
        step.outcome = f"{vk_url}, {ok_url}, {exchange_url}"
    return Networks(SandboxVk(vk_url), SandboxOk(ok_url), SandboxExchange(exchange_url))


def connect(
    networks: Networks,
    connections: Connections,
    bridge_url: str,
    data: Path,
    narrator: Narrator,
) -> None:
    """Have every network send to the bridge. `data` is the bridge's folder."""
    with narrator.step("The administrators of the city's pages add the bridge to VK") as step:
        for page in connections.pages:
            address = f"{bridge_url}/hooks/vk/{page.channel.key}"
            networks.vk.connect(page.community, address, page.callback_secret, NEEDED_EVENTS)
        step.outcome = "confirmed"
    with narrator.step("The bridge subscribes to the messages of the city's groups in OK"):
        for group in connections.groups:
            _await_subscription(networks.ok, group, bridge_url)
    with narrator.step("Incident gives its cards as files, MSS over HTTP") as step:
        incident, mss = (connections.system(each) for each in (System.INCIDENT, System.MSS))
        cards, answers = _folders(incident, data)
        networks.exchange.exchange_files(System.INCIDENT, cards, answers)
        address = f"{bridge_url}/hooks/mss/{mss.channel.key}"
        networks.exchange.push_to(System.MSS, address, mss.push_secret)
        step.outcome = f"{cards}, {address}"


def _await_subscription(ok: SandboxOk, group: OkGroup, bridge_url: str) -> None:
    address = f"{bridge_url}/hooks/ok/{group.channel.key}/{group.webhook_key}"

    def look() -> None:
        if address not in ok.webhooks(group.seed):
            raise NotYet(f"OK knows no webhook of the bridge for group {group.seed.id}")

    wait_for("The subscription in OK", look, _SECONDS)


def _folders(system: CardSystem, data: Path) -> tuple[Path, Path]:
    """Where the system puts cards and takes answers."""
    exchange = system.channel.exchange_section
    if exchange.files is None or exchange.answers.files is None:
        raise DemoFailed(f"The channel {system.channel.key} exchanges no files")
    return data / exchange.files.folder, data / exchange.answers.files.folder
