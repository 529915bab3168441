"""`bridge report`: whether answers are in time, who is late and why, for any period."""

import sys
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from bridge.bootstrap import open_reporting, open_reports, system_clock
from bridge.commands.context import Context
from bridge.flow.reporting import PeriodNotClosed
from bridge.helpdesk.port import HelpdeskError
from bridge.reporting.period import CALENDAR_KINDS, Period, PeriodKind, last_closed, period_between
from bridge.reporting.writing import FORMS
from bridge.sla.production_calendar import SUPPORTED_SPAN, SUPPORTED_YEARS
from bridge.store.database import Store, StoreUnavailable


@click.command("report")
@click.option("--from", "first", metavar="DATE", help="First day, such as 2026-11-01.")
@click.option("--to", "last", metavar="DATE", help="Last day, included; default: the first day.")
@click.option(
    "--period",
    type=click.Choice([kind.value for kind in CALENDAR_KINDS]),
    help="Instead of dates: the last closed period of this kind.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMS)),
    help="Default: by the ending of --output, else json.",
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write; default: standard output.",
)
@click.option("--publish", is_flag=True, help="Put it into the wiki of the helpdesk's project.")
@click.pass_obj
def report_command(
    context: Context,
    first: str | None,
    last: str | None,
    period: str | None,
    form: str | None,
    output: Path | None,
    publish: bool,
) -> None:
    """Report on a period: received, in time, late, by department, channel and clause; breaches.

    Days are the office's. The first report of a closed period is kept, and later requests for the
    same days get its figures.
    """
    settings = context.settings()
    store = Store(settings.effective_store_url)
    office = context.office_in_force(store)
    now = system_clock()
    wanted = _period(first, last, period, now, office.calendar.zone)
    try:
        if publish:
            click.echo(open_reporting(settings, office, store).publish(wanted, now), err=True)
            if output is None and form is None:
                return
        report = open_reports(settings, office, store).of(wanted, now)
    except PeriodNotClosed as error:
        raise click.ClickException(
            f"период {wanted.title} ещё не закрыт: публикуются только закрытые периоды,"
            " через час после их конца"
        ) from error
    except (HelpdeskError, StoreUnavailable) as error:
        raise click.ClickException(str(error)) from error
    _write(FORMS[_form(form, output)].write(report, settings.templates), output)


def _period(
    first: str | None, last: str | None, kind: str | None, now: datetime, zone: ZoneInfo
) -> Period:
    if kind:
        if first or last:
            raise click.UsageError("укажите или --period, или даты --from и --to")
        return last_closed(PeriodKind(kind), now, zone)
    if first is None:
        raise click.UsageError("укажите --from (и --to) или --period")
    try:
        return period_between(_day("--from", first), _day("--to", last or first))
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def _day(option: str, text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{option}: {text!r} не дата; нужна такая: 2026-11-23") from error
    if day.year not in SUPPORTED_YEARS:
        raise ValueError(f"{option}: год {day.year} вне календаря ({SUPPORTED_SPAN})")
    return day


def _form(form: str | None, output: Path | None) -> str:
    if form:
        return form
    ending = output.suffix.removeprefix(".").lower() if output else "json"
    if ending not in FORMS:
        raise click.UsageError(f"по имени {output} не понять вид отчёта: укажите --format")
    return ending


def _write(content: bytes, output: Path | None) -> None:
    if output is None:
        sys.stdout.buffer.write(content)
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise click.ClickException(f"{output}: {error.strerror}") from error
    click.echo(output)
