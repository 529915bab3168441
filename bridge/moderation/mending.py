"""Puts together what was written apart to get past a filter: «х у й», «с.у.к.а», «пи здец»."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from bridge.moderation.letters import readings
from bridge.moderation.words import Cut, Word

_GAP = re.compile(r"[ \t.,\-–—_/\\|!:;'’`\"*+=~]{1,3}")
_DOTS = re.compile(r"\.{2,}|…")
_NUMBER = re.compile(r"\d+\w?")
_AS_LETTER = re.compile(r"[!|]")
_MOST_LETTERS = 16
_MOST_PIECES = 4
_LONGEST_PIECE = 4
_LONGEST_WHOLE = 16
_LONGEST_KNOWN_PIECE = 4
_WORDS_OF_ONE_LETTER = frozenset("аивскуоя")
_LEAST_SPELLED = 3


@dataclass(frozen=True)
class Mending:
    """`is_bad` tells a word that is worth being put together, `is_known` one that is complete.

    `behind` finds the word behind a mask.
    """

    is_bad: Callable[[str], bool]
    is_known: Callable[[str], bool]
    behind: Callable[[str], str | None]

    def mend(self, cut: Cut) -> tuple[Word, ...]:
        """Return the words, those that together make a bad one as one."""
        return tuple(self._mended(cut.text, cut.words))

    def _mended(self, text: str, words: Sequence[Word]) -> Iterator[Word]:
        place = 0
        while place < len(words):
            size, reading = self._spelled(words, place) or self._pieces(words, place) or (1, "")
            if reading:
                yield _joined(text, words[place : place + size], reading)
            else:
                yield words[place]
            place += size

    def _spelled(self, words: Sequence[Word], first: int) -> tuple[int, str] | None:
        """Single letters in a row: the longest beginning of them that is a bad word."""
        if len(words[first].written) != 1:
            return None
        size = 1
        while size < _MOST_LETTERS and _continues(words, first + size, longest=1):
            size += 1
        for length in range(size, _LEAST_SPELLED - 1, -1):
            reading = self._bad_reading(words[first : first + length])
            if reading:
                return length, reading
        return None

    def _pieces(self, words: Sequence[Word], first: int) -> tuple[int, str] | None:
        """Pieces of a word, of which one at least is no word."""
        for size in range(2, _MOST_PIECES + 1):
            if not _continues(words, first + size - 1, longest=_MOST_LETTERS):
                return None
            pieces = words[first : first + size]
            if not self._may_be_one(pieces):
                continue
            reading = self._bad_reading(pieces) or self._behind_dots(pieces)
            if reading:
                return size, reading
        return None

    def _may_be_one(self, pieces: Sequence[Word]) -> bool:
        if any(piece.is_capitalised for piece in pieces[1:]):
            return False
        if any(self._stands_alone(piece) for piece in pieces):
            return False
        return any(
            len(piece.text) <= _LONGEST_PIECE and not self._is_word(piece.text) for piece in pieces
        )

    def _stands_alone(self, piece: Word) -> bool:
        """A long word, one that is bad by itself, and the number of a house or a class («3б»)."""
        is_long = len(piece.text) > _LONGEST_KNOWN_PIECE and self.is_known(piece.text)
        return is_long or self.is_bad(piece.text) or _NUMBER.fullmatch(piece.written) is not None

    def _is_word(self, text: str) -> bool:
        return text in _WORDS_OF_ONE_LETTER if len(text) == 1 else self.is_known(text)

    def _bad_reading(self, pieces: Sequence[Word]) -> str | None:
        if any(_DOTS.search(piece.before) for piece in pieces[1:]):
            return None
        whole = _together(pieces)
        if len(whole) > _LONGEST_WHOLE:
            return None
        for reading in readings(whole):
            if self.is_bad(reading):
                return reading
        return None

    def _behind_dots(self, pieces: Sequence[Word]) -> str | None:
        """«х..ня»: dots that stand for letters."""
        if len(pieces) != 2 or not _DOTS.fullmatch(pieces[1].before):
            return None
        return self.behind("**".join(piece.text for piece in pieces))


def _continues(words: Sequence[Word], place: int, longest: int) -> bool:
    if place >= len(words):
        return False
    word = words[place]
    return len(word.written) <= longest and _GAP.fullmatch(word.before) is not None


def _together(pieces: Sequence[Word]) -> str:
    rest = (_letter_between(piece.before) + piece.written for piece in pieces[1:])
    whole = pieces[0].written + "".join(rest)
    return whole.lower().replace("ё", "е").replace("*", "")


def _letter_between(gap: str) -> str:
    """«п!здец»: a sign without spaces around it may be a letter."""
    return "и" if len(gap) == 1 and _AS_LETTER.match(gap) else ""


def _joined(text: str, pieces: Sequence[Word], reading: str) -> Word:
    first, last = pieces[0], pieces[-1]
    return replace(
        first,
        written=text[first.start : last.end],
        end=last.end,
        readings=(reading,),
        mask="",
        after=last.after,
    )
