"""`bridge suggestions`: what curators' corrections suggest for the mapping."""

import json
from collections.abc import Iterator
from typing import Any, Final

import click

from bridge.commands.context import Context
from bridge.corrections import every_correction
from bridge.routing import DepartmentMapping
from bridge.routing.suggestions import Suggestion, suggest
from bridge.store.database import Store, StoreUnavailable
from bridge.store.schema import is_current

_MESSAGES_SHOWN: Final = 10
_TEXT_SHOWN: Final = 150


@click.command("suggestions")
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
@click.pass_obj
def suggestions_command(context: Context, as_json: bool) -> None:
    """Say what the routes that curators corrected suggest for the mapping.

    For each department: its messages that the bridge had not proposed for it, their frequent words
    that none of its rules has, and the rules that proposed it for others' messages.
    """
    store = Store(context.settings().effective_store_url)
    if not is_current(store.engine):
        raise click.ClickException("хранилища этой версии ещё нет: его создаёт bridge up")
    mapping = context.office_in_force(store).mapping
    try:
        suggestions = suggest(list(every_correction(store)), mapping)
    except StoreUnavailable as error:
        raise click.ClickException(f"хранилище недоступно: {error}") from error
    if as_json:
        click.echo(json.dumps([_as_json(each) for each in suggestions], ensure_ascii=False))
    elif suggestions:
        click.echo("\n\n".join("\n".join(_for_people(each, mapping)) for each in suggestions))
    else:
        click.echo("Кураторы пока не исправляли предложенных подразделений.")


def _for_people(suggestion: Suggestion, mapping: DepartmentMapping) -> Iterator[str]:
    name = mapping.department(suggestion.department).name
    yield f"{name} ({suggestion.department})"
    if suggestion.missed:
        yield f"  Не предложено сообщений: {len(suggestion.missed)}"
        for correction in suggestion.missed[:_MESSAGES_SHOWN]:
            yield f"    {correction.ticket}: {_shortened(correction.text)}"
    if suggestion.words:
        words = ", ".join(f"{word} ({count})" for word, count in suggestion.words)
        yield f"  Частые слова этих сообщений, которых нет в правилах: {words}"
    if suggestion.misleading:
        yield "  Правила, по которым подразделение предлагалось напрасно:"
        for rule, count in suggestion.misleading:
            yield f"    {rule} ({count})"


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _TEXT_SHOWN else f"{line[: _TEXT_SHOWN - 1]}…"


def _as_json(suggestion: Suggestion) -> dict[str, Any]:
    return {
        "department": suggestion.department,
        "missed": [
            {
                "ticket": each.ticket,
                "text": each.text,
                "proposed": list(each.proposed),
                "chosen": list(each.chosen),
            }
            for each in suggestion.missed
        ],
        "words": [{"word": word, "messages": count} for word, count in suggestion.words],
        "misleading": [{"rule": rule, "messages": count} for rule, count in suggestion.misleading],
    }
