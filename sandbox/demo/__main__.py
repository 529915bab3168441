"""Shows the main job and every system on real parts: `scripts/demo`."""

import sys
import time
from pathlib import Path

import click
import requests
from rich.console import Console

from bridge.config.document import ConfigError
from sandbox.demo.casework import Casework
from sandbox.demo.failure import DemoFailed
from sandbox.demo.helpdesk import GivenRedmine
from sandbox.demo.narrator import Narrator, make_console
from sandbox.demo.networks import NetworkPorts
from sandbox.demo.play import MainJob
from sandbox.demo.programme import play_programme
from sandbox.demo.report import show_addresses, show_keepsakes, show_outcome
from sandbox.demo.scene import Scene
from sandbox.demo.signals import Interrupted, raise_interrupted
from sandbox.demo.stage import PROJECT, Plan, scene_set
from sandbox.redmine import RedmineError
from sandbox.vk.client import CallbackNotConfirmed, CallRefused

_FAILURES = (
    DemoFailed,
    RedmineError,
    ConfigError,
    CallRefused,
    CallbackNotConfirmed,
    requests.RequestException,
)
_EXIT_INTERRUPTED = 130
_LOOK_SECONDS = 1.0


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--once", is_flag=True, help="Play, print, stop. Exit code 0: every step was seen.")
@click.option("--redmine-url", help="Use this Redmine instead; it must be set up (see docs/).")
@click.option("--redmine-key", help="API key of an administrator of that Redmine.")
@click.option("--redmine-port", default=8780, show_default=True, help="Port for Redmine.")
@click.option("--vk-port", default=8770, show_default=True, help="Port for the sandbox's VK.")
@click.option("--ok-port", default=8771, show_default=True, help="Port for the sandbox's OK.")
@click.option(
    "--exchange-port",
    default=8772,
    show_default=True,
    help="Port for the sandbox's Incident Management and MSS.",
)
@click.option("--bridge-port", default=8790, show_default=True, help="Port for the bridge.")
@click.option(
    "--admin-port", default=8791, show_default=True, help="Port for the administrator's pages."
)
@click.option(
    "--folder",
    type=click.Path(file_okay=False, resolve_path=True, path_type=Path),
    default=PROJECT / "var" / "demo",
    help="Folder for data and logs, made anew each time.  [default: var/demo]",
)
def main(
    once: bool,
    redmine_url: str | None,
    redmine_key: str | None,
    redmine_port: int,
    vk_port: int,
    ok_port: int,
    exchange_port: int,
    bridge_port: int,
    admin_port: int,
    folder: Path,
) -> None:
    """Play the main job and every system on a real Redmine, the bridge and a sandbox.

    A citizen's comment in VK becomes a ticket, and its approved answer appears under the comment.
    Then a message goes through each system, with what may befall it. Then everything stays for you
    to look around, until Ctrl-C.

    With --redmine-url, BRIDGE_REDMINE_KEY and BRIDGE_REDMINE_WEBHOOK_SECRET in the environment
    are the robot's key and the webhook's secret; without them the robot's key is asked of Redmine,
    and changes are found by the sweep. The demonstration leaves tickets and locked accounts.
    """
    if bool(redmine_url) != bool(redmine_key):
        raise click.UsageError("--redmine-url and --redmine-key belong together: give both.")
    given = GivenRedmine(redmine_url, redmine_key) if redmine_url and redmine_key else None
    console = make_console()
    raise_interrupted()
    networks = NetworkPorts(vk_port, ok_port, exchange_port)
    plan = Plan(
        folder=folder,
        redmine_port=redmine_port,
        network_ports=networks,
        bridge_port=bridge_port,
        admin_port=admin_port,
        given=given,
    )
    try:
        _perform(plan, console, once)
    except _FAILURES as failure:
        click.echo(f"\n{failure}", err=True)
        sys.exit(1)
    except Interrupted:
        click.echo("\nStopped before the end.", err=True)
        sys.exit(_EXIT_INTERRUPTED)


def _perform(plan: Plan, console: Console, once: bool) -> None:
    narrator = Narrator(console)
    with scene_set(plan, narrator) as scene:
        _play(scene, narrator, console)
        if not once:
            _stay(scene, console)
    console.print("Stopped.")


def _play(scene: Scene, narrator: Narrator, console: Console) -> None:
    try:
        casework = Casework(scene)
        narrator.heading("The main job")
        narrator.restart()
        show_outcome(console, scene, MainJob(scene, casework, narrator).play())
        narrator.heading("Every system")
        narrator.restart()
        show_keepsakes(console, scene, play_programme(scene, casework, narrator))
    except _FAILURES as failure:
        raise DemoFailed(f"{failure}\n\n{scene.bridge.last_words()}") from failure


def _stay(scene: Scene, console: Console) -> None:
    show_addresses(console, scene)
    console.print("\n[bold]Ctrl-C stops everything.[/bold]")
    try:
        while True:
            scene.bridge.require_alive()
            time.sleep(_LOOK_SECONDS)
    except Interrupted:
        return


if __name__ == "__main__":
    main()
