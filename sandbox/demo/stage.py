"""Sets the scene: starts everything, one part after the other, and stops it in reverse."""

import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bridge.networks.vk_check import NEEDED_EVENTS
from bridge.office import Office
from sandbox.demo.bridge_process import BridgeProcess, await_ready, launch_bridge
from sandbox.demo.configuration import Page, bridge_environment, write_configuration
from sandbox.demo.helpdesk import GivenRedmine, open_given, own_instance
from sandbox.demo.ledger import Ledger
from sandbox.demo.leftovers import sole_demo
from sandbox.demo.narrator import Narrator
from sandbox.demo.ports import HOST, Port, require_free
from sandbox.demo.scene import Scene
from sandbox.demo.staff import Staff, engage, engaged_for_a_while
from sandbox.redmine import RedmineAccess, prepare
from sandbox.vk.client import SandboxVk
from sandbox.vk.server import VkSandbox, VkSettings

PROJECT = Path(__file__).resolve().parents[2]
DEPARTMENT = "roads"

_NEW_EACH_TIME = ("bridge", "config", "redmine")
_SWEEP_SECONDS = "5"
"""Shorter than usual: a Redmine that sends no webhooks must not make the audience wait."""
_IDS_SINCE = 1_790_000_000
"""Ids in the sandbox's VK count seconds since then: a Redmine that stays has seen the old ones."""


@dataclass(frozen=True)
class Plan:
    """What is wanted: a folder, the ports, and a Redmine that is there already or none."""

    folder: Path
    redmine_port: int
    vk_port: int
    bridge_port: int
    given: GivenRedmine | None

    @property
    def ports(self) -> list[Port]:
        """The ports to listen on."""
        ours = [
            Port(self.vk_port, "the sandbox's VK", "--vk-port"),
            Port(self.bridge_port, "the bridge", "--bridge-port"),
        ]
        redmine = Port(self.redmine_port, "Redmine", "--redmine-port")
        return ours if self.given else [redmine, *ours]

    @property
    def bridge_url(self) -> str:
        """Where the bridge is to answer."""
        return f"http://{HOST}:{self.bridge_port}"


@contextmanager
def scene_set(plan: Plan, narrator: Narrator) -> Iterator[Scene]:
    """Start everything anew while the block runs.

    Raises `DemoFailed`, `RedmineError` or `ConfigError` when something does not start; whatever
    was started is stopped then, too.
    """
    with ExitStack() as stack:
        stack.enter_context(sole_demo(plan.folder))
        require_free(plan.ports)
        for name in _NEW_EACH_TIME:
            shutil.rmtree(plan.folder / name, ignore_errors=True)
        yield _set(plan, narrator, stack)
        narrator.heading("Stopping")


def _set(plan: Plan, narrator: Narrator, stack: ExitStack) -> Scene:
    if not plan.given:
        prepare()
    narrator.heading("Starting")
    narrator.restart()
    vk = _start_vk(plan, narrator, stack)
    pages = write_configuration(PROJECT / "config", plan.folder / "config", vk.url)
    office = Office.load(plan.folder / "config")
    access = _open_redmine(plan, narrator, stack)
    bridge = _start_bridge(
        plan, narrator, stack, bridge_environment(pages, access, _settings(plan))
    )
    _connect(vk, pages, bridge, narrator)
    ledger = Ledger(f"sqlite:///{plan.folder / 'bridge' / 'bridge.db'}", office.calendar.zone)
    stack.callback(ledger.close)
    staff = _engage(plan, access, office, narrator, stack)
    return Scene(vk, access.url, office.layout.project.identifier, staff, bridge, ledger)


def _settings(plan: Plan) -> dict[str, str]:
    return {
        "BRIDGE_CONFIG": str(plan.folder / "config"),
        "BRIDGE_DATA": str(plan.folder / "bridge"),
        "BRIDGE_HOST": HOST,
        "BRIDGE_PORT": str(plan.bridge_port),
        "BRIDGE_SWEEP_SECONDS": _SWEEP_SECONDS,
    }


def _start_vk(plan: Plan, narrator: Narrator, stack: ExitStack) -> SandboxVk:
    with narrator.step("VK (the sandbox's)") as step:
        first_id = int(time.time()) - _IDS_SINCE if plan.given else 1
        sandbox = VkSandbox(VkSettings(guid_window=timedelta(hours=1), first_id=first_id))
        url = stack.enter_context(sandbox.running(HOST, plan.vk_port))
        step.outcome = url
    return SandboxVk(url)


def _open_redmine(plan: Plan, narrator: Narrator, stack: ExitStack) -> RedmineAccess:
    if plan.given:
        with narrator.step("Redmine (yours)") as step:
            access = open_given(plan.given)
            step.outcome = access.url
        return access
    with narrator.step("Redmine (an instance of its own)") as step:
        instance = own_instance(
            plan.folder / "redmine", plan.redmine_port, f"{plan.bridge_url}/hooks/redmine"
        )
        access = stack.enter_context(instance)
        step.outcome = access.url
    return access


def _start_bridge(
    plan: Plan, narrator: Narrator, stack: ExitStack, environment: dict[str, str]
) -> BridgeProcess:
    with narrator.step("The bridge: web, workers, schedule, embedded Redis, store") as step:
        bridge = launch_bridge(plan.bridge_url, environment, plan.folder / "bridge.log")
        stack.callback(bridge.stop)
        await_ready(bridge)
        step.outcome = bridge.url
    return bridge


def _connect(vk: SandboxVk, pages: list[Page], bridge: BridgeProcess, narrator: Narrator) -> None:
    with narrator.step("The administrators of the city's pages add the bridge to VK") as step:
        for page in pages:
            address = f"{bridge.url}/hooks/vk/{page.channel.key}"
            vk.connect(page.community, address, page.callback_secret, NEEDED_EVENTS)
        step.outcome = "confirmed"


def _engage(
    plan: Plan, access: RedmineAccess, office: Office, narrator: Narrator, stack: ExitStack
) -> Staff:
    groups = office.layout.groups.curators, office.department_groups[DEPARTMENT]
    with narrator.step("The staff get accounts in Redmine") as step:
        staff = (
            stack.enter_context(engaged_for_a_while(access, *groups))
            if plan.given
            else engage(access, *groups)
        )
        step.outcome = f"{staff.curator.user.login}, {staff.roads.user.login}"
    return staff
