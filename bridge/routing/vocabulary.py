"""Tells which words of the mapping a word of the text stands for."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from bridge.routing.morphology import Morphology
from bridge.routing.pattern import NUMBER
from bridge.routing.tokens import normalize_word

_CACHED_WORDS = 50_000
_LONGEST_NUMBER = 3


class Vocabulary:
    """All words of a mapping's patterns, resolved to terms.

    A term is a lemma («снег»), a beginning («обледен*»), a fixed form («=парковом»), a literal
    number or `№`. Add every pattern's words first, then ask `terms_of`.
    """

    def __init__(
        self,
        morphology: Morphology,
        synonyms: Mapping[str, tuple[str, ...]],
        typo_min_length: int,
    ) -> None:
        self._morphology = morphology
        self._synonyms = {
            normalize_word(head): tuple(normalize_word(word) for word in words)
            for head, words in synonyms.items()
        }
        self._typo_min_length = typo_min_length
        self._terms: set[str] = set()
        self._beginning_lengths: tuple[int, ...] = ()
        self._misspelt: dict[str, set[str]] = {}
        self.terms_of: Callable[[str], frozenset[str]] = lru_cache(_CACHED_WORDS)(self._terms_of)

    def add(self, word: str) -> frozenset[str]:
        """Enter a pattern's word and return the terms that meet it, synonyms included."""
        words = (word, *self._synonyms.get(word, ()))
        terms = frozenset(term for each in words for term in self._resolve(each))
        for term in terms - self._terms:
            self._enter(term)
        return terms

    def _resolve(self, word: str) -> Iterable[str]:
        if word[0] == "=" or word[-1] == "*" or not word.isalpha():
            return (word,)
        return self._morphology.headwords(word)

    def _enter(self, term: str) -> None:
        self._terms.add(term)
        if term.endswith("*"):
            lengths = {*self._beginning_lengths, len(term) - 1}
            self._beginning_lengths = tuple(sorted(lengths))
        elif len(term) >= self._typo_min_length and term.isalpha():
            for spelling in _with_one_letter_less(term):
                self._misspelt.setdefault(spelling, set()).add(term)

    def _terms_of(self, word: str) -> frozenset[str]:
        if word.isdecimal():
            return self._terms_of_number(word)
        lemmas = self._morphology.lemmas(word)
        found = {term for term in (f"={word}", *lemmas) if term in self._terms}
        found.update(self._beginnings_of(word))
        if not found and len(word) >= self._typo_min_length and not self._morphology.is_known(word):
            found.update(self._corrections_of(word, lemmas))
        return frozenset(found)

    def _terms_of_number(self, number: str) -> frozenset[str]:
        terms = {number} & self._terms
        if len(number) <= _LONGEST_NUMBER:
            terms.add(NUMBER)
        return frozenset(terms)

    def _beginnings_of(self, word: str) -> Iterator[str]:
        for length in self._beginning_lengths:
            if (term := f"{word[:length]}*") in self._terms:
                yield term

    def _corrections_of(self, word: str, lemmas: frozenset[str]) -> Iterator[str]:
        """Words of the mapping one letter away: two spellings that share a shortened one."""
        for guess in {word, *lemmas}:
            for spelling in _with_one_letter_less(guess):
                yield from self._misspelt.get(spelling, ())


def _with_one_letter_less(word: str) -> set[str]:
    return {word, *(word[:place] + word[place + 1 :] for place in range(len(word)))}
