"""`bridge import`: cards of an export by hand, as the watched folder would take them in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import click

from bridge.bootstrap import connect_redis, system_clock
from bridge.channels import ChannelSettings
from bridge.commands.context import Context
from bridge.flow.queue import WorkQueue
from bridge.ingest.exchange_events import CardEvents, CardNews, Trouble, events_of
from bridge.ingest.exchange_exports import Export, read_export
from bridge.ingest.exchange_refusal import NoExport
from bridge.ingest.port import Event
from bridge.store import inbox
from bridge.store.database import Store, StoreUnavailable
from bridge.store.inbox import Arrival

PORTION = 200
"""Cards that become durable together."""
MOST_SHOWN = 50
"""Troubles that are listed one by one."""


@dataclass(frozen=True)
class Summary:
    """What came of a file: cards that are new, that read differently now, that were known."""

    new: int = 0
    changed: int = 0
    known: int = 0

    def with_card(self, news: Sequence[str]) -> "Summary":
        """The same with one more card, of whose events these were new."""
        if CardNews.REGISTERED in news:
            return Summary(self.new + 1, self.changed, self.known)
        if CardNews.READS in news:
            return Summary(self.new, self.changed + 1, self.known)
        return Summary(self.new, self.changed, self.known + 1)


@click.command("import")
@click.argument("channel")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Only say what would be read.")
@click.pass_obj
def import_command(context: Context, channel: str, file: Path, only_check: bool) -> None:
    """Take in the cards of FILE (XLSX, CSV, JSON) for CHANNEL; exit 1 when some cannot be read.

    What was taken in before is not taken in again, so a file may be imported as often as you like.
    """
    settings = _channel(context, channel)
    export = _export(file, settings)
    troubles = export.troubles_with(settings.exchange_section)
    readable = len(export.found) + len(export.troubles) - len(troubles)
    if only_check:
        click.echo(f"Карточек можно прочитать: {readable}.")
    else:
        summary = _take_in(context, settings, export)
        click.echo(
            f"Карточек прочитано: {readable}. Новых: {summary.new}, изменившихся: "
            f"{summary.changed}, уже известных: {summary.known}."
        )
    _tell(troubles)


def _channel(context: Context, key: str) -> ChannelSettings:
    channels = context.office().channels
    importing = [channel.key for channel in channels if channel.exchange]
    if key not in importing:
        known = ", ".join(importing) or "таких в config/channels.yaml нет"
        raise click.ClickException(f"канал «{key}» не принимает выгрузок; принимают: {known}")
    return channels[key]


def _export(file: Path, channel: ChannelSettings) -> Export:
    try:
        return read_export(file, channel.exchange_section)
    except NoExport as error:
        raise click.ClickException(f"{file.name}: {error}") from error
    except OSError as error:
        raise click.ClickException(f"{file.name}: нет доступа ({error.strerror})") from error


def _take_in(context: Context, channel: ChannelSettings, export: Export) -> Summary:
    """Store the events; a running bridge is told of them at once, or finds them with its sweep."""
    settings = context.settings()
    store = Store(settings.effective_store_url)
    hints = WorkQueue(connect_redis(settings))
    summary = Summary()
    with click.progressbar(length=len(export.found), label="Карточки") as progress:
        for cards in _portions(export, channel):
            ids = _write(store, channel.key, list(chain.from_iterable(c.events for c in cards)))
            hints.events([event_id for event_id in ids.values() if event_id])
            for card in cards:
                if card.trouble is None:
                    summary = summary.with_card([e.kind for e in card.events if ids[e.external_id]])
            progress.update(len(cards))
    store.close()
    return summary


def _portions(export: Export, channel: ChannelSettings) -> Iterator[list[CardEvents]]:
    for start in range(0, len(export.found), PORTION):
        found = export.found[start : start + PORTION]
        yield [events_of(each, channel.exchange_section) for each in found]


def _write(store: Store, channel: str, events: Sequence[Event]) -> dict[str, int | None]:
    """The events' numbers in the inbox by their names, None for one that was there."""
    now = system_clock()
    arrivals = [Arrival(channel, e.external_id, e.kind, e.body, now) for e in events]
    try:
        with store.transaction() as connection:
            ids = inbox.record_all(connection, arrivals)
    except StoreUnavailable as error:
        raise click.ClickException(
            "хранилище недоступно; повторите команду: принятое второй раз не примется"
        ) from error
    return {arrival.external_id: id_ for arrival, id_ in zip(arrivals, ids, strict=True)}


def _tell(troubles: Sequence[Trouble]) -> None:
    if not troubles:
        return
    click.echo(f"Не прочитано: {len(troubles)}.", err=True)
    for trouble in troubles[:MOST_SHOWN]:
        click.echo(f"  {trouble.place}: {trouble.reason}", err=True)
    if len(troubles) > MOST_SHOWN:
        click.echo(f"  … и ещё {len(troubles) - MOST_SHOWN}", err=True)
    raise SystemExit(1)
