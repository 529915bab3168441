"""`bridge moderate`: what of a text clause 1.3 would keep from being answered."""

import json

import click

from bridge.commands.standard_input import lines_of_standard_input
from bridge.config.document import ConfigError
from bridge.moderation import (
    Moderator,
    Verdict,
    explain_in_russian,
    load_lexicon,
    to_record,
)


@click.command("moderate")
@click.argument("texts", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for programs.")
@click.pass_context
def moderate_command(context: click.Context, texts: tuple[str, ...], as_json: bool) -> None:
    """Say what in TEXTS is obscene, an insult or a threat; without TEXTS, read standard input.

    Nothing is sent anywhere: use it to try out config/moderation.yaml.
    """
    try:
        lexicon = load_lexicon(context.obj.config_folder / "moderation.yaml")
    except ConfigError as error:
        raise click.ClickException(str(error)) from error
    moderator = Moderator(lexicon)
    for text in texts or lines_of_standard_input():
        verdict = moderator.check(text)
        click.echo(_as_json(verdict) if as_json else _for_people(text, verdict))


def _as_json(verdict: Verdict) -> str:
    answer = to_record(verdict)
    return json.dumps({key: answer[key] for key in ("flags", "found")}, ensure_ascii=False)


def _for_people(text: str, verdict: Verdict) -> str:
    version = f"Версия словаря: {verdict.lexicon_version}."
    return f"{text}\n{explain_in_russian(verdict)}\n{version}\n"
