"""The administrators' table of settings against the settings themselves."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bridge.settings import PROJECT, Settings

REFERENCE = PROJECT / "docs" / "ru" / "settings.md"
ROW = re.compile(r"^\| `(BRIDGE_[A-Z_]+)` \| (.+?) \| .+ \|$", re.MULTILINE)


def documented() -> Iterator[tuple[str, str]]:
    """Name and default as the table has them."""
    for match in ROW.finditer(REFERENCE.read_text(encoding="utf-8")):
        yield match[1], match[2]


def written(default: Any) -> str:
    """A default as the table writes it."""
    match default:
        case Path():
            return f"`{default.relative_to(PROJECT)}` в папке программы"
        case SecretStr() | "":
            return "—"
        case float():
            return f"`{default:g}`"
        case _:
            return f"`{default}`"


def test_the_reference_lists_every_setting_with_its_default() -> None:
    real = {
        f"BRIDGE_{name.upper()}": written(field.default)
        for name, field in Settings.model_fields.items()
    }
    assert dict(documented()) == real


def test_no_setting_is_listed_twice() -> None:
    names = [name for name, _ in documented()]
    assert sorted(set(names)) == sorted(names)
