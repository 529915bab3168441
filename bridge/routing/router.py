"""Routes a message: what it is about, else where it is."""

from collections.abc import Iterator, Sequence
from copy import copy

from bridge.routing.competence import CompetenceRules, Read
from bridge.routing.evidence import (
    WEIGHT_OF_TOPIC,
    Evidence,
    confidence_of,
    distinct,
    score_by_department,
    without_minor,
)
from bridge.routing.features import Features
from bridge.routing.mapping import DepartmentMapping
from bridge.routing.matching import PatternIndex
from bridge.routing.morphology import shared_morphology
from bridge.routing.route import Alert, Reason, Route, RuleKind
from bridge.routing.territory import TerritoryRules
from bridge.routing.tokens import Token, tokenize
from bridge.routing.verdict import SecondVoice, Verdict
from bridge.routing.vocabulary import Vocabulary
from bridge.routing.voices import Opinion, concluded

_LIKE_ENOUGH_TO_TELL = 0.0


class Router:
    """Built once for each version of the mapping; `route` may be called from many threads.

    Without a second voice rules alone decide.
    """

    def __init__(self, mapping: DepartmentMapping, second_voice: SecondVoice | None = None) -> None:
        morphology = shared_morphology()
        vocabulary = Vocabulary(morphology, mapping.synonyms, mapping.typo_min_length)
        self.mapping = mapping
        self._second_voice = second_voice
        self._version = mapping.version
        self._minor_share = mapping.minor_share
        self._priorities = {each.key: each.priority for each in mapping.departments}
        self._features = Features(morphology)
        self._competence = CompetenceRules(mapping, vocabulary, morphology)
        self._territory = TerritoryRules(mapping, vocabulary, morphology)
        self._alerts = PatternIndex[tuple[str, str]](vocabulary, mapping.phrase_gap)
        for rule in mapping.importance:
            for phrase in rule.phrases:
                self._alerts.add((rule.key, rule.name), phrase)

    def route(self, text: str, topics: Sequence[str] = (), district: str = "") -> Route:
        """Return the departments that `text` concerns; any text at all has a defined result.

        `topics` (codes of rubrics) and `district` (its name) are the sender's own words for the
        matter. A district or settlement gives way to a functional department: it is named only when
        nothing else is, or when the matter is one that district administrations handle.
        """
        tokens = tokenize(text)
        rubrics = [reason for topic in topics for reason in self._told_by(topic)]
        sender = tokenize(f"{district} район") if district else ()
        read = self._competence.read(tokens)
        places = self._territory.find(tokens)
        evidence = distinct(self._evidence(tokens, read, places, () if rubrics else sender))
        scores = self._scores(evidence, rubrics)
        verdict = self._verdict(tokens, read, places)
        opinion = concluded(scores, verdict) if verdict else self._by_rules(scores)
        found = [*rubrics, *(each.as_reason((*tokens, *sender)) for each in evidence)]
        return Route(
            departments=opinion.departments,
            confidence=opinion.confidence,
            reasons=tuple(
                reason
                for department in opinion.departments
                for reason in self._reasons(department, found, verdict, tokens)
            ),
            mapping_version=self._version,
            model_version=self.model_version,
            alerts=self._alerts_in(tokens),
        )

    @property
    def model_version(self) -> str:
        """The second voice's version; empty when rules decide alone."""
        return self._second_voice.version if self._second_voice else ""

    def with_second_voice(self, voice: SecondVoice | None) -> "Router":
        """The same rules together with another second voice, or alone."""
        other = copy(self)
        other._second_voice = voice
        return other

    def features(self, text: str) -> tuple[list[tuple[str, ...]], tuple[str, ...]]:
        """What a classifier sees of a text: the features of each word, and its mentions."""
        tokens = tokenize(text)
        return self._seen(tokens, self._competence.read(tokens), self._territory.find(tokens))

    # What the rules find

    def _evidence(
        self,
        tokens: tuple[Token, ...],
        read: Read,
        places: list[Evidence],
        sender: tuple[Token, ...],
    ) -> list[Evidence]:
        """`sender`: the words by which the sender names the district, for texts that name none."""
        if not places:
            functional = self._competence.find(tokens, read, frozenset())
            return functional or self._of_sender(tokens, sender)
        taken = {index for each in places for index in each.tokens}
        taken |= self._territory.matters(tokens)
        return self._competence.find(tokens, read, taken) or places

    def _of_sender(self, tokens: tuple[Token, ...], sender: tuple[Token, ...]) -> list[Evidence]:
        return [each.behind(len(tokens)) for each in self._territory.find(sender)]

    def _told_by(self, topic: str) -> Iterator[Reason]:
        department = self.mapping.department_of_topic(topic)
        if department:
            yield Reason(department.key, RuleKind.TOPIC, topic, (topic,))

    def _scores(self, evidence: list[Evidence], rubrics: list[Reason]) -> dict[str, float]:
        scores = score_by_department(evidence)
        for rubric in rubrics:
            scores[rubric.department] = scores.get(rubric.department, 0.0) + WEIGHT_OF_TOPIC
        return without_minor(scores, self._minor_share)

    def _by_rules(self, scores: dict[str, float]) -> Opinion:
        ordered = sorted(scores, key=lambda key: (-scores[key], self._priorities[key], key))
        least = min((confidence_of(score) for score in scores.values()), default=0.0)
        return Opinion(tuple(ordered), least)

    # What the classifier says

    def _seen(
        self, tokens: tuple[Token, ...], read: Read, places: list[Evidence]
    ) -> tuple[list[tuple[str, ...]], tuple[str, ...]]:
        mentions = read.mentions | {(each.kind, each.department) for each in places}
        return self._features.of_words(tokens), self._features.of_mentions(mentions)

    def _verdict(
        self, tokens: tuple[Token, ...], read: Read, places: list[Evidence]
    ) -> Verdict | None:
        if self._second_voice is None:
            return None
        return self._second_voice.judge(*self._seen(tokens, read, places))

    # What is told

    def _reasons(
        self,
        department: str,
        found: Sequence[Reason],
        verdict: Verdict | None,
        tokens: tuple[Token, ...],
    ) -> Iterator[Reason]:
        """The rules that named it, and the classifier where it says so too, or alone."""
        by_rules = [reason for reason in found if reason.department == department]
        yield from by_rules
        if self._second_voice is None or verdict is None:
            return
        if not by_rules or verdict.margins.get(department, -1.0) > _LIKE_ENOUGH_TO_TELL:
            words = tuple(tokens[place].written for place in verdict.words_for(department))
            yield Reason(department, RuleKind.LIKENESS, self._second_voice.version, words)

    def _alerts_in(self, tokens: tuple[Token, ...]) -> tuple[Alert, ...]:
        alerts: dict[str, Alert] = {}
        for match in self._alerts.find(tokens):
            key, name = match.owner
            words = tuple(tokens[index].written for index in sorted(match.tokens))
            alerts.setdefault(key, Alert(key, name, words))
        return tuple(alerts.values())
