"""The developers' page of the architecture against the code."""

import re

from bridge.settings import PROJECT
from bridge.store.models import Base

PAGE = PROJECT / "docs" / "architecture.md"
TABLES = re.compile(r"^\| table \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", re.MULTILINE)
PART = re.compile(r"`(bridge/[\w/.]+)`")


def test_every_table_of_the_store_is_told_and_no_other() -> None:
    found = TABLES.search(PAGE.read_text(encoding="utf-8"))
    assert found
    told = [row.split("|")[1].strip().strip("`") for row in found[1].splitlines()]
    assert sorted(told) == sorted(Base.metadata.tables)


def test_every_part_that_it_names_is_there() -> None:
    named = set(PART.findall(PAGE.read_text(encoding="utf-8")))
    assert [name for name in named if not (PROJECT / name).exists()] == []
