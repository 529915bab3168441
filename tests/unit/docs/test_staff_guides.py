"""The guides for staff against the names that staff see in Redmine."""

import re
from pathlib import Path

import pytest

from bridge.config.document import load_document
from bridge.helpdesk.layout import HelpdeskLayout
from bridge.settings import PROJECT

GUIDES = PROJECT / "docs" / "ru"
LAYOUT = load_document(PROJECT / "config" / "helpdesk.yaml", HelpdeskLayout)
STATUSES = [status.name for status in LAYOUT.statuses]
STATUS_TABLE = re.compile(r"^\| статус \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", re.MULTILINE)


def tabled_statuses(guide: Path) -> list[str]:
    """The first column of the guide's table of statuses."""
    found = STATUS_TABLE.search(guide.read_text(encoding="utf-8"))
    assert found, guide
    return [row.split("|")[1].strip() for row in found[1].splitlines()]


def test_the_curators_guide_explains_every_status_in_its_order() -> None:
    assert tabled_statuses(GUIDES / "curator.md") == STATUSES


def test_the_departments_guide_names_only_real_statuses() -> None:
    assert set(tabled_statuses(GUIDES / "department.md")) <= set(STATUSES)


@pytest.mark.parametrize("guide", ["curator-cases.md", "department.md"])
def test_notes_quoted_to_staff_are_those_that_staff_get(guide: str) -> None:
    notes = "\n".join(
        note.read_text(encoding="utf-8") for note in (PROJECT / "templates" / "notes").iterdir()
    )
    text = (GUIDES / guide).read_text(encoding="utf-8")
    quoted = re.findall(r"«((?:Ответ|Неизвестно|статус|Пункт) [^»]*?)…?»", text)
    beginnings = [quote for quote in quoted if quote not in STATUSES]
    assert beginnings
    assert [quote for quote in beginnings if quote not in notes] == []
