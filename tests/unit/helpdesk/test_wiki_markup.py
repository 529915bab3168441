"""A wiki page's table stays a table whatever a name holds."""

import pytest

from bridge.helpdesk.markup import TextFormatting
from bridge.helpdesk.wiki_markup import table

MARKUPS = [TextFormatting.TEXTILE, TextFormatting.MARKDOWN, TextFormatting.COMMON_MARK]


@pytest.mark.parametrize("formatting", MARKUPS)
def test_a_name_cannot_break_its_row(formatting: TextFormatting) -> None:
    text = table(["Имя", "Число"], [["Дороги | парки\n\nh1. Сквер\x00", "5"]], formatting)
    lines = text.splitlines()
    assert lines[-1] == "| Дороги / парки h1. Сквер | 5 |"
    assert all(line.count("|") == 3 for line in lines)


def test_textile_marks_titles_in_their_cells() -> None:
    assert table(["Имя"], [["А"]], TextFormatting.TEXTILE) == "|_. Имя |\n| А |"


def test_markdown_rules_titles_off() -> None:
    assert table(["Имя"], [["А"]], TextFormatting.COMMON_MARK) == "| Имя |\n| --- |\n| А |"
