"""The small language of the mapping's patterns.

A pattern is one or more slots parted by spaces; a slot is one or more words parted by `|`:

- `снег` any form of the word; `обледен*` any word with this beginning; `=парковом` this form only;
- `№` any number of up to three digits (a route, a house, a school);
- `батарея ледяной|холодный` both slots close together, in any order.
"""

import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator

from bridge.routing.tokens import normalize_word

NUMBER = "№"
_WORD = re.compile(r"=?[а-яё]+|[а-яё]{3,}\*|\d+|№", re.IGNORECASE)


class WrongWord(ValueError):
    """A word of a pattern is not understood."""

    def __init__(self, pattern: str, word: str) -> None:
        super().__init__(
            f"{pattern!r}: {word!r} is not understood; right is a Russian word («снег»), its "
            "beginning («обледен*», three letters or more), a fixed form («=парковом»), a "
            "number or «№»; alternatives are parted by «|» without spaces"
        )
        self.word = word


@dataclass(frozen=True, slots=True)
class Pattern:
    """A parsed pattern: each slot is met by any of its words."""

    text: str
    slots: tuple[tuple[str, ...], ...]


def parse_pattern(text: str) -> Pattern:
    """Parse one pattern. Raises `ValueError` without words, `WrongWord` for one that is wrong."""
    slots = tuple(tuple(slot.split("|")) for slot in text.split())
    if not slots:
        raise ValueError("a pattern needs at least one word")
    for word in (word for slot in slots for word in slot):
        if not _WORD.fullmatch(word):
            raise WrongWord(text, word)
    return Pattern(text, tuple(tuple(normalize_word(word) for word in slot) for slot in slots))


def _checked(text: str) -> str:
    parse_pattern(text)
    return text


PatternText = Annotated[str, AfterValidator(_checked)]
"""A string of the mapping that `parse_pattern` accepts."""
