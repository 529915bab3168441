"""Names departments by what a message is about: keywords, phrases, hints, exclusions."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise

from bridge.routing.evidence import Evidence
from bridge.routing.features import Mention
from bridge.routing.landmarks import LandmarkRules
from bridge.routing.mapping import DepartmentMapping
from bridge.routing.matching import Match, PatternIndex
from bridge.routing.morphology import Morphology
from bridge.routing.route import RuleKind
from bridge.routing.tokens import Token
from bridge.routing.vocabulary import Vocabulary

EVERYBODY = ""
_EXCLUSION_GAP = 1


@dataclass(frozen=True, slots=True)
class Read:
    """Where the rules of each kind are met in one text."""

    matches: Mapping[RuleKind, Sequence[Match[str]]]

    @property
    def mentions(self) -> frozenset[Mention]:
        """Of which departments the text has a word of which kind: for who weighs them otherwise."""
        return frozenset(
            (kind, match.owner) for kind, found in self.matches.items() for match in found
        )


class CompetenceRules:
    """The rules of all departments, ready to be asked."""

    def __init__(
        self, mapping: DepartmentMapping, vocabulary: Vocabulary, morphology: Morphology
    ) -> None:
        self._hint_distance = mapping.hint_distance
        self._landmarks = LandmarkRules(mapping.landmarks, vocabulary, morphology)
        self._keywords = PatternIndex[str](vocabulary, mapping.phrase_gap)
        self._phrases = PatternIndex[str](vocabulary, mapping.phrase_gap)
        self._weak_keywords = PatternIndex[str](vocabulary, mapping.phrase_gap)
        self._hints = PatternIndex[str](vocabulary, mapping.phrase_gap)
        self._exclusions = PatternIndex[str](vocabulary, _EXCLUSION_GAP)
        _enter(self._exclusions, EVERYBODY, mapping.exclusions)
        for department in mapping.departments:
            _enter(self._keywords, department.key, department.keywords)
            _enter(self._phrases, department.key, department.phrases)
            _enter(self._weak_keywords, department.key, department.weak_keywords)
            _enter(self._hints, department.key, department.hints)
            _enter(self._exclusions, department.key, department.exclusions)

    def read(self, tokens: Sequence[Token]) -> "Read":
        """Return every place where a rule is met, whether it is to count or not."""
        return Read(
            {
                RuleKind.KEYWORD: self._keywords.find(tokens),
                RuleKind.PHRASE: self._phrases.find(tokens),
                RuleKind.HINTS: self._hints.find(tokens),
                RuleKind.WEAK_KEYWORD: self._weak_keywords.find(tokens),
            }
        )

    def find(
        self, tokens: Sequence[Token], read: "Read", taken: AbstractSet[int]
    ) -> list[Evidence]:
        """Return what speaks for each department; the words `taken` are not looked at."""
        excluded = self._excluded(tokens)
        excluded[EVERYBODY].update(taken)
        places = self._landmarks.find(tokens)
        matches = read.matches
        on_places, keywords = _split(_allowed(matches[RuleKind.KEYWORD], excluded), places)
        _, hints = _split(_allowed(matches[RuleKind.HINTS], excluded), places)

        evidence = _evidence(RuleKind.PHRASE, _allowed(matches[RuleKind.PHRASE], excluded))
        evidence += _evidence(RuleKind.KEYWORD, keywords)
        evidence += self._supported(hints, tokens)
        if evidence:
            return _without_overridden(evidence)
        weak = _allowed(matches[RuleKind.WEAK_KEYWORD], excluded)
        return _evidence(RuleKind.WEAK_KEYWORD, weak or on_places)

    def _excluded(self, tokens: Sequence[Token]) -> defaultdict[str, set[int]]:
        excluded: defaultdict[str, set[int]] = defaultdict(set)
        for match in self._exclusions.find(tokens):
            excluded[match.owner].update(match.tokens)
        return excluded

    def _supported(
        self, hints: Iterable[Match[str]], tokens: Sequence[Token]
    ) -> Iterator[Evidence]:
        """Yield neighbouring pairs of different hints of one department."""
        by_department: defaultdict[str, list[Match[str]]] = defaultdict(list)
        for hint in hints:
            by_department[hint.owner].append(hint)
        for department, found in by_department.items():
            for one, other in pairwise(found):
                if self._support_each_other(one, other, tokens):
                    yield Evidence(
                        department,
                        RuleKind.HINTS,
                        f"{one.pattern} + {other.pattern}",
                        one.tokens + other.tokens,
                    )

    def _support_each_other(
        self, one: Match[str], other: Match[str], tokens: Sequence[Token]
    ) -> bool:
        if one.pattern == other.pattern or set(one.tokens) & set(other.tokens):
            return False
        distance = tokens[min(other.tokens)].position - tokens[max(one.tokens)].position
        return distance <= self._hint_distance


def _enter(index: PatternIndex[str], owner: str, patterns: Iterable[str]) -> None:
    for pattern in patterns:
        index.add(owner, pattern)


def _allowed(
    matches: Iterable[Match[str]], excluded: defaultdict[str, set[int]]
) -> list[Match[str]]:
    return [
        match
        for match in matches
        if (excluded[EVERYBODY] | excluded[match.owner]).isdisjoint(match.tokens)
    ]


def _split(
    matches: Iterable[Match[str]], places: frozenset[int]
) -> tuple[list[Match[str]], list[Match[str]]]:
    """Part matches that rest on a place from those that say what it is about."""
    on_places: list[Match[str]] = []
    on_topics: list[Match[str]] = []
    for match in matches:
        (on_topics if places.isdisjoint(match.tokens) else on_places).append(match)
    return on_places, on_topics


def _evidence(kind: RuleKind, matches: Iterable[Match[str]]) -> list[Evidence]:
    return [Evidence(match.owner, kind, match.pattern, match.tokens) for match in matches]


def _without_overridden(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Drop what rests on words that are part of another department's longer phrase.

    In «свалка в лесу» the dump is the foresters', though «свалка» alone is not.
    """
    phrases_at: defaultdict[int, list[Evidence]] = defaultdict(list)
    for each in evidence:
        if each.kind is RuleKind.PHRASE:
            for index in each.tokens:
                phrases_at[index].append(each)
    return [each for each in evidence if not _overridden(each, phrases_at[each.tokens[0]])]


def _overridden(evidence: Evidence, phrases: Iterable[Evidence]) -> bool:
    return any(
        phrase.department != evidence.department
        and len(phrase.tokens) > len(evidence.tokens)
        and set(phrase.tokens).issuperset(evidence.tokens)
        for phrase in phrases
    )
