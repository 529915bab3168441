"""Cuts a message into words, each with the spellings that it may stand for."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from bridge.moderation.letters import readings

HIDDEN = "*"
"""In a masked word: one letter, or several, that the citizen did not write."""

_WORD = re.compile(r"(?:[^\W_]|[*@$#€])+")
_SENTENCE_END = re.compile(r"[.!?…\n;]")
_INVISIBLE = frozenset({"Mn", "Cf", "Me"})
_HIDING = str.maketrans(dict.fromkeys("#@$€", HIDDEN))
_HIDES = frozenset("#@$€")
_LONGEST_WORD = 40
_CACHED_SPELLINGS = 50_000


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the message. `before` and `after` are what stands between it and its neighbours."""

    written: str
    """As the citizen wrote it."""
    start: int
    end: int
    """Its place in the text."""
    readings: tuple[str, ...]
    """What it may mean, the likeliest first; empty for a number."""
    mask: str
    """With `*` for what is hidden; empty when nothing is."""
    sentence: int
    before: str
    after: str

    @property
    def text(self) -> str:
        """Its likeliest reading, or what is written."""
        return self.readings[0] if self.readings else self.written.lower()

    @property
    def is_capitalised(self) -> bool:
        """Written as a name is."""
        return self.written[:1].isupper() and not self.written.isupper()


@dataclass(frozen=True, slots=True)
class Cut:
    """A text and its words."""

    text: str
    words: tuple[Word, ...]


def cut(text: str) -> Cut:
    """Return the words of `text` in order, numbers included."""
    composed = unicodedata.normalize("NFC", text)
    shown, origin = _visible(composed)
    pieces = [piece for piece in _WORD.finditer(shown) if len(piece.group()) <= _LONGEST_WORD]
    words: list[Word] = []
    sentence = 0
    for number, piece in enumerate(pieces):
        before = shown[pieces[number - 1].end() : piece.start()] if number else ""
        last = number + 1 == len(pieces)
        after = shown[piece.end() : None if last else pieces[number + 1].start()]
        sentence += bool(_SENTENCE_END.search(before))
        start, end = origin[piece.start()], origin[piece.end() - 1] + 1
        spellings, mask = _spellings(piece.group().lower().replace("ё", "е"))
        words.append(
            Word(composed[start:end], start, end, spellings, mask, sentence, before, after)
        )
    return Cut(composed, tuple(words))


def _visible(text: str) -> tuple[str, list[int]]:
    """The text with compatible letters made plain, and where each sign of it was."""
    if text.isascii():
        return text, list(range(len(text)))
    shown: list[str] = []
    origin: list[int] = []
    for place, sign in enumerate(text):
        if unicodedata.category(sign) in _INVISIBLE:
            continue
        for plain in unicodedata.normalize("NFKC", sign):
            shown.append(plain)
            origin.append(place)
    return "".join(shown), origin


@lru_cache(_CACHED_SPELLINGS)
def _spellings(written: str) -> tuple[tuple[str, ...], str]:
    """The readings of a word, and its mask where signs in it hide letters."""
    core = written.strip("*#").lstrip("@$€")
    found = readings(core.replace("*", "").replace("#", ""))
    hides = HIDDEN in written or not _HIDES.isdisjoint(core)
    mask = written.lstrip("@#$€").translate(_HIDING) if hides and core else ""
    return found, mask
