"""A citizen's words must come out of Redmine as they went in; rendering itself is tested live."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.helpdesk.markup import (
    TextFormatting,
    caption,
    folded,
    printable,
    verbatim,
    web_address,
)


def test_textile_gets_a_block() -> None:
    shown = verbatim("Яма #5\nво дворе", TextFormatting.TEXTILE)
    assert shown == "<pre>\nЯма #5\nво дворе\n</pre>"


@given(st.text() | st.from_regex(r"(</?(pre|CODE|kbd|notextile)( x)?>|a)+", fullmatch=True))
def test_no_text_ends_the_textile_block(text: str) -> None:
    block = verbatim(text, TextFormatting.TEXTILE)
    inside = block.removeprefix("<pre>\n").removesuffix("\n</pre>")
    assert not re.search(r"</?(pre|code|kbd|notextile)\b", inside, re.IGNORECASE)
    assert inside.replace("\u2060", "") == printable(text).replace("\u2060", "")


@given(st.text(alphabet="`~a\n "))
def test_no_text_ends_the_fence(text: str) -> None:
    first, *inside, last = verbatim(text, TextFormatting.COMMON_MARK).split("\n")
    assert first == last
    assert set(first) == {"`"}
    assert "\n".join(inside) == text
    assert first not in "\n".join(inside)


@pytest.mark.parametrize("formatting", [TextFormatting.TEXTILE, TextFormatting.COMMON_MARK])
@given(text=st.text(alphabet="}{\n\r a"))
def test_no_text_ends_the_fold(formatting: TextFormatting, text: str) -> None:
    first, *inside, last = folded(text, "Показать", formatting).split("\n")
    assert (first, last) == ("{{collapse(Показать)", "}}")
    assert not any(line.startswith("}}") for line in inside)
    shown = "\n".join(inside).replace("\u2060", "")
    assert shown == verbatim(text, formatting).replace("\u2060", "")


@pytest.mark.parametrize("formatting", TextFormatting)
@given(text=st.text(alphabet="{}a(\n") | st.sampled_from(["{{toc}}", "{{collapse(x)", "{{{{a"]))
def test_no_text_begins_a_macro_that_another_could_end(
    formatting: TextFormatting, text: str
) -> None:
    """Such a one swallows the ends of both blocks, and what follows is markup."""
    shown = verbatim(text, formatting)
    assert not re.search(r"\{\{\w", shown)
    assert text in shown.replace("\u2060", "")


def test_plain_text_stays_as_it_is() -> None:
    assert verbatim("*Яма*", TextFormatting.PLAIN) == "*Яма*"


@pytest.mark.parametrize("bad", ["\x00", "\x1b", "\ud83d", "\uffff", "\x7f"])
def test_what_databases_refuse_is_left_out(bad: str) -> None:
    assert printable(f"до{bad}рога") == "дорога"


def test_line_ends_become_one_kind_and_tabs_and_emoji_stay() -> None:
    assert printable("а\r\nб\rв\n\tг 😀") == "а\nб\nв\n\tг 😀"


@given(st.text())
def test_a_caption_has_nothing_that_is_markup(title: str) -> None:
    shown = caption(title)
    assert re.fullmatch(r"[\w., ]{0,80}", shown)
    assert "_" not in shown


def test_a_caption_stays_recognizable() -> None:
    assert caption("Смета_{{toc}} №2 (1).pdf\n") == "Смета toc 2 1 .pdf"


@given(st.text())
def test_an_address_has_nothing_that_is_markup(rest: str) -> None:
    shown = web_address("https://example.com/" + rest.encode("utf-8", "ignore").decode())
    assert not re.search(r"[\s<>{}\[\]()|!*\"'`^\\@]", shown)


def test_an_address_of_a_picture_stays_as_it_is() -> None:
    url = "https://sun9-1.userapi.com/a/b_c-d.jpg?size=604x604&quality=95&sign=1f&type=album"
    assert web_address(url) == url


def test_half_a_character_in_an_address_is_left_out() -> None:
    assert web_address("https://example.com/\ud83d.jpg") == "https://example.com/.jpg"


def test_what_is_encoded_in_an_address_is_not_encoded_twice() -> None:
    assert (
        web_address("https://example.com/%D1%8F (1).pdf")
        == "https://example.com/%D1%8F%20%281%29.pdf"
    )
