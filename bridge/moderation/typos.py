"""Finds the word of the lexicon that a misspelt one is one letter away from."""

from collections import defaultdict
from collections.abc import Iterable


class Typos:
    """All forms of the words that may be misspelt."""

    def __init__(self, words: Iterable[str], min_length: int) -> None:
        self._min_length = min_length
        self._by_shortened: defaultdict[str, list[str]] = defaultdict(list)
        for word in words:
            if len(word) >= min_length:
                for shortened in _shortened(word):
                    self._by_shortened[shortened].append(word)

    def corrected(self, word: str) -> str | None:
        """The word meant, with the same first letter; None when there is none."""
        if len(word) < self._min_length:
            return None
        for shortened in _shortened(word):
            for meant in self._by_shortened.get(shortened, ()):
                if meant[0] == word[0] and abs(len(meant) - len(word)) <= 1:
                    return meant
        return None


def _shortened(word: str) -> list[str]:
    """The word, and the word without each of its letters: neighbours share one of them."""
    return [word, *(word[:place] + word[place + 1 :] for place in range(len(word)))]
