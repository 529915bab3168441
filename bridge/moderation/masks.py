"""Finds the words of the lexicon that may stand behind a mask («п***ц»)."""

import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import lru_cache

from bridge.moderation.letters import readings
from bridge.moderation.words import HIDDEN

_HIDDEN_RUN = re.compile(r"\*+")
_LEAST_SHOWN = 2
_MOST_FILLED = 2
_ALPHABET = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
_ONE_IS_ENOUGH = re.compile(r"[хx]\*{2,}")
_CACHED_MASKS = 10_000


class Masks:
    """Words that people mask, in the order in which one is preferred."""

    def __init__(self, words: Iterable[str], is_obscene: Callable[[str], bool]) -> None:
        self._is_obscene = is_obscene
        self._by_letter: defaultdict[str, list[str]] = defaultdict(list)
        for word in dict.fromkeys(words):
            self._by_letter[word[0]].append(word)
        self.behind = lru_cache(_CACHED_MASKS)(self._behind)

    def _behind(self, mask: str) -> str | None:
        """Return the word behind a mask, if there is one; too little shown is none."""
        for shown in _shown(mask):
            search = _as_search(shown)
            for word in self._candidates(shown):
                if search.fullmatch(word):
                    return word
            for word in _filled(shown):
                if self._is_obscene(word):
                    return word
        return None

    def _candidates(self, shown: str) -> Iterable[str]:
        if shown[0] != HIDDEN:
            return self._by_letter.get(shown[0], ())
        return (word for words in self._by_letter.values() for word in words)


def _shown(mask: str) -> Iterable[str]:
    """The mask with its letters made Cyrillic, unless it shows too little."""
    letters = _HIDDEN_RUN.sub("", mask)
    if len(letters) < _LEAST_SHOWN and not _ONE_IS_ENOUGH.fullmatch(mask):
        return
    for reading in readings(letters):
        if len(reading) == len(letters):
            rest = iter(reading)
            yield "".join(sign if sign == HIDDEN else next(rest) for sign in mask)


def _filled(mask: str) -> Iterable[str]:
    """The mask with every letter tried in its one or two hidden places: obscene roots are few."""
    if mask.count(HIDDEN) > _MOST_FILLED:
        return
    letters = [_ALPHABET if sign == HIDDEN else sign for sign in mask]
    yield from ("".join(filled) for filled in itertools.product(*letters))


def _as_search(mask: str) -> re.Pattern[str]:
    """One star is one letter; of several nobody counts how many they stand for."""
    return re.compile(_HIDDEN_RUN.sub(_hidden, mask))


def _hidden(stars: re.Match[str]) -> str:
    count = len(stars.group())
    return "." if count == 1 else f".{{1,{count + 2}}}"
