"""`bridge purge`: forget personal data whose period is over."""

import json
from dataclasses import asdict

import click

from bridge.bootstrap import system_clock
from bridge.commands.actor import command_actor
from bridge.commands.context import Context
from bridge.config.document import ConfigError
from bridge.flow.purging import Purging
from bridge.retention import Retention, load_retention
from bridge.sla.wording import local_moment
from bridge.store.database import Store, StoreUnavailable


@click.command("purge")
@click.option("--dry-run", is_flag=True, help="Say before which instants data would be forgotten.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
@click.pass_obj
def purge_command(context: Context, dry_run: bool, as_json: bool) -> None:
    """Forget personal data that is older than config/retention.yaml says; runs every night, too."""
    settings = context.settings()
    try:
        retention = load_retention(settings.config)
    except ConfigError as error:
        raise click.ClickException(str(error)) from error
    if dry_run:
        _tell_periods(retention, context)
        return
    store = Store(settings.effective_store_url)
    try:
        purged = Purging(store, retention, system_clock).run(command_actor())
    except StoreUnavailable as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps(asdict(purged)))
        return
    click.echo(
        f"Забыто: событий — {purged.events}, сообщений — {purged.messages}, "
        f"расхождений сверки — {purged.differences}, записей журнала — {purged.audit}."
    )


def _tell_periods(retention: Retention, context: Context) -> None:
    now, zone = system_clock(), context.office().calendar.zone
    for what, before in (
        ("тексты событий, обработанных до", retention.events_before(now)),
        ("сообщения, карточки которых закрыты до", retention.messages_before(now)),
        ("расхождения ночной сверки до", retention.differences_before(now)),
        ("записи журнала до", retention.audit_before(now)),
    ):
        click.echo(f"Будут забыты {what} {local_moment(before.replace(microsecond=0), zone)}.")
