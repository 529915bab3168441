"""Labelled messages: texts with the departments that a curator would choose. JSON lines."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bridge.config.document import ConfigError


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled message. No departments: it concerns nobody."""

    text: str
    departments: frozenset[str]


def read_examples(folder: Path) -> tuple[Example, ...]:
    """Read every `*.jsonl` of the folder; none when there is no such folder.

    Raises `ConfigError` that names the file, the line and what would be right.
    """
    return tuple(example for path in sorted(folder.glob("*.jsonl")) for example in _read(path))


def within(examples: Iterable[Example], departments: frozenset[str]) -> tuple[Example, ...]:
    """Leave out messages for departments that the office does not have."""
    return tuple(each for each in examples if each.departments <= departments)


def _read(path: Path) -> Iterator[Example]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _parse(line, f"{path}:{number}")


def _parse(line: str, place: str) -> Example:
    try:
        match json.loads(line):
            case {"text": str(text), "departments": list(keys)} if _are_words(keys):
                return Example(text, frozenset(keys))
    except ValueError as error:
        raise ConfigError(f"{place}: is not JSON: {error}") from error
    raise ConfigError(f'{place}: right is {{"text": "яма на дороге", "departments": ["roads"]}}')


def _are_words(keys: list[object]) -> bool:
    return all(isinstance(key, str) for key in keys)
