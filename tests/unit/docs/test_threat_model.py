"""The threat model names what exists: files, tests, settings."""

import re
from collections.abc import Iterator

import pytest

from bridge.settings import PROJECT, Settings

PAGE = PROJECT / "docs" / "threat-model.md"
NAMED = re.compile(r"`((?:bridge|deploy|scripts|tests)/[\w./-]+)(?:::(\w+))?`")
SETTING = re.compile(r"`BRIDGE_([A-Z_]+)`")
HEADING = "| entry |", "| exit |", "| boundary |"


def text() -> str:
    return PAGE.read_text(encoding="utf-8")


def threats() -> Iterator[list[str]]:
    """The rows of the tables of threats, by their cells."""
    in_table = False
    for line in text().splitlines():
        if line.startswith(HEADING):
            in_table = True
        elif not line.startswith("|"):
            in_table = False
        elif in_table and not line.startswith("|---"):
            yield [cell.strip() for cell in line.strip("|").split(" | ")]


@pytest.mark.parametrize(("path", "test"), sorted(set(NAMED.findall(text()))))
def test_what_it_names_exists(path: str, test: str) -> None:
    assert (PROJECT / path).is_file()
    if test:
        assert f"def {test}(" in (PROJECT / path).read_text(encoding="utf-8")


def test_each_threat_has_what_stands_against_it_where_and_what_shows_it() -> None:
    rows = list(threats())
    assert len(rows) > 20
    for _, threat, defence, where, shown in rows:
        assert threat
        assert defence
        assert NAMED.search(where), threat
        assert shown.startswith(("`tests/", "by ")), threat


def test_settings_that_it_names_exist() -> None:
    known = {name.upper() for name in Settings.model_fields} | {"SECRETS"}
    assert set(SETTING.findall(text())) <= known
