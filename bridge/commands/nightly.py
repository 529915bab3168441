"""`bridge nightly`: the nightly reconciliation by hand."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final
from zoneinfo import ZoneInfo

import click

from bridge.bootstrap import Parts, assemble
from bridge.commands.context import Context
from bridge.commands.working import CollectedHints
from bridge.config.document import ConfigError
from bridge.difference_wording import CAUSES, OUTCOMES, DifferenceWords
from bridge.flow.nightly import Ending, NightlyReport, Progress, Unwatched
from bridge.sla.wording import local_moment
from bridge.store import nightly, tickets
from bridge.store.database import Store
from bridge.store.models import NightlyDifferenceRow, Outcome

BUSY_EXIT: Final = 2
PAGE: Final = 200


@click.command("nightly")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
@click.pass_obj
def nightly_command(context: Context, as_json: bool) -> None:
    """Compare every open ticket with Redmine now, mend what differs, and list it with its cause.

    A run that was cut short is carried on. Exit: 0 when it came to its end and nothing is left
    to mend, 1 when something is, or Redmine failed; 2 when another run is active.
    """
    parts = _assemble(context)
    with _watched(as_json) as progress:
        report = parts.nightly.run(progress)
    zone = parts.office.calendar.zone
    if as_json:
        click.echo(json.dumps(_as_json(parts, report), ensure_ascii=False))
    else:
        _tell(parts, report, zone)
    raise SystemExit(_exit_code(report))


class _Bar:
    """A progress bar that learns how much there is."""

    def __init__(self, bar: Any) -> None:
        self._bar = bar

    def expect(self, tickets: int) -> None:
        """Make it longer."""
        self._bar.length += tickets

    def advance(self, tickets: int) -> None:
        """Fill it."""
        self._bar.update(tickets)


@contextmanager
def _watched(as_json: bool) -> Iterator[Progress]:
    if as_json:
        yield Unwatched()
        return
    with click.progressbar(length=0, label="Карточки", show_pos=True, file=sys.stderr) as bar:
        yield _Bar(bar)


def _assemble(context: Context) -> Parts:
    try:
        settings = context.settings()
        store = Store(settings.effective_store_url)
        return assemble(settings, context.office_in_force(store), CollectedHints(), store=store)
    except ConfigError as error:
        raise click.ClickException(str(error)) from error


def _exit_code(report: NightlyReport) -> int:
    if report.ending is Ending.BUSY:
        return BUSY_EXIT
    left = any(outcome == Outcome.LEFT for _, outcome in report.counts)
    failed = report.ending is not Ending.FINISHED or report.failed or report.reason
    return 1 if failed or left else 0


def _tell(parts: Parts, report: NightlyReport, zone: ZoneInfo) -> None:
    if report.ending is Ending.BUSY:
        click.echo(f"Ночная сверка уже идёт в другом процессе.{_until(report, zone)}")
        return
    words = DifferenceWords.of(parts.office.layout)
    for row, issue_id in _differences(parts, report.run):
        click.echo(words.sentence(row, issue_id))
    click.echo(
        f"Карточек сверено: {report.looked}, прочитано с историей: {report.read}, "
        f"с расхождениями: {report.differing}, не удалось сверить: {report.failed}."
    )
    for (cause, outcome), count in sorted(report.counts.items()):
        click.echo(f"  {CAUSES[cause]}, {OUTCOMES[outcome]}: {count}")
    for place in report.published:
        click.echo(f"Опубликовано: {place}")
    if report.ending is not Ending.FINISHED:
        click.echo(f"Сверка не закончена ({report.reason}). Следующий запуск её продолжит.")
    elif report.reason:
        click.echo(f"Сверка закончена, но {report.reason}.")


def _until(report: NightlyReport, zone: ZoneInfo) -> str:
    if report.held_until is None:
        return ""
    return f" Если он прервался, её можно продолжить после {local_moment(report.held_until, zone)}."


def _differences(parts: Parts, run_id: int) -> Iterator[tuple[NightlyDifferenceRow, int | None]]:
    """What the run found, with the ticket's number in the helpdesk, page by page."""
    last = 0
    while True:
        with parts.store.reading() as session:
            page = nightly.differences(session, run_id, last, PAGE)
            numbers = tickets.issue_ids(session, {row.ticket_id for row in page})
        for row in page:
            yield row, numbers[row.ticket_id]
        if not page:
            return
        last = page[-1].id


def _as_json(parts: Parts, report: NightlyReport) -> dict[str, Any]:
    return {
        "ending": report.ending,
        "run": report.run,
        "looked": report.looked,
        "read": report.read,
        "differing": report.differing,
        "failed": report.failed,
        "reason": report.reason,
        "published": list(report.published),
        "held_until": report.held_until.isoformat() if report.held_until else None,
        "differences": [
            {
                "issue": issue_id,
                "side": row.side,
                "what": row.what,
                "was": row.was,
                "became": row.became,
                "cause": row.cause,
                "outcome": row.outcome,
            }
            for row, issue_id in _differences(parts, report.run)
        ],
    }
