"""`bridge validate`: can the configuration files be read? Asked before every reload."""

import click

from bridge.commands.context import Context
from bridge.config.document import ConfigError
from bridge.publish.rendering import AnswerTemplates
from bridge.texts import check_texts


@click.command("validate")
@click.pass_obj
def validate_command(context: Context) -> None:
    """Read settings, configuration and templates; exit 1 with the place of the mistake.

    Nothing outside is asked: that is `check`.
    """
    settings = context.settings()
    context.office()
    try:
        AnswerTemplates(settings.templates / "answers")
        check_texts(settings.templates)
    except ConfigError as error:
        raise click.ClickException(str(error)) from error
    click.echo("Файлы настройки читаются.")
