"""Real parts around the measurements: a configuration, a VK, a Redmine with staff, a bridge."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bridge.store.database import Store
from sandbox.demo.bridge_process import await_ready, launch_bridge
from sandbox.demo.configuration import Servers, bridge_environment, write_configuration
from sandbox.demo.connections import Page
from sandbox.demo.helpdesk import own_instance
from sandbox.demo.ports import HOST, Port
from sandbox.demo.staff import Staff, engage
from sandbox.redmine import RedmineAccess
from sandbox.vk.client import SandboxVk
from sandbox.vk.server import VkSandbox

PROJECT = Path(__file__).resolve().parent.parent
DEPARTMENT = "roads"


@dataclass(frozen=True)
class Plan:
    """Where to keep files (on a disk, not in memory) and which ports to use.

    `workers`: worker processes, and connections to Redmine for comparison.
    """

    folder: Path
    redmine_port: int
    vk_port: int
    bridge_port: int
    bare_port: int
    workers: int

    @property
    def ports(self) -> list[Port]:
        """The ports to listen on."""
        return [
            Port(self.redmine_port, "Redmine", "--redmine-port"),
            Port(self.vk_port, "the sandbox's VK", "--vk-port"),
            Port(self.bridge_port, "the bridge", "--bridge-port"),
            Port(self.bare_port, "the bare Flask server", "--bare-port"),
        ]

    @property
    def bridge_url(self) -> str:
        """Where the bridge answers."""
        return f"http://{HOST}:{self.bridge_port}"


@dataclass(frozen=True)
class Surroundings:
    """What runs. `store` is the bridge's own, to be read only."""

    vk: VkSandbox
    vk_url: str
    page: Page
    access: RedmineAccess
    staff: Staff
    store: Store


def configured(plan: Plan, access: RedmineAccess, vk_url: str) -> tuple[Page, dict[str, str]]:
    """Write a configuration; the city's page in it, and the environment of the bridge."""
    connections = write_configuration(PROJECT / "config", plan.folder / "config", Servers(vk_url))
    settings = {
        "BRIDGE_CONFIG": str(plan.folder / "config"),
        "BRIDGE_DATA": str(plan.folder / "bridge"),
        "BRIDGE_HOST": HOST,
        "BRIDGE_PORT": str(plan.bridge_port),
        "BRIDGE_ADMIN_PORT": "0",
        "BRIDGE_WORKERS": str(plan.workers),
        "BRIDGE_LOG_LEVEL": "WARNING",
    }
    return connections.pages[0], bridge_environment(connections, access, settings)


@contextmanager
def everything_running(plan: Plan) -> Iterator[Surroundings]:
    """VK, Redmine and the bridge, connected, while the block runs."""
    with ExitStack() as stack:
        vk = VkSandbox()
        vk_url = stack.enter_context(vk.running(HOST, plan.vk_port))
        access = stack.enter_context(
            own_instance(
                plan.folder / "redmine", plan.redmine_port, f"{plan.bridge_url}/hooks/redmine"
            )
        )
        page, environment = configured(plan, access, vk_url)
        bridge = launch_bridge(plan.bridge_url, environment, plan.folder / "bridge.log")
        stack.callback(bridge.stop)
        await_ready(bridge)
        address = f"{plan.bridge_url}/hooks/vk/{page.channel.key}"
        SandboxVk(vk_url).connect(
            page.community, address, page.callback_secret, ("wall_reply_new",)
        )
        store = Store(f"sqlite:///{plan.folder / 'bridge' / 'bridge.db'}")
        stack.callback(store.close)
        yield Surroundings(vk, vk_url, page, access, engage(access, [DEPARTMENT]), store)
