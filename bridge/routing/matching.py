"""Finds the mapping's patterns in a text, in time linear in the text's length."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bridge.routing.pattern import parse_pattern
from bridge.routing.tokens import Token
from bridge.routing.vocabulary import Vocabulary

Owner = TypeVar("Owner")


@dataclass(frozen=True, slots=True)
class Match(Generic[Owner]):
    """A pattern found in a text."""

    owner: Owner
    """What the pattern was entered for."""
    pattern: str
    tokens: tuple[int, ...]
    """Indexes of the words that met its slots, in the slots' order."""


class PatternIndex(Generic[Owner]):
    """Patterns of one kind, looked up by their words."""

    def __init__(self, vocabulary: Vocabulary, gap: int) -> None:
        """`gap`: how many other words may stand among the words of one pattern."""
        self._vocabulary = vocabulary
        self._gap = gap
        self._patterns: list[tuple[Owner, str, int]] = []
        self._slots_by_term: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)

    def add(self, owner: Owner, text: str) -> None:
        """Enter one pattern for `owner`."""
        pattern = parse_pattern(text)
        number = len(self._patterns)
        self._patterns.append((owner, pattern.text, len(pattern.slots)))
        for place, words in enumerate(pattern.slots):
            for term in {term for word in words for term in self._vocabulary.add(word)}:
                self._slots_by_term[term].append((number, place))

    def find(self, tokens: Sequence[Token]) -> list[Match[Owner]]:
        """Return every place where a pattern is met by close-by words, in the text's order."""
        found: list[Match[Owner]] = []
        latest: dict[int, list[int | None]] = {}
        for index, token in enumerate(tokens):
            for number, place in self._slots_met_by(token):
                owner, text, size = self._patterns[number]
                slots = latest.setdefault(number, [None] * size)
                slots[place] = index
                if met := self._close_together(slots, tokens):
                    found.append(Match(owner, text, met))
        return found

    def _slots_met_by(self, token: Token) -> set[tuple[int, int]]:
        slots_by_term = self._slots_by_term
        return {
            slot
            for term in self._vocabulary.terms_of(token.text)
            if term in slots_by_term
            for slot in slots_by_term[term]
        }

    def _close_together(
        self, slots: Sequence[int | None], tokens: Sequence[Token]
    ) -> tuple[int, ...] | None:
        met = tuple(index for index in slots if index is not None)
        if len(met) < len(slots) or len(set(met)) < len(met):
            return None
        span = tokens[max(met)].position - tokens[min(met)].position
        return met if span < len(met) + self._gap else None
