"""JSON documents with cards: exports, webhooks, pages of a list."""

import json
from collections.abc import Iterable
from typing import Any, Final, NoReturn

CARDS: Final = "cards"
"""Where an object has its list of cards when the configuration does not say."""

DEEPEST: Final = 100
"""Levels of nesting: what is deeper could be read but not written down again."""


class NoDocument(Exception):
    """The text is no JSON document with cards. Its text is English: a sender may see it."""


def read_document(text: str) -> Any:
    """The document. Raises `NoDocument`."""
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise NoDocument("body is not JSON") from None


def cards_in(document: Any, cards_at: str) -> list[Any]:
    """The list of cards, or the one card that the document is. Raises `NoDocument`."""
    if not _is_shallow(document):
        raise NoDocument(f"nested more than {DEEPEST} levels")
    found = at_path(document, cards_at) if cards_at else _usual(document)
    if isinstance(found, list):
        return found
    if isinstance(found, dict):
        return [found]
    raise NoDocument(f"no card and no list of cards at {cards_at or CARDS}")


def at_path(document: Any, path: str) -> Any:
    """What stands at a dotted path, None where there is no such place."""
    for part in path.split("."):
        document = document.get(part) if isinstance(document, dict) else None
    return document


def _is_shallow(document: Any) -> bool:
    level = [document]
    for _ in range(DEEPEST):
        level = [child for each in level for child in _children(each)]
        if not level:
            return True
    return False


def _children(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _usual(document: Any) -> Any:
    listed = at_path(document, CARDS)
    return listed if isinstance(listed, list) else document


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
