"""`bridge mapping`: the versions of the department mapping, and the file by which one travels."""

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from sqlalchemy.exc import SQLAlchemyError

from bridge.bootstrap import system_clock
from bridge.commands.actor import command_actor
from bridge.commands.context import Context
from bridge.config.document import ConfigError
from bridge.mapping_keeping import Change, KeptVersion, keep_version, read_version
from bridge.mapping_wording import export_heading, restoring_note, row_line, version_line
from bridge.routing import load_mapping
from bridge.routing.mapping_difference import FieldChange, Kind, SectionChange, compare
from bridge.routing.mapping_document import write_mapping
from bridge.store import mapping_versions
from bridge.store.audit import Action
from bridge.store.database import Store, StoreUnavailable
from bridge.store.mapping_versions import Overtaken
from bridge.store.models import MappingVersionRow
from bridge.store.schema import is_current

PAGE = 50
_MARKS = {Kind.ADDED: "+ ", Kind.REMOVED: "- ", Kind.CHANGED: ""}


@click.group("mapping")
def mapping_command() -> None:
    """Show, compare, export, import and restore versions of the department mapping.

    The store keeps every version; config/departments.yaml is how one travels.
    """


@mapping_command.command("show")
@click.pass_obj
def show_command(context: Context) -> None:
    """Say which version is in force, and its departments."""
    store = _store(context)
    version = _version(store, _newest(store))
    click.echo(version_line(version, _zone(context)))
    for department in version.mapping.departments:
        click.echo(f"  {department.key:20} {department.name} (группа «{department.group_name}»)")


@mapping_command.command("history")
@click.pass_obj
def history_command(context: Context) -> None:
    """List the versions, the newest first."""
    zone = _zone(context)
    for row in _every(_store(context)):
        click.echo(row_line(row, zone))


@mapping_command.command("diff")
@click.argument("before", type=int)
@click.argument("after", type=int)
@click.pass_obj
def diff_command(context: Context, before: int, after: int) -> None:
    """Say what version AFTER has otherwise than BEFORE."""
    store = _store(context)
    changes = compare(_version(store, before).mapping, _version(store, after).mapping)
    click.echo("\n".join(_told(changes)) if changes else "Различий нет.")


@mapping_command.command("export")
@click.option("--version", "number", type=int, help="Default: the version in force.")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def export_command(context: Context, number: int | None, file: Path | None) -> None:
    """Write a version as YAML to FILE, or to standard output."""
    store = _store(context)
    version = _version(store, number or _newest(store))
    text = write_mapping(version.mapping, export_heading(version, _zone(context)))
    if file is None:
        click.echo(text, nl=False)
        return
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from error
    click.echo(f"{file}: версия {version.number}")


@mapping_command.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--note", required=True, help="Why, in a few words, for the history.")
@click.pass_obj
def import_command(context: Context, file: Path, note: str) -> None:
    """Bring the mapping in FILE into force, everywhere within seconds.

    Its comments are not kept: an export has none. Whether Redmine has the groups is told by
    `bridge check` afterwards.
    """
    try:
        mapping = load_mapping(file)
    except ConfigError as error:
        raise click.ClickException(str(error)) from error
    store = _store(context)
    newest = _newest(store)
    changes = compare(_version(store, newest).mapping, mapping) if newest else ()
    if newest and not changes:
        click.echo(f"В файле то же, что в действующей версии {newest}: ничего не изменено.")
        return
    number = _keep(
        store, Change(mapping, command_actor(), note, Action.MAPPING_IMPORTED), after=newest
    )
    click.echo("\n".join([*_told(changes), f"Действует версия {number}."]))
    click.echo("Комментарии файла не хранятся. Группы в Redmine проверит bridge check.", err=True)


@mapping_command.command("restore")
@click.argument("number", type=int)
@click.option("--note", default="", help="Why, in a few words, for the history.")
@click.pass_obj
def restore_command(context: Context, number: int, note: str) -> None:
    """Bring version NUMBER into force again, as a new version."""
    store = _store(context)
    version, newest = _version(store, number), _newest(store)
    why = restoring_note(number, note)
    made = _keep(
        store,
        Change(version.mapping, command_actor(), why, Action.MAPPING_RESTORED),
        after=newest,
    )
    click.echo(f"Действует версия {made}: то же, что версия {number}.")


def _store(context: Context) -> Store:
    store = Store(context.settings().effective_store_url)
    try:
        current = is_current(store.engine)
    except (StoreUnavailable, SQLAlchemyError) as error:
        raise click.ClickException(f"хранилище недоступно: {type(error).__name__}") from error
    if not current:
        raise click.ClickException("хранилища этой версии ещё нет: его создаёт bridge up")
    return store


def _zone(context: Context) -> ZoneInfo:
    return context.office().calendar.zone


def _newest(store: Store) -> int:
    with store.reading() as session:
        return mapping_versions.newest_number(session)


def _version(store: Store, number: int) -> KeptVersion:
    with store.reading() as session:
        row = mapping_versions.get(session, number)
    if row is None:
        raise click.ClickException(f"версии {number} нет: см. bridge mapping history")
    try:
        return read_version(row)
    except ConfigError as error:
        raise click.ClickException(str(error)) from error


def _keep(store: Store, change: Change, after: int) -> int:
    try:
        with store.writing() as session:
            return keep_version(session, change, after, system_clock())
    except Overtaken as newer:
        raise click.ClickException(
            f"тем временем сохранена версия {newer.newest}: посмотрите её и повторите"
        ) from newer
    except StoreUnavailable as error:
        raise click.ClickException(f"хранилище недоступно: {error}") from error


def _every(store: Store) -> Iterator[MappingVersionRow]:
    before: int | None = None
    while True:
        with store.reading() as session:
            page = mapping_versions.page(session, PAGE, before)
        yield from page
        if len(page) < PAGE:
            return
        before = page[-1].id


def _told(changes: tuple[SectionChange, ...]) -> Iterator[str]:
    for section in changes:
        key = f" ({section.key})" if section.key else ""
        yield f"{_MARKS[section.kind]}{section.name}{key}"
        for each in section.fields:
            yield from _field(each)


def _field(change: FieldChange) -> Iterator[str]:
    if not change.is_list:
        yield f"  {change.title}: {change.before or '—'} → {change.after or '—'}"
        return
    yield f"  {change.title}:"
    if change.added:
        yield f"    + {', '.join(change.added)}"
    if change.removed:
        yield f"    - {', '.join(change.removed)}"
