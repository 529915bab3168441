"""What a night costs with 10,000 open tickets: `python -m benchmarks.nightly`.

`bridge nightly` runs as an administrator would run it, against a real Redmine, three times: on
tickets that no run has read, on tickets that are as they were, and with some that were tampered
with. Requests are counted in Redmine's own log.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile

import click

from benchmarks.many_tickets import Template, copy_tickets, shown_otherwise
from benchmarks.report import Measurement, table
from benchmarks.surroundings import PROJECT, Plan, configured
from bridge.store.database import Store
from bridge.store.models import TicketRow
from sandbox.demo.bridge_process import await_ready, launch_bridge
from sandbox.demo.helpdesk import own_instance
from sandbox.demo.ports import HOST, require_free
from sandbox.demo.waiting import NotYet, wait_for
from sandbox.redmine import RedmineAccess
from sandbox.redmine_staff import RedmineDesk, read_layout
from sandbox.vk.client import SandboxVk
from sandbox.vk.seed import CITIZENS
from sandbox.vk.server import VkSandbox

POST = 2
TEXT = "На улице Ленина огромная яма, чуть колесо не оставила. Когда заделаете?"
_MEGABYTE = 1024
"""In kilobytes, which is what Linux tells of a process."""
_PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class Night:
    """What one run cost."""

    seconds: float
    requests: int
    looked: int
    read: int
    differing: int
    megabytes: float


@dataclass(frozen=True)
class Town:
    """A Redmine and a bridge's store, which `bridge nightly` is run on."""

    template: Template
    environment: Mapping[str, str]
    redmine_log: Path
    tampered_field: int

    def night(self) -> Night:
        """Run it to its end."""
        before, began = self._requests(), time.perf_counter()
        with TemporaryFile() as told:
            process = subprocess.Popen(
                [sys.executable, "-m", "bridge", "nightly", "--json"],
                cwd=PROJECT,
                env=dict(self.environment),
                stdout=told,
            )
            _, state, usage = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - began
            process.returncode = os.waitstatus_to_exitcode(state)
            told.seek(0)
            report = json.load(told)
        if process.returncode:
            raise click.ClickException(f"ended with {process.returncode}: {report['reason']}")
        counted = (report["looked"], report["read"], report["differing"])
        return Night(seconds, self._requests() - before, *counted, usage.ru_maxrss / _MEGABYTE)

    def _requests(self) -> int:
        with self.redmine_log.open(encoding="utf-8", errors="replace") as log:
            return sum("Started " in line for line in log)


@click.command()
@click.option("--tickets", "wanted", default=10_000, show_default=True)
@click.option("--tampered", default=200, show_default=True)
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=PROJECT / "var" / "benchmarks-nightly",
    help="Made anew.",
)
@click.option("--redmine-port", default=3092, show_default=True)
@click.option("--vk-port", default=8772, show_default=True)
@click.option("--bridge-port", default=8792, show_default=True)
def main(wanted: int, tampered: int, folder: Path, **ports: int) -> None:
    """Measure three nights."""
    plan = Plan(folder=folder.resolve(), bare_port=0, workers=1, **ports)
    require_free(plan.ports[:3])
    shutil.rmtree(plan.folder, ignore_errors=True)
    plan.folder.mkdir(parents=True)
    with ExitStack() as stack:
        town = _settle(stack, plan)
        copy_tickets(town.template, wanted - 1)
        click.echo("the first night …", err=True)
        first = town.night()
        click.echo("a quiet night …", err=True)
        quiet = town.night()
        shown_otherwise(town.template, town.tampered_field, tampered)
        click.echo("a night after a mishap …", err=True)
        mishap = town.night()
    click.echo(table([*_figures("first", first), *_figures("quiet", quiet)]))
    click.echo(table(_figures(f"{tampered} tampered with", mishap)))
    if mishap.differing != tampered:
        raise click.ClickException(f"{mishap.differing} of {tampered} found")


def _figures(name: str, night: Night) -> list[Measurement]:
    return [
        Measurement(f"{name}: minutes", night.seconds / 60),
        Measurement(f"{name}: requests to Redmine", night.requests),
        Measurement(f"{name}: tickets compared", night.looked),
        Measurement(f"{name}: of these, journal read", night.read),
        Measurement(f"{name}: with differences", night.differing),
        Measurement(f"{name}: memory at most", night.megabytes, "MB"),
    ]


def _settle(stack: ExitStack, plan: Plan) -> Town:
    """One ticket, made and settled by a running bridge that is stopped afterwards."""
    vk_url = stack.enter_context(VkSandbox().running(HOST, plan.vk_port))
    folder = plan.folder / "redmine"
    hook = f"{plan.bridge_url}/hooks/redmine"
    access = stack.enter_context(own_instance(folder, plan.redmine_port, hook))
    page, environment = configured(plan, access, vk_url)
    bridge = launch_bridge(plan.bridge_url, environment, plan.folder / "bridge.log")
    store = Store(f"sqlite:///{plan.folder / 'bridge' / 'bridge.db'}")
    try:
        await_ready(bridge)
        address = f"{plan.bridge_url}/hooks/vk/{page.channel.key}"
        vk = SandboxVk(vk_url)
        vk.connect(page.community, address, page.callback_secret, ("wall_reply_new",))
        vk.comment(page.community.owner_id, POST, CITIZENS[0].id, TEXT)
        issue = wait_for("the ticket", partial(_issue, store, "assigned"), _PATIENCE_SECONDS)
        _some_history(access, issue)
        wait_for("its history is seen", partial(_issue, store, "in_progress"), _PATIENCE_SECONDS)
    finally:
        bridge.stop()
        store.close()
    fields = read_layout(access)["fields"]
    template = Template(
        redmine=folder / "redmine.db",
        store=plan.folder / "bridge" / "bridge.db",
        issue=issue,
        ticket=1,
        number_field=fields["external_number"]["id"],
    )
    return Town(
        template, environment, folder / "log" / "production.log", fields["answer_due"]["id"]
    )


def _some_history(access: RedmineAccess, issue_id: int) -> None:
    desk = RedmineDesk(access.url, access.admin_key, read_layout(access))
    for note in ("Смотрим.", "Выехали на место.", "Ждём ответа подрядчика."):
        desk.update(issue_id, notes=note)
    desk.move(issue_id, "in_progress")


def _issue(store: Store, status: str) -> int:
    """The ticket's number in Redmine, once the bridge has seen it in the status."""
    with store.reading() as session:
        ticket = session.get(TicketRow, 1)
    if ticket is None or ticket.status != status or ticket.issue_id is None:
        raise NotYet(f"it is {ticket.status if ticket else 'absent'}")
    return ticket.issue_id


if __name__ == "__main__":
    main()
