"""`bridge route`: which departments a text would go to, and why."""

import json
from pathlib import Path

import click

from bridge.commands.context import Context
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
from bridge.store.database import Store


@click.command("route")
@click.argument("texts", nargs=-1)
@click.option(
    "--mapping",
    "mapping_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="By this file, such as config/departments.yaml, not by the version in force.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for programs.")
@click.pass_obj
def route_command(
    context: Context, texts: tuple[str, ...], mapping_file: Path | None, as_json: bool
) -> None:
    """Say which departments TEXTS concern; without TEXTS, read lines from standard input.

    Nothing is sent anywhere: use it to try out a file before `bridge mapping import`.
    """
    settings = context.settings()
    try:
        mapping = (
            load_mapping(mapping_file)
            if mapping_file
            else context.office_in_force(Store(settings.effective_store_url)).mapping
        )
        models = ModelsFolder(settings.effective_models, context.config_folder / TRAINING)
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
