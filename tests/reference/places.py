"""Where in a file each model stands, by its JSON Schema."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from tests.reference.wording import Schema


def places_of_models(root: str, definitions: Mapping[str, Schema]) -> Mapping[str, Sequence[str]]:
    """Name of a model → the paths at which it stands, from the outside in; the root's is empty."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    waiting = [(root, "")]
    for model, path in waiting:
        if path in found[model]:
            continue
        found[model].append(path)
        for key, node in definitions[model]["properties"].items():
            for inner, place in _inside(node, f"{path}.{key}".lstrip(".")):
                if "properties" in definitions[inner]:
                    waiting.append((inner, place))
    return found


def _inside(node: Schema, path: str) -> Iterator[tuple[str, str]]:
    """The definitions that a node refers to, each with its path."""
    if "$ref" in node:
        yield node["$ref"].rpartition("/")[2], path
    for choice in (*node.get("anyOf", ()), *node.get("oneOf", ())):
        yield from _inside(choice, path)
    if "items" in node:
        yield from _inside(node["items"], f"{path}[]")
    values = node.get("additionalProperties")
    for value in (values, *node.get("patternProperties", {}).values()):
        if isinstance(value, dict):
            yield from _inside(value, f"{path}.KEY")
