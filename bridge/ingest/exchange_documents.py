"""JSON documents with cards: exports, webhooks, pages of a list."""

from typing import Any, Final

from bridge.strict_json import NotJson, strict_json

CARDS: Final = "cards"
"""Where an object has its list of cards when the configuration does not say."""


class NoDocument(Exception):
    """The text is no JSON document with cards. Its text is English: a sender may see it."""


def read_document(text: str) -> Any:
    """The document. Raises `NoDocument`."""
    try:
        return strict_json(text)
    except NotJson as error:
        raise NoDocument(str(error)) from None


def cards_in(document: Any, cards_at: str) -> list[Any]:
    """The list of cards, or the one card that the document is. Raises `NoDocument`."""
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


def _usual(document: Any) -> Any:
    listed = at_path(document, CARDS)
    return listed if isinstance(listed, list) else document
