"""What speaks for a department in one message, and how strongly."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from bridge.routing.route import Reason, RuleKind
from bridge.routing.tokens import Token

# A phrase leaves the least doubt; a keyword may stand in another sense; a street's name can be
# part of an address only.
_WEIGHTS = {
    RuleKind.PHRASE: 1.5,
    RuleKind.KEYWORD: 1.0,
    RuleKind.HINTS: 0.9,
    RuleKind.WEAK_KEYWORD: 0.6,
    RuleKind.TERRITORY: 1.0,
    RuleKind.STREET: 0.75,
}
_DOUBT_LEFT_BY_ONE = 0.5

WEIGHT_OF_TOPIC = 3.0
"""A rubric is a person's choice: more than any word that the text happens to have."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One rule that a message met on behalf of a department."""

    department: str
    kind: RuleKind
    pattern: str
    tokens: tuple[int, ...]

    def behind(self, words: int) -> "Evidence":
        """Return it for a text in which so many words stand before those that it was found in."""
        return replace(self, tokens=tuple(index + words for index in self.tokens))

    def as_reason(self, tokens: tuple[Token, ...]) -> Reason:
        """Return it with the citizen's own words."""
        words = tuple(tokens[index].written for index in sorted(set(self.tokens)))
        return Reason(self.department, self.kind, self.pattern, words)


def score_by_department(evidence: Iterable[Evidence]) -> dict[str, float]:
    """Sum the weights; rules that rest on the same words, or are met twice, count once."""
    scores: dict[str, float] = {}
    counted: set[tuple[str, int]] = set()
    for each in sorted(distinct(evidence), key=lambda each: -_WEIGHTS[each.kind]):
        words = {(each.department, index) for index in each.tokens}
        if not words <= counted:
            scores[each.department] = scores.get(each.department, 0.0) + _WEIGHTS[each.kind]
            counted |= words
    return scores


def without_minor(scores: Mapping[str, float], share: float) -> dict[str, float]:
    """Drop departments that the text mentions only by the way."""
    least = share * max(scores.values(), default=0.0)
    return {department: score for department, score in scores.items() if score >= least}


def confidence_of(score: float) -> float:
    """Return 0.0 for no evidence; each unit of weight halves the doubt that is left."""
    return round(1.0 - math.pow(_DOUBT_LEFT_BY_ONE, score), 3)


def distinct(evidence: Iterable[Evidence]) -> list[Evidence]:
    """Keep the first place where each rule was met, and one rule for the same words."""
    patterns: set[tuple[str, RuleKind, str]] = set()
    places: set[tuple[str, RuleKind, frozenset[int]]] = set()
    kept: list[Evidence] = []
    for each in evidence:
        pattern = (each.department, each.kind, each.pattern)
        place = (each.department, each.kind, frozenset(each.tokens))
        if pattern not in patterns and place not in places:
            kept.append(each)
        patterns.add(pattern)
        places.add(place)
    return kept
