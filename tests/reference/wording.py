"""JSON Schema in words: what a key may be, and what it is when it is left out."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import yaml

Schema = Mapping[str, Any]
Headings = Mapping[str, str]
"""Name of a model → the heading under which it is described."""

_FORMATS: Final = {
    "path": "path",
    "uri-template": "web address",
    "zoneinfo": "time zone such as `Asia/Yekaterinburg`",
    "ipvanynetwork": "network such as `217.20.145.192/28`",
    "date": "date such as `2026-12-31`",
    "time": "time such as `02:00`",
    "password": "secret text",
}
_WHOLE_LIMIT: Final = 2**53
"""From here on a limit only keeps numbers within the store's columns."""


def anchor(heading: str) -> str:
    """The fragment by which a heading of Markdown is linked to."""
    kept = (letter for letter in heading.lower() if letter.isalnum() or letter in " -_")
    return "".join(kept).replace(" ", "-")


class Words:
    """Words for the parts of one schema, with links to the headings of its models."""

    def __init__(self, definitions: Mapping[str, Schema], headings: Headings) -> None:
        self._definitions = definitions
        self._headings = headings

    def kind(self, node: Schema) -> str:
        """What a value may be."""
        if "$ref" in node:
            return self._named(node["$ref"].rpartition("/")[2])
        if "const" in node:
            return _code(node["const"])
        if "enum" in node:
            return _either([_code(value) for value in node["enum"]])
        if "anyOf" in node or "oneOf" in node:
            choices = node.get("anyOf") or node["oneOf"]
            return _either([self.kind(each) for each in choices if each != {"type": "null"}])
        return self._plain(node)

    def _named(self, name: str) -> str:
        definition = self._definitions[name]
        if "enum" in definition:
            return self.kind(definition)
        heading = self._headings[name]
        return f"[section](#{anchor(heading)})"

    def _plain(self, node: Schema) -> str:
        match node["type"]:
            case "boolean":
                return "`true` or `false`"
            case "integer":
                return f"whole number{_limits(node)}"
            case "number":
                return f"number{_limits(node)}"
            case "array":
                some = "list, not empty, of" if node.get("minItems") else "list of"
                return f"{some}: {self.kind(node['items'])}"
            case "object":
                inner = node.get("additionalProperties") or {}
                patterns = node.get("patternProperties") or {}
                (value,) = patterns.values() or (inner,)
                return f"map to: {self.kind(value)}"
            case _:
                return _text(node)


def default(node: Schema) -> str:
    """What holds when the key, which is not needed, is left out."""
    value = node.get("default")
    if not value and not isinstance(value, bool | int | float):
        return "none"
    if isinstance(value, dict) and "$ref" in node:
        return "as there"
    return _code(_without_nothing(value))


def _text(node: Schema) -> str:
    if "format" in node:
        return _FORMATS[node["format"]]
    if "examples" in node:
        return f"text such as {_code(node['examples'][0])}"
    if "pattern" in node:
        return f"text like {_code(node['pattern'])}"
    least, most = node.get("minLength"), node.get("maxLength")
    if most:
        return f"text of {least or 0} to {most} letters"
    return "text, not empty" if least else "text"


def _limits(node: Schema) -> str:
    return "".join(f", {limit}" for limit in _each_limit(node))


def _each_limit(node: Schema) -> Iterator[str]:
    if "minimum" in node and "maximum" in node:
        yield f"{node['minimum']:g} to {node['maximum']:g}"
        return
    for key, words in (
        ("minimum", "at least"),
        ("exclusiveMinimum", "above"),
        ("maximum", "at most"),
        ("exclusiveMaximum", "below"),
    ):
        if key in node and node[key] < _WHOLE_LIMIT:
            yield f"{words} {node[key]:g}"


def _without_nothing(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: each for key, each in value.items() if each is not None}
    return [_without_nothing(each) for each in value] if isinstance(value, list) else value


def _code(value: Any) -> str:
    """A value as YAML writes it, safe within a table."""
    if isinstance(value, str):
        return f"`{value}`".replace("|", "\\|")
    if isinstance(value, float):
        return f"`{value:g}`"
    flow = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10_000)
    return f"`{flow.removesuffix(chr(10)).removesuffix(chr(10) + '...')}`"


def _either(choices: list[str]) -> str:
    *others, last = dict.fromkeys(choices)
    return f"{', '.join(others)} or {last}" if others else last
