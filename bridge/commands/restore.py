"""`bridge restore`: the store as it was when an archive was made."""

import json
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from redis.exceptions import RedisError
from rq import Worker

from bridge.bootstrap import connect_redis, system_clock
from bridge.commands.actor import command_actor
from bridge.commands.context import Context
from bridge.commands.store_progress import watched_tables
from bridge.settings import Settings
from bridge.sla.wording import local_moment
from bridge.store.archive import ArchiveRefused, opened_archive
from bridge.store.database import Store, StoreUnavailable
from bridge.store.restoration import Restoration, is_empty, require_readable, restore
from bridge.store.schema import NewerSchema


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Give up what the store holds now.")
@click.option(
    "--despite-workers",
    is_flag=True,
    help="Redis still names workers, and you know that none of them lives.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
@click.pass_obj
def restore_command(
    context: Context, file: Path, replace: bool, despite_workers: bool, as_json: bool
) -> None:
    """Have the store hold what FILE, made by `bridge backup`, does. Stop the bridge first.

    The archive is checked as a whole before anything is changed, and everything is changed or
    nothing. What waited to be sent when the archive was made is looked for before it is sent.
    """
    settings, zone = context.settings(), context.office().calendar.zone
    if not despite_workers:
        _require_no_workers(settings)
    settings.data.mkdir(parents=True, exist_ok=True)
    try:
        with closing(Store(settings.effective_store_url)) as store:
            if not replace:
                _require_empty(store)
            restoration = _restore(store, file)
    except (ArchiveRefused, NewerSchema) as error:
        raise click.ClickException(str(error)) from error
    except StoreUnavailable as error:
        raise click.ClickException(f"хранилище недоступно: {error}") from error
    except OSError as error:
        raise click.ClickException(f"архив не прочитан: {error}") from error
    click.echo(_as_json(restoration) if as_json else _for_people(restoration, zone))


def _restore(store: Store, file: Path) -> Restoration:
    with opened_archive(file) as archive:
        require_readable(archive)
        with watched_tables("Проверка архива") as told:
            archive.verify(told)
        with watched_tables("Восстановление") as told:
            return restore(store, archive, system_clock(), told, actor=command_actor())


def _require_empty(store: Store) -> None:
    if not is_empty(store):
        raise click.ClickException(
            "хранилище не пустое: чтобы заменить всё, что в нём есть, повторите с --replace"
        )


def _require_no_workers(settings: Settings) -> None:
    """Where Redis does not answer nobody can tell, and workers could do nothing either."""
    with closing(connect_redis(settings)) as redis:
        try:
            names = [worker.name for worker in Worker.all(connection=redis)]
        except RedisError:
            return
    if names:
        raise click.ClickException(
            f"мост работает (обработчиков: {len(names)}): остановите его на всех машинах. Если "
            "он только что остановлен, повторите через минуту или добавьте --despite-workers"
        )


def _as_json(restoration: Restoration) -> str:
    manifest = restoration.manifest
    document = {
        "revision": manifest.revision,
        "made_at": manifest.made_at.isoformat(),
        "rows": {name: member.rows for name, member in manifest.tables.items()},
        "to_look_for": restoration.to_look_for,
    }
    return json.dumps(document, ensure_ascii=False)


def _for_people(restoration: Restoration, zone: ZoneInfo) -> str:
    moment = local_moment(restoration.manifest.made_at, zone)
    lines = [f"Хранилище восстановлено на {moment}, строк: {restoration.manifest.rows}."]
    if restoration.to_look_for:
        lines.append(
            f"Ждало отправки: {restoration.to_look_for}. Прежде чем отправить, мост посмотрит, не "
            "отправлено ли это уже."
        )
    return "\n".join(lines)
