"""The main job's speed, as ratios: `python -m benchmarks.main_job`. See benchmarks/README.md."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import click

from benchmarks import acknowledging, placing, ticketing
from benchmarks.http_load import LoadFailed
from benchmarks.report import Measurement, table
from benchmarks.surroundings import PROJECT, Plan, everything_running
from sandbox.demo.failure import DemoFailed
from sandbox.demo.ports import require_free
from sandbox.redmine import RedmineError

ACKNOWLEDGING, TICKETS, PLACING = "acknowledging", "tickets", "placing"
PARTS = (ACKNOWLEDGING, TICKETS, PLACING)


@click.command()
@click.argument("parts", nargs=-1, type=click.Choice(PARTS))
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=PROJECT / "var" / "benchmarks",
    help="Made anew; must be on a disk, or commits cost nothing.",
)
@click.option("--redmine-port", default=3091, show_default=True)
@click.option("--vk-port", default=8771, show_default=True)
@click.option("--bridge-port", default=8791, show_default=True)
@click.option("--bare-port", default=8793, show_default=True, help="For the bare Flask server.")
@click.option("--workers", default=2, show_default=True, help="Also the connections to Redmine.")
def main(parts: Sequence[str], folder: Path, **numbers: int) -> None:
    """Measure PARTS (all, when none is named) with real parts on this machine.

    Ends with 1 when a goal was missed.
    """
    plan = Plan(folder=folder.resolve(), **numbers)
    try:
        require_free(plan.ports)
        _make_anew(plan.folder)
        measurements = _measure(parts or PARTS, plan)
    except (DemoFailed, RedmineError, LoadFailed, TimeoutError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(table(measurements))
    raise SystemExit(any(measurement.is_missed for measurement in measurements))


def _make_anew(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _measure(parts: Sequence[str], plan: Plan) -> list[Measurement]:
    found: list[Measurement] = []
    if ACKNOWLEDGING in parts:
        found += acknowledging.measure(plan)
        _make_anew(plan.folder)
    if TICKETS in parts or PLACING in parts:
        found += _measure_the_whole_way(parts, plan)
    return found


def _measure_the_whole_way(parts: Sequence[str], plan: Plan) -> list[Measurement]:
    found: list[Measurement] = []
    with everything_running(plan) as here:
        if TICKETS in parts:
            found += ticketing.measure(here, plan.workers)
        if PLACING in parts:
            found += placing.measure(here)
    return found


if __name__ == "__main__":
    main()
