"""Writes a mapping as `config/departments.yaml` has it: the file by which a version travels."""

from collections.abc import Iterable
from typing import Any, Final

import yaml

from bridge.routing.mapping import DepartmentMapping

_WIDTH: Final = 100
_EVERY_SETTING: Final = ("confidence_threshold", "several", "default_departments")
"""Told even where they are as usual: what an office looks for first."""


def write_mapping(mapping: DepartmentMapping, heading: Iterable[str] = ()) -> str:
    """The mapping as YAML; whatever is as usual is left out. `heading`: lines of comment."""
    contents = mapping.model_dump(mode="json", exclude_defaults=True)
    settings = {name: getattr(mapping, name) for name in _EVERY_SETTING}
    departments = contents.pop("departments")
    document = {**settings, **contents, "departments": departments}
    comments = "".join(f"# {line}".rstrip() + "\n" for line in heading)
    return comments + yaml.dump(
        document, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDTH
    )


class _Dumper(yaml.SafeDumper):
    """Lists of words in running lines, everything else below each other."""


def _list(dumper: yaml.SafeDumper, items: list[Any]) -> yaml.Node:
    in_lines = all(isinstance(item, str) for item in items)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=in_lines)


def _keys(dumper: yaml.SafeDumper, items: dict[str, Any]) -> yaml.Node:
    return dumper.represent_mapping("tag:yaml.org,2002:map", items, flow_style=not items)


_Dumper.add_representer(list, _list)
_Dumper.add_representer(dict, _keys)
