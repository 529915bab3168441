"""What the classifier sees of a text: its words' lemmas, pieces of words, and mentioned topics."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from bridge.routing.morphology import Morphology
from bridge.routing.route import RuleKind
from bridge.routing.tokens import Token

_PIECE_LENGTHS = (3, 4, 5)
_CACHED_WORDS = 50_000
_LONGEST_NUMBER = 3

Mention = tuple[RuleKind, str]
"""A kind of rule and the department of which the text has one, whether it counts or not."""


class Features:
    """Names of features; which of them mean something, a classifier's training says."""

    def __init__(self, morphology: Morphology) -> None:
        self._morphology = morphology
        self.of_word: Callable[[str], tuple[str, ...]] = lru_cache(_CACHED_WORDS)(self._of_word)

    def of_pair(self, one: Token, other: Token) -> str:
        """Two words that follow each other: «бить током», «бить стёкла»."""
        return f"p:{self._headword(one.text)} {self._headword(other.text)}"

    def of_words(self, tokens: Sequence[Token]) -> list[tuple[str, ...]]:
        """For each word in its order the features that it brings; pairs go with their second."""
        found = [self.of_word(token.text) for token in tokens]
        for place, (one, other) in enumerate(pairwise(tokens), start=1):
            found[place] = (*found[place], self.of_pair(one, other))
        return found

    def of_mentions(self, mentions: Iterable[Mention]) -> tuple[str, ...]:
        """The features of topics that the mapping knows."""
        return tuple(f"m:{kind}:{department}" for kind, department in mentions)

    def _of_word(self, word: str) -> tuple[str, ...]:
        if word.isdecimal():
            return ("w:№",) if len(word) <= _LONGEST_NUMBER else ()
        lemmas = tuple(f"w:{lemma}" for lemma in sorted(self._morphology.lemmas(word)))
        return lemmas + tuple(f"c:{piece}" for piece in _pieces(word))

    def _headword(self, word: str) -> str:
        return "№" if word.isdecimal() else min(self._morphology.lemmas(word))


def is_mention(feature: str) -> bool:
    """Whether the feature is a topic of the mapping, not a word."""
    return feature.startswith("m:")


def _pieces(word: str) -> Iterator[str]:
    edged = f"<{word}>"
    for length in _PIECE_LENGTHS:
        for start in range(len(edged) - length + 1):
            yield edged[start : start + length]
