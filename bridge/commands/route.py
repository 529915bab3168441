"""`bridge route`: which departments a text would go to, and why."""

import json

import click

from bridge.commands.standard_input import lines_of_standard_input
from bridge.config.document import ConfigError
from bridge.routing import (
    DepartmentMapping,
    Route,
    Router,
    explain_rules_in_russian,
    load_mapping,
)
from bridge.second_voice import TRAINING, ModelsFolder, OfficeRouter


@click.command("route")
@click.argument("texts", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for programs.")
@click.pass_context
def route_command(context: click.Context, texts: tuple[str, ...], as_json: bool) -> None:
    """Say which departments TEXTS concern; without TEXTS, read lines from standard input.

    Nothing is sent anywhere: use it to try out config/departments.yaml.
    """
    folder = context.obj.config_folder
    try:
        mapping = load_mapping(folder / "departments.yaml")
        models = ModelsFolder(context.obj.settings().effective_models, folder / TRAINING)
        router = OfficeRouter(models, Router(mapping)).current()
    except ConfigError as error:
        raise click.ClickException(str(error)) from error
    for text in texts or lines_of_standard_input():
        route = router.route(text)
        click.echo(_as_json(route) if as_json else _for_people(text, route, mapping))


def _as_json(route: Route) -> str:
    answer = {
        "departments": list(route.departments),
        "confidence": route.confidence,
        "reasons": [each.as_json() for each in route.reasons],
    }
    return json.dumps(answer, ensure_ascii=False)


def _for_people(text: str, route: Route, mapping: DepartmentMapping) -> str:
    return f"{text}\n{explain_rules_in_russian(route, mapping)}\n"
