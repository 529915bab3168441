"""CommonMark, as Redmine reads it, to plain text: https://spec.commonmark.org, with tables."""

import re
from collections.abc import Callable, Mapping

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from bridge.publish.shield import Shield, without_tokens

BULLET = "–"

_TAG = re.compile(r"<[^>]*>")
_LINE_BREAK_TAG = re.compile(r"<br\s*/?>", re.IGNORECASE)
_INNER_ASTERISK = re.compile(r"(?<=\w)\*(?=\w)")


class _Parser(MarkdownIt):
    """Leaves addresses as they were typed: they are shown to people."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - the library's name
        return url


_PARSER = _Parser("commonmark").enable(["table", "strikethrough"])


def common_mark_to_plain(text: str) -> str:
    """The text without markup. Line breaks stay: Redmine shows them too.

    An asterisk within a word or number stays as well: `2*3*4` must not be placed as `234`.
    """
    shield = Shield()
    hidden = shield.hide_addresses(without_tokens(text))
    hidden = _INNER_ASTERISK.sub(lambda match: shield.hide(match.group()), hidden)
    return shield.restore(_plain(SyntaxTreeNode(_PARSER.parse(hidden))))


def _plain(node: SyntaxTreeNode) -> str:
    return _CONVERTERS.get(node.type, _children)(node)


def _children(node: SyntaxTreeNode) -> str:
    return "".join(_plain(child) for child in node.children)


def _content(node: SyntaxTreeNode) -> str:
    return node.content.rstrip("\n")


def _blocks(node: SyntaxTreeNode) -> str:
    return "\n\n".join(filter(None, (_plain(child) for child in node.children)))


def _lines(node: SyntaxTreeNode) -> str:
    return "\n".join(filter(None, (_plain(child) for child in node.children)))


def _bullet_list(node: SyntaxTreeNode) -> str:
    return "\n".join(_item(BULLET, child) for child in node.children)


def _ordered_list(node: SyntaxTreeNode) -> str:
    first = int(node.attrs.get("start", 1))
    return "\n".join(
        _item(f"{number}.", child) for number, child in enumerate(node.children, first)
    )


def _item(mark: str, node: SyntaxTreeNode) -> str:
    return f"{mark} {_lines(node)}".replace("\n", "\n  ")


def _quote(node: SyntaxTreeNode) -> str:
    return "\n".join(f"> {line}" for line in _blocks(node).split("\n"))


def _row(node: SyntaxTreeNode) -> str:
    return " | ".join(_plain(cell) for cell in node.children)


def _link(node: SyntaxTreeNode) -> str:
    text, address = _children(node), str(node.attrs.get("href", ""))
    shown = address.removeprefix("mailto:")
    return text if not shown or shown == text else f"{text} ({shown})"


def _html(node: SyntaxTreeNode) -> str:
    return _TAG.sub("", _LINE_BREAK_TAG.sub("\n", node.content)).strip(" ")


_CONVERTERS: Mapping[str, Callable[[SyntaxTreeNode], str]] = {
    "root": _blocks,
    "bullet_list": _bullet_list,
    "ordered_list": _ordered_list,
    "blockquote": _quote,
    "fence": _content,
    "code_block": _content,
    "table": _lines,
    "thead": _lines,
    "tbody": _lines,
    "tr": _row,
    "html_block": _html,
    "html_inline": _html,
    "text": lambda node: node.content,
    "code_inline": lambda node: node.content,
    "image": lambda node: node.content,
    "softbreak": lambda _: "\n",
    "hardbreak": lambda _: "\n",
    "link": _link,
}
