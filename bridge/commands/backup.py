"""`bridge backup`: the store in one file, taken while the bridge works."""

import json
from dataclasses import dataclass
from pathlib import Path

import click

from bridge.bootstrap import system_clock
from bridge.commands.context import Context
from bridge.commands.store_progress import watched_tables
from bridge.sla.wording import local_moment
from bridge.store.backup import Backup, NothingToBackUp, back_up, dated_name, rotate
from bridge.store.database import Store, StoreUnavailable
from bridge.store.schema import NewerSchema


@dataclass(frozen=True)
class Target:
    """Where the archive goes. `folder`: of archives with dated names, or None for a single file."""

    path: Path
    folder: Path | None


@click.command("backup")
@click.argument("target", type=click.Path(path_type=Path))
@click.option(
    "--keep",
    type=click.IntRange(min=1),
    help="In a folder: delete all but so many of the newest archives.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
@click.pass_obj
def backup_command(context: Context, target: Path, keep: int | None, as_json: bool) -> None:
    """Write the whole store into TARGET: a file, or a folder where it gets a dated name.

    The bridge may be running: the archive shows one moment. `bridge restore` reads it, whichever
    database it came from. Not in it: the configuration (/etc/bridge) and the folders of exchange.
    """
    settings, now = context.settings(), system_clock()
    where = _where(target, dated_name(now))
    if keep is not None and where.folder is None:
        raise click.UsageError("--keep: нужна папка, а не файл")
    store = Store(settings.effective_store_url)
    try:
        with watched_tables("Резервная копия") as told:
            backup = back_up(store, where.path, now, told)
        deleted = rotate(where.folder, keep, now) if where.folder and keep else ()
    except NothingToBackUp as error:
        raise click.ClickException("хранилище ещё не создано: сохранять нечего") from error
    except NewerSchema as error:
        raise click.ClickException(str(error)) from error
    except StoreUnavailable as error:
        raise click.ClickException(f"хранилище недоступно: {error}") from error
    except OSError as error:
        raise click.ClickException(f"резервная копия не записана: {error}") from error
    finally:
        store.close()
    if as_json:
        click.echo(json.dumps(_as_json(backup, deleted), ensure_ascii=False))
        return
    moment = local_moment(backup.manifest.made_at, context.office().calendar.zone)
    click.echo(
        f"{backup.path}: строк {backup.manifest.rows}, байт {backup.size}, на {moment}."
        + (f" Удалено старых копий: {len(deleted)}." if deleted else "")
    )


def _where(target: Path, name: str) -> Target:
    return Target(target / name, target) if target.is_dir() else Target(target, None)


def _as_json(backup: Backup, deleted: tuple[Path, ...]) -> dict[str, object]:
    return {
        "path": str(backup.path),
        "bytes": backup.size,
        "revision": backup.manifest.revision,
        "made_at": backup.manifest.made_at.isoformat(),
        "rows": {name: member.rows for name, member in backup.manifest.tables.items()},
        "deleted": [str(path) for path in deleted],
    }
