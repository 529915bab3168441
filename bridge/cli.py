"""The `bridge` command."""

import os
from pathlib import Path

import click

from bridge.commands.calendar import calendar_command
from bridge.commands.check import check_command
from bridge.commands.context import Context
from bridge.commands.due import due_command
from bridge.commands.exporting import metrics_command
from bridge.commands.importing import import_command
from bridge.commands.learn import learn_command
from bridge.commands.moderate import moderate_command
from bridge.commands.nightly import nightly_command
from bridge.commands.person import person_command
from bridge.commands.purge import purge_command
from bridge.commands.report import report_command
from bridge.commands.route import route_command
from bridge.commands.serving import (
    admin_command,
    poll_command,
    schedule_command,
    serve_command,
    up_command,
    worker_command,
)
from bridge.commands.suggestions import suggestions_command
from bridge.commands.unplaced import unplaced_command
from bridge.commands.working import reconcile_command, replay_command, sweep_command
from bridge.settings import PROJECT


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
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
    Look at it:  check, unplaced
    Do it now:   sweep, reconcile, replay, import, nightly
    Explain:     due, calendar, route, moderate
    Report:      report
    Data:        purge, person

    Settings come from environment variables BRIDGE_…, see docs/.
    """
    # Worker processes and jobs read the environment.
    os.environ["BRIDGE_CONFIG"] = str(config_folder.resolve())
    context.obj = Context(config_folder)


for command in (
    serve_command,
    admin_command,
    worker_command,
    schedule_command,
    poll_command,
    metrics_command,
    up_command,
    check_command,
    sweep_command,
    reconcile_command,
    replay_command,
    import_command,
    nightly_command,
    due_command,
    calendar_command,
    route_command,
    moderate_command,
    learn_command,
    suggestions_command,
    report_command,
    unplaced_command,
    purge_command,
    person_command,
):
    main.add_command(command)
