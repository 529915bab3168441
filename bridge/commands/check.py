"""`bridge check`: is this installation fit for work, and if not, what to do."""

import json
from dataclasses import asdict

import click

from bridge.bootstrap import system_clock
from bridge.checks import Checks
from bridge.commands.context import Context
from bridge.findings import Finding, State
from bridge.store.database import Store

_MARKS = {
    State.OK: click.style("  в порядке  ", fg="green"),
    State.WARN: click.style("  внимание   ", fg="yellow"),
    State.FAIL: click.style("  ошибка     ", fg="red"),
}


@click.command("check")
@click.option("--json", "as_json", is_flag=True, help="A JSON object a line, for programs.")
@click.pass_obj
def check_command(context: Context, as_json: bool) -> None:
    """Check Redmine, the networks, the store and the queue; exit 1 when something is wrong.

    Run it beside a running bridge: a signed webhook is sent and must arrive.
    """
    settings = context.settings()
    checks = Checks(settings, context.office(), Store(settings.effective_store_url), system_clock)
    failures = 0
    for finding in checks.run():
        failures += finding.state is State.FAIL
        click.echo(json.dumps(asdict(finding), ensure_ascii=False) if as_json else _line(finding))
    if not as_json:
        click.echo(f"\nОшибок: {failures}." if failures else "\nВсё готово к работе.")
    raise SystemExit(1 if failures else 0)


def _line(finding: Finding) -> str:
    line = f"{_MARKS[finding.state]}{finding.name}: {finding.text}"
    return f"{line}\n               Что сделать: {finding.remedy}" if finding.remedy else line
