"""Sets the scene: starts everything, one part after the other, and stops it in reverse."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bridge.office import Office
from bridge.second_voice import OFFICE_MODEL, TRAINING, ModelsFolder
from sandbox.demo.bridge_process import BridgeProcess, await_ready, launch_bridge
from sandbox.demo.configuration import bridge_environment, write_configuration
from sandbox.demo.helpdesk import GivenRedmine, open_given, own_instance
from sandbox.demo.ledger import Ledger
from sandbox.demo.leftovers import sole_demo
from sandbox.demo.narrator import Narrator
from sandbox.demo.networks import NetworkPorts, connect, ids_so_far, start_networks
from sandbox.demo.ports import HOST, Port, require_free
from sandbox.demo.scene import Scene
from sandbox.demo.staff import EMPLOYEES, Staff, appoint, engage, engaged_for_a_while
from sandbox.redmine import RedmineAccess, prepare

PROJECT = Path(__file__).resolve().parents[2]
MODELS = PROJECT / ".cache" / "models"
"""Where tests keep them, too: what is learnt from the shipped examples is the same each time."""

_NEW_EACH_TIME = ("bridge", "config", "redmine")
_SWEEP_SECONDS = "5"
"""Shorter than usual: a Redmine that sends no webhooks must not make the audience wait."""


@dataclass(frozen=True)
class Plan:
    """What is wanted: a folder, the ports, and a Redmine that is there already or none."""

    folder: Path
    redmine_port: int
    network_ports: NetworkPorts
    bridge_port: int
    admin_port: int
    given: GivenRedmine | None

    @property
    def ports(self) -> list[Port]:
        """The ports to listen on."""
        ours = [
            *self.network_ports.all(),
            Port(self.bridge_port, "the bridge", "--bridge-port"),
            Port(self.admin_port, "the administrator's pages", "--admin-port"),
        ]
        redmine = Port(self.redmine_port, "Redmine", "--redmine-port")
        return ours if self.given else [redmine, *ours]

    @property
    def bridge_url(self) -> str:
        """Where the bridge is to answer."""
        return f"http://{HOST}:{self.bridge_port}"

    @property
    def admin_url(self) -> str:
        """Where the administrator's pages are to be."""
        return f"http://{HOST}:{self.admin_port}/admin/"

    @property
    def data(self) -> Path:
        """The bridge's folder."""
        return self.folder / "bridge"


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
    ids = ids_so_far(stays=plan.given is not None)
    networks = start_networks(plan.network_ports, ids, narrator, stack)
    config = plan.folder / "config"
    connections = write_configuration(PROJECT / "config", config, networks.servers)
    office = Office.load(config)
    _learn(plan, office, narrator)
    access = _open_redmine(plan, narrator, stack)
    environment = bridge_environment(connections, access, _settings(plan))
    bridge = _start_bridge(plan, narrator, stack, environment)
    connect(networks, connections, bridge.url, plan.data, narrator)
    ledger = Ledger(f"sqlite:///{plan.data / 'bridge.db'}", office.calendar.zone)
    stack.callback(ledger.close)
    return Scene(
        vk=networks.vk,
        ok=networks.ok,
        exchange=networks.exchange,
        redmine_url=access.url,
        project=office.layout.project.identifier,
        staff=_engage(plan, access, narrator, stack),
        bridge=bridge,
        admin_url=plan.admin_url,
        ledger=ledger,
    )


def _settings(plan: Plan) -> dict[str, str]:
    return {
        "BRIDGE_CONFIG": str(plan.folder / "config"),
        "BRIDGE_DATA": str(plan.data),
        "BRIDGE_HOST": HOST,
        "BRIDGE_PORT": str(plan.bridge_port),
        "BRIDGE_ADMIN_PORT": str(plan.admin_port),
        "BRIDGE_SWEEP_SECONDS": _SWEEP_SECONDS,
    }


def _learn(plan: Plan, office: Office, narrator: Narrator) -> None:
    """Before the bridge starts, each of whose processes would learn for itself.

    The bridge gets a copy: what it learns by night from the play's tickets is for nobody else.
    """
    with narrator.step("Routing's second voice learns from its examples") as step:
        training = plan.folder / "config" / TRAINING
        voice = ModelsFolder(MODELS, training).shipped(office.router)
        if voice:
            no_offices = shutil.ignore_patterns(OFFICE_MODEL)
            shutil.copytree(MODELS, plan.data / "models", ignore=no_offices)
        step.outcome = "learnt" if voice else "scikit-learn is not there: rules alone"


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
    parts = "web, pages, workers, schedule, polls, embedded Redis, store"
    with narrator.step(f"The bridge: {parts}") as step:
        bridge = launch_bridge(plan.bridge_url, environment, plan.folder / "bridge.log")
        stack.callback(bridge.stop)
        await_ready(bridge)
        step.outcome = bridge.url
    return bridge


def _engage(plan: Plan, access: RedmineAccess, narrator: Narrator, stack: ExitStack) -> Staff:
    with narrator.step("The staff get accounts in Redmine") as step:
        staff = (
            stack.enter_context(engaged_for_a_while(access, EMPLOYEES))
            if plan.given
            else replace(engage(access, EMPLOYEES), administrator=appoint(access))
        )
        step.outcome = ", ".join(each.user.login for each in staff.everybody())
    return staff
