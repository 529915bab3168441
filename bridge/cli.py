"""The `bridge` command."""

import os
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Final

import click

from bridge.commands.context import Context
from bridge.settings import PROJECT

COMMANDS: Final[Mapping[str, str]] = {
    "serve": "serving",
    "admin": "serving",
    "worker": "processes",
    "schedule": "processes",
    "poll": "processes",
    "metrics": "exporting",
    "up": "serving",
    "check": "check",
    "validate": "validate",
    "sweep": "working",
    "reconcile": "working",
    "replay": "working",
    "import": "importing",
    "nightly": "nightly",
    "due": "due",
    "calendar": "calendar",
    "route": "route",
    "moderate": "moderate",
    "mapping": "mapping",
    "learn": "learn",
    "suggestions": "suggestions",
    "report": "report",
    "unplaced": "unplaced",
    "backup": "backup",
    "restore": "restore",
    "purge": "purge",
    "person": "person",
}
"""The module in `bridge/commands/` that has `<command>_command`."""


class CommandsOnDemand(click.Group):
    """Loads the command that is asked for: all of them together take seconds of every start."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Every command's name."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command, or None where there is none of this name."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"bridge.commands.{COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command


@click.group(cls=CommandsOnDemand, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    "config_folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    envvar="BRIDGE_CONFIG",
    default=PROJECT / "config",
    help="Folder with the configuration files.  [env: BRIDGE_CONFIG]",
)
@click.version_option(package_name="bridge")
@click.pass_context
def main(context: click.Context, config_folder: Path) -> None:
    """Citizens' messages become tickets of the helpdesk; approved answers go back, in time.

    \b
    Run it:      up (everything here), or serve, admin, worker, schedule, poll apart; metrics
    Look at it:  check, validate, unplaced
    Do it now:   sweep, reconcile, replay, import, nightly
    Explain:     due, calendar, route, moderate
    Departments: mapping, suggestions, learn
    Report:      report
    Data:        purge, person

    Settings come from environment variables BRIDGE_…, see docs/.
    """
    # Worker processes and jobs read the environment.
    os.environ["BRIDGE_CONFIG"] = str(config_folder.resolve())
    context.obj = Context(config_folder)
