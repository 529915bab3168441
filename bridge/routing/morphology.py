"""Lemmas of Russian words by pymorphy3."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from pymorphy3 import MorphAnalyzer

if TYPE_CHECKING:
    from collections.abc import Callable

_CACHED_WORDS = 50_000
_READABLE = re.compile(r"[а-яёa-z\d-]+", re.IGNORECASE)
_TELLING = frozenset({"NOUN", "ADJF", "ADJS", "VERB", "INFN", "PRTF", "PRTS", "GRND"})


class Morphology:
    """Answers questions about single normalised words, and remembers the answers.

    Every parse counts, not the likeliest one alone: «ямы» must meet «яма», though the first
    parse is «ям».
    """

    def __init__(self) -> None:
        self._analyzer = MorphAnalyzer()
        self.lemmas: Callable[[str], frozenset[str]] = lru_cache(_CACHED_WORDS)(self._lemmas)

    def is_known(self, word: str) -> bool:
        """Whether the dictionary has the word; if not, its lemmas are guesses."""
        return bool(self._analyzer.word_is_known(word))

    def headwords(self, word: str) -> frozenset[str]:
        """Return the lemmas that a word of the mapping stands for: itself, if it is one."""
        lemmas = self.lemmas(word)
        return frozenset({word}) if word in lemmas else lemmas

    def topic_of(self, word: str) -> str:
        """Return the likeliest headword of a noun, adjective or verb; empty for other words."""
        likeliest = self._analyzer.parse(word)[0]
        if likeliest.tag.POS not in _TELLING:
            return ""
        return str(likeliest.normal_form).replace("ё", "е")

    def is_direction(self, word: str) -> bool:
        """Whether «в» or «на» before the word says whither («в школу»), not where."""
        cases = {parse.tag.case for parse in self._parses(word)}
        return "accs" in cases and "loct" not in cases

    def is_nominative_adjective(self, word: str) -> bool:
        """Whether the word is an adjective in its dictionary case («Подлесная»)."""
        return any(
            parse.tag.POS == "ADJF" and parse.tag.case == "nomn" for parse in self._parses(word)
        )

    def _parses(self, word: str) -> list[Any]:
        """None for what is no word of any language here: pymorphy fails on unnamed letters."""
        return self._analyzer.parse(word) if _READABLE.fullmatch(word) else []

    def _lemmas(self, word: str) -> frozenset[str]:
        if not _READABLE.fullmatch(word):
            return frozenset({word})
        lemmas = {parse.normal_form.replace("ё", "е") for parse in self._parses(word)}
        return frozenset(lemmas | {_without_reflexive(lemma) for lemma in lemmas})


@cache
def shared_morphology() -> Morphology:
    """One for the whole process: another mapping has mostly the same words, parsed already."""
    return Morphology()


def _without_reflexive(lemma: str) -> str:
    """«вывозится» tells the same matter as «вывозят»."""
    return lemma[:-2] if lemma.endswith(("ться", "тись", "чься")) else lemma
