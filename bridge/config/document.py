"""Reads one YAML file into its pydantic model, and says in which line an error is."""

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

Document = TypeVar("Document", bound=BaseModel)


class ConfigModel(BaseModel):
    """Base of every model of a configuration file: immutable, and no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class ConfigError(Exception):
    """A configuration file is wrong. Its text names the file, the line, the key and the remedy."""


def load_document(path: Path, model: type[Document]) -> Document:
    """Return the file's contents as `model`.

    Raises `ConfigError` when the file is missing, is not YAML or does not fit the model; every
    mistake that the model finds is listed, each with its line.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    return parse_document(text, model, str(path))


def parse_document(text: str, model: type[Document], name: str) -> Document:
    """As `load_document`, from a text; `name` stands for the file in error messages."""
    try:
        # In C: ten times as quick as in Python, which took half a second of every start.
        contents = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ConfigError(f"{name}:{line}: is not YAML: {error.problem}") from error
    except yaml.YAMLError as error:
        raise ConfigError(f"{name}: is not YAML: {error}") from error
    try:
        return model.model_validate({} if contents is None else contents)
    except ValidationError as error:
        # Only mistakes need the nodes with their lines.
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
        raise ConfigError(_describe(error, root, name)) from error


def _describe(error: ValidationError, root: yaml.Node | None, name: str) -> str:
    return "\n".join(
        f"{name}:{_line_of(root, mistake['loc'])}: {_key(mistake['loc'])}: {mistake['msg']}"
        for mistake in error.errors(include_url=False, include_context=False)
    )


def _key(location: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in location) or "(the whole file)"


def _line_of(node: yaml.Node | None, location: tuple[int | str, ...]) -> int:
    """The line of the deepest node on the way to `location`: a missing key has none of its own."""
    line = 1 if node is None else node.start_mark.line + 1
    for part in location:
        step = _child(node, part)
        if step is None:
            break
        line, node = step
    return line


def _child(node: yaml.Node | None, part: int | str) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return key.start_mark.line + 1, value
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        item: Any = node.value[part]
        return item.start_mark.line + 1, item
    return None
