"""The files and settings that the reference is about, and the models behind them."""

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from enum import Enum
from itertools import pairwise
from typing import Any, Final, get_args

from pydantic import BaseModel

from bridge.channels import ChannelsFile
from bridge.helpdesk.layout import HelpdeskLayout
from bridge.moderation.lexicon import Lexicon
from bridge.retention import Retention
from bridge.routing.mapping import DepartmentMapping
from bridge.sla.answer_checks import AnswerChecks
from bridge.sla.policy import SlaSettings
from bridge.sla.schedule import CalendarSettings

FILES: Final[Mapping[str, type[BaseModel]]] = {
    "channels.yaml": ChannelsFile,
    "departments.yaml": DepartmentMapping,
    "sla.yaml": SlaSettings,
    "calendar.yaml": CalendarSettings,
    "helpdesk.yaml": HelpdeskLayout,
    "answers.yaml": AnswerChecks,
    "moderation.yaml": Lexicon,
    "retention.yaml": Retention,
}
"""Each file of `config/` with the model that reads it."""


def models_below(root: type[BaseModel]) -> list[type[BaseModel]]:
    """The model and every model in it, from the outside in, each once."""
    found = [root]
    for model in found:
        for field in model.model_fields.values():
            for part in _types_in(field.annotation):
                if issubclass(part, BaseModel) and part not in found:
                    found.append(part)
    return found


def choices_below(root: type[BaseModel]) -> list[type[Enum]]:
    """The enumerations in the model, in the order in which they are met, each once."""
    found: list[type[Enum]] = []
    for model in models_below(root):
        for field in model.model_fields.values():
            for part in _types_in(field.annotation):
                if issubclass(part, Enum) and part not in found:
                    found.append(part)
    return found


def meaning(model: type[BaseModel], field: str) -> str:
    """What a field is for: its docstring, or that of the model that it comes from; else empty."""
    for origin in model.__mro__:
        if issubclass(origin, BaseModel) and field in origin.model_fields:
            told = origin.model_fields[field].description
            if told:
                return " ".join(told.split())
    return ""


def meanings_of(choices: type[Enum]) -> Mapping[str, str]:
    """Value → docstring of those members that have one."""
    (tree,) = ast.parse(textwrap.dedent(inspect.getsource(choices))).body
    assert isinstance(tree, ast.ClassDef)
    return {
        str(choices[name].value): " ".join(told.split())
        for name, told in _documented_names(tree.body)
    }


def _documented_names(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    for statement, following in pairwise(body):
        match statement, following:
            case (
                ast.Assign(targets=[ast.Name(id=name)]),
                ast.Expr(value=ast.Constant(value=str(told))),
            ):
                yield name, told


def _types_in(annotation: Any) -> Iterator[type]:
    """Every class that an annotation names; a literal member of an enumeration names its class."""
    if isinstance(annotation, Enum):
        yield type(annotation)
    elif isinstance(annotation, type) and not get_args(annotation):
        yield annotation
    for part in get_args(annotation):
        yield from _types_in(part)
