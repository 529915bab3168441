"""Routes a message: what it is about, else where it is."""

from bridge.routing.competence import CompetenceRules
from bridge.routing.evidence import (
    Evidence,
    confidence_of,
    distinct,
    score_by_department,
    without_minor,
)
from bridge.routing.mapping import DepartmentMapping
from bridge.routing.matching import PatternIndex
from bridge.routing.morphology import Morphology
from bridge.routing.route import Alert, Route
from bridge.routing.territory import TerritoryRules
from bridge.routing.tokens import Token, tokenize
from bridge.routing.vocabulary import Vocabulary


class Router:
    """Built once for each version of the mapping; `route` may be called from many threads."""

    def __init__(self, mapping: DepartmentMapping) -> None:
        morphology = Morphology()
        vocabulary = Vocabulary(morphology, mapping.synonyms, mapping.typo_min_length)
        self.mapping = mapping
        self._version = mapping.version
        self._minor_share = mapping.minor_share
        self._priorities = {each.key: each.priority for each in mapping.departments}
        self._competence = CompetenceRules(mapping, vocabulary, morphology)
        self._territory = TerritoryRules(mapping, vocabulary, morphology)
        self._alerts = PatternIndex[tuple[str, str]](vocabulary, mapping.phrase_gap)
        for rule in mapping.importance:
            for phrase in rule.phrases:
                self._alerts.add((rule.key, rule.name), phrase)

    def route(self, text: str) -> Route:
        """Return the departments that `text` concerns; any text at all has a defined result.

        A district or settlement gives way to a functional department: it is named only when
        nothing else is, or when the matter is one that district administrations handle.
        """
        tokens = tokenize(text)
        evidence = distinct(self._evidence(tokens))
        scores = without_minor(score_by_department(evidence), self._minor_share)
        departments = sorted(scores, key=lambda key: (-scores[key], self._priorities[key], key))
        return Route(
            departments=tuple(departments),
            confidence=min((confidence_of(score) for score in scores.values()), default=0.0),
            reasons=tuple(
                each.as_reason(tokens)
                for department in departments
                for each in evidence
                if each.department == department
            ),
            mapping_version=self._version,
            alerts=self._alerts_in(tokens),
        )

    def _evidence(self, tokens: tuple[Token, ...]) -> list[Evidence]:
        territories = self._territory.find(tokens)
        if not territories:
            return self._competence.find(tokens, frozenset())
        taken = {index for each in territories for index in each.tokens}
        return self._competence.find(tokens, taken | self._territory.matters(tokens)) or territories

    def _alerts_in(self, tokens: tuple[Token, ...]) -> tuple[Alert, ...]:
        alerts: dict[str, Alert] = {}
        for match in self._alerts.find(tokens):
            key, name = match.owner
            words = tuple(tokens[index].written for index in sorted(match.tokens))
            alerts.setdefault(key, Alert(key, name, words))
        return tuple(alerts.values())
