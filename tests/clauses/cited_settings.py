"""The keys of the configuration files that a clause or a reading has an effect through.

A key cites what the comment above it or beside it cites, what its own `clause` and `hint` say, and
a number that it is itself (`"3.7.1"`). A comment at the top of a file speaks for the whole file.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.clauses.citations import Cited, cited_in

COMMENT = re.compile(r"^\s*#\s?(.*)$")
BESIDE = re.compile(r"\s#\s(.*)$")
SPEAKS_FOR_ITS_KEY = ("clause", "hint")
TERMS = ("term", "extension")
WHOLE_FILE = ""


@dataclass(frozen=True)
class Setting:
    """One key of a file; `key` is empty for the whole file.

    `value` is what is shipped, of a clock its `term`; empty where it is no single value.
    """

    file: str
    key: str
    cited: Cited
    value: str = ""
    term: str = ""


def cited_settings(path: Path, known: Collection[str]) -> Iterator[Setting]:
    """The file's keys that cite something, in the file's order."""
    text = path.read_text(encoding="utf-8")
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    lines = text.splitlines()
    top = cited_in(_head(lines), known)
    if top:
        yield Setting(path.name, WHOLE_FILE, top)
    for key, key_node, value in _keys(root, ()):
        words = " ".join([_comment_of(lines, key_node.start_mark.line), key_node.value])
        words += " ".join(["", *_own_words(value)])
        cited = cited_in(words, known)
        if cited:
            yield Setting(path.name, ".".join(key), cited, _value(value), _term(value))


def _head(lines: Sequence[str]) -> str:
    """The first comment, unless it stands right above a key."""
    words: list[str] = []
    for line in lines:
        found = COMMENT.match(line)
        if not found:
            return "" if line.strip() else " ".join(words)
        words.append(found[1])
    return ""


Key = tuple[str, ...]


def _keys(node: yaml.Node | None, above: Key) -> Iterator[tuple[Key, yaml.ScalarNode, yaml.Node]]:
    if isinstance(node, yaml.MappingNode):
        for key_node, value in node.value:
            key = (*above, str(key_node.value))
            yield key, key_node, value
            yield from _keys(value, key)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            name = _item_key(item)
            if name is not None:
                named = (*above, str(name.value))
                yield named, name, item
                yield from _keys(item, named)


def _item_key(item: yaml.Node) -> yaml.ScalarNode | None:
    """The value of `key`, which tells an item of a list from the others."""
    if not isinstance(item, yaml.MappingNode):
        return None
    return next((value for key, value in item.value if key.value == "key"), None)


def _own_words(value: yaml.Node) -> Iterator[str]:
    if isinstance(value, yaml.MappingNode):
        for key, child in value.value:
            if key.value in SPEAKS_FOR_ITS_KEY:
                yield str(child.value)


def _comment_of(lines: Sequence[str], line: int) -> str:
    beside = BESIDE.search(lines[line])
    above: list[str] = []
    for text in reversed(lines[:line]):
        found = COMMENT.match(text)
        if not found:
            break
        above.insert(0, found[1])
    return " ".join([*above, beside[1] if beside else ""])


def _value(node: yaml.Node) -> str:
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""


def _term(node: yaml.Node) -> str:
    if not isinstance(node, yaml.MappingNode):
        return ""
    terms = (_plain(child) for key, child in node.value if key.value in TERMS)
    return next(terms, "")


def _plain(node: yaml.Node) -> str:
    if isinstance(node, yaml.MappingNode):
        pairs = (f"{key.value}: {_plain(child)}" for key, child in node.value)
        return "{" + ", ".join(pairs) + "}"
    return str(node.value)
