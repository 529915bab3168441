"""The helpdesk's markup becomes plain text: networks show every character as it is."""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum

from bridge.publish.common_mark import common_mark_to_plain
from bridge.publish.textile import textile_to_plain


class Markup(StrEnum):
    """Redmine's setting `text_formatting`; plain also for fields without formatting."""

    PLAIN = ""
    TEXTILE = "textile"
    COMMON_MARK = "common_mark"


_WIKI_LINK = re.compile(r"\[\[(?:[^\[\]|\n]{0,300}\|)?([^\[\]|\n]{1,300})\]\]")
_MANY_BLANK_LINES = re.compile(r"\n{4,}")


def to_plain(text: str, markup: Markup) -> str:
    """The text without markup: links as «text (address)», at most two blank lines in a row."""
    unix = text.replace("\r\n", "\n").replace("\r", "\n")
    return _tidy(_CONVERTERS[markup](unix))


def _tidy(text: str) -> str:
    lines = "\n".join(line.rstrip() for line in text.split("\n"))
    return _MANY_BLANK_LINES.sub("\n\n\n", lines).strip()


def _from_textile(text: str) -> str:
    return _WIKI_LINK.sub(r"\1", textile_to_plain(text))


def _from_common_mark(text: str) -> str:
    return common_mark_to_plain(_WIKI_LINK.sub(r"\1", text))


_CONVERTERS: Mapping[Markup, Callable[[str], str]] = {
    Markup.PLAIN: lambda text: text,
    Markup.TEXTILE: _from_textile,
    Markup.COMMON_MARK: _from_common_mark,
}
