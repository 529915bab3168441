"""Textile, as Redmine reads it, to plain text: https://www.redmine.org/help/ru/wiki_syntax.html

Struck-out text (`-…-`) keeps its hyphens: Russian is full of hyphens and dashes, and a text that
was struck out must not look like a valid one.
"""

import html
import re

from bridge.publish.shield import Shield, without_tokens

BULLET = "–"

# Every pattern is bounded in length: a text full of opening marks must not take minutes.
_ATTRIBUTES = r"(?:\([^)\n]{0,100}\)|\{[^}\n]{0,100}\}|\[[^\]\n]{0,20}\]|[<>=])*"
_VERBATIM = re.compile(
    r"<pre[^>]*>\s*(?:<code[^>]*>)?(?P<pre>(?:(?!<pre).)*?)(?:</code>\s*)?</pre>"
    r"|<notextile>(?P<notextile>(?:(?!<notextile).)*?)</notextile>"
    r"|<code[^>]*>(?P<code>(?:(?!<code).)*?)</code>"
    r"|(?<!\S)==(?P<equals>[^\n]+?)==(?!\S)"
    r"|(?<![\w@])@(?P<at>[^\s@](?:[^@\n]*[^\s@])?)@(?![\w@])",
    re.DOTALL | re.IGNORECASE,
)
_BLOCK = re.compile(rf"^(?:h[1-6]|p|pre|bc){_ATTRIBUTES}\.\s+")
_QUOTE = re.compile(rf"^bq{_ATTRIBUTES}\.(?::\S+)?\s+")
_FOOTNOTE = re.compile(r"^fn(\d+)\.\s+")
_LIST_ITEM = re.compile(r"^([*#]{1,6})\s+(?=\S)")
_ROW = re.compile(rf"^\s*(?:{_ATTRIBUTES}\.\s*)?\|(.*)\|\s*$")
_CELL = re.compile(rf"^_?{_ATTRIBUTES}(?:[\\/]\d+)?\.\s+")
_LINK = re.compile(
    r'"([^"\n]{1,1000}?)(?:\s*\([^()"\n]*\))?":((?:https?://|mailto:|www\.)\S*[^\s*_.,;:!?)»\]"|])'
)
_PICTURE = re.compile(r"!(?:[<>=]|\{[^}\n]*\})?[^\s!()]+\.\w{3,4}(?:\(([^)\n]*)\))?!(?::\S+)?")
_PHRASE = re.compile(
    rf"(?<![\w*_+?])(\*\*|\*|__|_|\+|\?\?){_ATTRIBUTES}(?=\S)(.{{1,1000}}?)(?<=\S)\1(?![\w*_+?])"
)
_SPAN = re.compile(r"%\{[^}\n]{0,100}\}([^%\n]{1,1000})%")
_LINE_BREAK_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>", re.IGNORECASE)


def textile_to_plain(text: str) -> str:
    """The text without markup."""
    shield = Shield()
    hidden = _VERBATIM.sub(lambda match: shield.hide(_inside(match)), without_tokens(text))
    hidden = _PICTURE.sub(lambda match: match[1] or "", hidden)
    hidden = _LINK.sub(lambda match: _link(match[1], match[2], shield), hidden)
    hidden = _LINE_BREAK_TAG.sub("\n", shield.hide_addresses(hidden))
    numbering = _Numbering()
    lines = [_line(line, numbering) for line in hidden.split("\n")]
    return shield.restore("\n".join(lines))


class _Numbering:
    """Numbers of the items of the list being read, one per level."""

    def __init__(self) -> None:
        self._numbers: list[int] = []

    def next(self, marks: str) -> str:
        """The mark of the next item: `marks` is `*` or `#`, repeated for its level."""
        level = len(marks)
        self._numbers = [*self._numbers, *[0] * level][:level]
        self._numbers[-1] += 1
        mark = BULLET if marks.endswith("*") else f"{self._numbers[-1]}."
        return "  " * (level - 1) + mark

    def reset(self) -> None:
        """A line that is no item ends the list."""
        self._numbers = []


def _inside(match: re.Match[str]) -> str:
    content = match[match.lastgroup or 0]
    return html.unescape(content.strip("\n"))


def _line(line: str, numbering: _Numbering) -> str:
    item = _LIST_ITEM.match(line)
    if item:
        return f"{numbering.next(item[1])} {_inline(line[item.end() :])}"
    numbering.reset()
    row = _ROW.match(line)
    if row:
        return " | ".join(_inline(_CELL.sub("", cell).strip()) for cell in row[1].split("|"))
    line = _QUOTE.sub("> ", _BLOCK.sub("", line))
    return _inline(_FOOTNOTE.sub(r"[\1] ", line))


def _inline(text: str) -> str:
    text = _without_phrases(_SPAN.sub(r"\1", text))
    return html.unescape(_TAG.sub("", text))


def _link(text: str, address: str, shield: Shield) -> str:
    """The address is hidden: its `_` and `*` are no markup."""
    shown = address.removeprefix("mailto:")
    return shield.hide(shown) if text == shown else f"{text} ({shield.hide(shown)})"


def _without_phrases(text: str) -> str:
    """Phrases stand within phrases: `*_both_*`."""
    while (plain := _PHRASE.sub(r"\2", text)) != text:
        text = plain
    return text
