"""`bridge person`: a citizen asks what is kept of them, or to have it forgotten (152-ФЗ)."""

import json
import os
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from bridge.bootstrap import system_clock
from bridge.commands.actor import command_actor
from bridge.commands.context import Context
from bridge.flow.personal_data import NobodyKnown, PersonalData, StillOpen
from bridge.messages import Network
from bridge.sla.wording import local_moment
from bridge.store import people
from bridge.store.database import Store
from bridge.store.people import Citizen

_MOST_FOUND = 50
_NETWORK = click.Choice([network.value for network in Network])
_NOBODY = "такого заявителя в хранилище нет: найдите его командой bridge person find"


@click.group("person")
def person_command() -> None:
    """One citizen's data: find, export, erase. Every deed is kept in the audit."""


@person_command.command("find")
@click.argument("words")
@click.pass_obj
def find_command(context: Context, words: str) -> None:
    """List citizens whose name has WORDS in it, or whose number or link is that."""
    zone = context.office().calendar.zone
    with _store(context).reading() as session:
        found = people.find(session, words.strip(), _MOST_FOUND)
    for citizen in found:
        click.echo(_line(citizen, zone))
    if not found:
        raise click.ClickException("никого не найдено")


@person_command.command("export")
@click.argument("network", type=_NETWORK)
@click.argument("number")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.pass_obj
def export_command(context: Context, network: str, number: str, file: Path) -> None:
    """Write all that is kept of the citizen with NUMBER in NETWORK to FILE, as JSON."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise click.ClickException(f"{file}: такой файл уже есть, он не тронут") from None
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from error
    with os.fdopen(descriptor, "w", encoding="utf-8") as output:
        try:
            copy = _data(context).copy(network, number, command_actor())
        except NobodyKnown:
            file.unlink()
            raise click.ClickException(_NOBODY) from None
        json.dump(copy, output, ensure_ascii=False, indent=2)
        output.write("\n")
    click.echo(f"{file}: сообщений — {len(copy['messages'])}")


@person_command.command("erase")
@click.argument("network", type=_NETWORK)
@click.argument("number")
@click.confirmation_option(
    "--yes", prompt="Тексты, имя, ссылки и ответы будут забыты безвозвратно. Продолжить?"
)
@click.pass_obj
def erase_command(context: Context, network: str, number: str) -> None:
    """Forget all that is kept of the citizen with NUMBER in NETWORK; figures of reports stay."""
    try:
        erased = _data(context).erase(network, number, command_actor())
    except NobodyKnown:
        raise click.ClickException(_NOBODY) from None
    except StillOpen as refusal:
        raise click.ClickException(
            f"сообщение ещё не отвечено, сначала закройте карточки: {refusal}"
        ) from None
    click.echo(f"Забыто сообщений: {erased.messages}.")
    if erased.issues:
        numbers = ", ".join(f"#{number}" for number in erased.issues)
        click.echo(f"В Redmine эти данные остались, удалите карточки там: {numbers}.")


def _store(context: Context) -> Store:
    return Store(context.settings().effective_store_url)


def _data(context: Context) -> PersonalData:
    return PersonalData(_store(context), system_clock)


def _line(citizen: Citizen, zone: ZoneInfo) -> str:
    when = local_moment(citizen.last_at.replace(second=0, microsecond=0), zone)
    return (
        f"{citizen.network} {citizen.author_id}  {citizen.name}  {citizen.link}  "
        f"сообщений: {citizen.messages}, последнее {when}"
    )
