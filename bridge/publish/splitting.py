"""Splits an answer that is longer than its channel allows at the ends of sentences."""

import re
from collections.abc import Iterator
from typing import Final

from bridge.publish.rendering import TooLong

MOST_PARTS: Final = 5
"""An answer in more pieces than this is no answer that a citizen reads: a person shortens it."""

_MARK = "\n({number}/{total})"
_MARK_ROOM = len(_MARK.format(number=MOST_PARTS, total=MOST_PARTS))
_BOUNDARIES: Final = (
    re.compile(r"\n\s*\n\s*"),
    re.compile(r"\n\s*"),
    re.compile(r"(?<=[.!?…])[»)\"]?\s+"),
    re.compile(r"\s+"),
)
"""Where a text may be cut, the best first: paragraphs, lines, sentences, words."""


def split(text: str, limit: int) -> tuple[str, ...]:
    """The text in parts of at most `limit` characters, each with its number when there are several.

    Raises `TooLong` when that takes more parts than `MOST_PARTS`.
    """
    if len(text) <= limit:
        return (text,)
    parts = tuple(_cut(text, limit - _MARK_ROOM))
    if len(parts) > MOST_PARTS:
        raise TooLong(limit * MOST_PARTS, len(text))
    return tuple(
        part + _MARK.format(number=number, total=len(parts)) for number, part in enumerate(parts, 1)
    )


def _cut(text: str, room: int) -> Iterator[str]:
    rest = text.strip()
    while len(rest) > room:
        end = _end_of_part(rest, room)
        yield rest[:end].rstrip()
        rest = rest[end:].lstrip()
    yield rest


def _end_of_part(text: str, room: int) -> int:
    """The best place to cut within the room; a part is never less than a third of it."""
    for boundary in _BOUNDARIES:
        ends = [found.end() for found in boundary.finditer(text, 0, room)]
        if ends and ends[-1] > room // 3:
            return ends[-1]
    return room
