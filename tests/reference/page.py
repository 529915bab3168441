"""Renders `docs/configuration.md`: every key with what it may be, its default and its meaning."""

import inspect
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path

from pydantic import BaseModel

from bridge.settings import PROJECT, Settings
from tests.reference.documented import FILES, choices_below, meaning, meanings_of, models_below
from tests.reference.places import places_of_models
from tests.reference.wording import Schema, Words, anchor, default

PAGE = Path("docs") / "configuration.md"

_HEAD = """\
# Configuration reference

<!-- scripts/reference writes this page from the models. Edit their docstrings instead. -->

The files of [config/](../config), key by key, and the environment's variables. The files explain in
place why one chooses what; this page is the whole list. A mistake in a file is told with its file,
line and key; unknown keys are mistakes. In Russian: [Параметры](ru/settings.md).

In a path `[]` stands for each entry of a list and `KEY` for each name of a map. A key that is
**needed** has no default; `none`: nothing, unless it is given.

"""

_ENVIRONMENT = """\
## Environment

A variable, or a file named like it in small letters within the folder that `BRIDGE_SECRETS` names.
The variable wins.

"""

_TABLE = "| key | may be | default | meaning |\n|---|---|---|---|\n"


def render() -> str:
    """The whole page; the same models always give the same text."""
    contents = "".join(f"- [{file}](#{anchor(file)})\n" for file in FILES)
    files = "\n".join(_file(name, model) for name, model in FILES.items())
    return f"{_HEAD}{contents}- [Environment](#environment)\n\n{files}\n{_environment()}"


def _file(name: str, root: type[BaseModel]) -> str:
    schema = root.model_json_schema()
    definitions = {root.__name__: schema, **schema.get("$defs", {})}
    places = places_of_models(root.__name__, definitions)
    headings = {model: _heading(name, model, places) for model in places}
    words = Words(definitions, headings)
    models = {model.__name__: model for model in models_below(root)}
    sections = [
        _section(models[model], headings[model], paths[1:], definitions[model], words)
        for model, paths in places.items()
    ]
    return "\n".join([*sections, *_choices(name, root)])


def _heading(file: str, model: str, places: Mapping[str, Sequence[str]]) -> str:
    """Models that may stand at the same place are told apart by their names."""
    first = places[model][0]
    alone = [paths[0] for paths in places.values()].count(first) == 1
    return f"{file}: {first}".removesuffix(": ") + ("" if alone else f" ({model})")


def _section(
    model: type[BaseModel], heading: str, others: Sequence[str], schema: Schema, words: Words
) -> str:
    level = "###" if ": " in heading else "##"
    told = f"{inspect.cleandoc(model.__doc__ or '')}\n\n"
    same = f"The same form: {', '.join(f'`{path}`' for path in others)}.\n\n" if others else ""
    rows = "".join(
        f"| `{key}` | {words.kind(node)} | {_default(key, schema)} | {meaning(model, key)} |\n"
        for key, node in schema["properties"].items()
    )
    return f"{level} {heading}\n\n{told}{same}{_TABLE}{rows}"


def _default(key: str, schema: Schema) -> str:
    needed = key in schema.get("required", ())
    return "**needed**" if needed else default(schema["properties"][key])


def _choices(name: str, root: type[BaseModel]) -> Iterator[str]:
    told = [(each, meanings_of(each)) for each in choices_below(root)]
    lists = [_choice(each, meanings) for each, meanings in told if meanings]
    if lists:
        yield f"### {name}: what its words mean\n\n" + "\n".join(lists)


def _choice(choices: type[Enum], meanings: Mapping[str, str]) -> str:
    rows = "".join(f"- `{value}`: {told}\n" for value, told in meanings.items())
    return f"{inspect.cleandoc(choices.__doc__ or '')}\n\n{rows}"


def _environment() -> str:
    schema = Settings.model_json_schema()
    words = Words(schema.get("$defs", {}), {})
    rows = "".join(
        f"| `BRIDGE_{key.upper()}` | {words.kind(node)} | {default(_portable(node))} "
        f"| {meaning(Settings, key)} |\n"
        for key, node in schema["properties"].items()
    )
    return _ENVIRONMENT + _TABLE + rows


def _portable(node: Schema) -> Schema:
    """Folders within the program are told without the place where this one is installed."""
    value = node.get("default")
    if isinstance(value, str) and value.startswith(str(PROJECT)):
        return {**node, "default": str(Path(value).relative_to(PROJECT))}
    return node
