"""What curators' corrections suggest for the mapping: words that it lacks, rules that mislead."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bridge.routing.mapping import Department, DepartmentMapping
from bridge.routing.morphology import Morphology, shared_morphology
from bridge.routing.pattern import parse_pattern
from bridge.routing.tokens import tokenize
from bridge.routing.vocabulary import Vocabulary

_LEAST_MESSAGES_WITH_A_WORD = 2
_SHORTEST_WORD = 3
_WORDS_SUGGESTED = 15


@dataclass(frozen=True)
class SpokenFor:
    """What had spoken for a department: a rule, or the classifier, on one line."""

    department: str
    rule: str


@dataclass(frozen=True)
class Correction:
    """A message that the curators had routed otherwise. `ticket` is its number for staff."""

    ticket: str
    text: str
    proposed: tuple[str, ...]
    chosen: tuple[str, ...]
    reasons: tuple[SpokenFor, ...] = ()


@dataclass(frozen=True)
class Suggestion:
    """What to look at in one department's section of the mapping."""

    department: str
    missed: tuple[Correction, ...]
    """Messages that were this department's, though it was not proposed."""
    words: tuple[tuple[str, int], ...]
    """Headwords of those messages that no rule of the department has, with how many have them."""
    misleading: tuple[tuple[str, int], ...]
    """Rules that proposed the department for others' messages, with how often."""


def suggest(
    corrections: Sequence[Correction], mapping: DepartmentMapping
) -> tuple[Suggestion, ...]:
    """Return a suggestion for each department that a correction is about, in the mapping's order.

    Departments that the mapping no longer has are passed over.
    """
    morphology = shared_morphology()
    return tuple(
        suggestion
        for department in mapping.departments
        if (suggestion := _for(department, corrections, mapping, morphology))
    )


def messages_with(word: str, missed: Iterable[Correction]) -> tuple[Correction, ...]:
    """Those of the messages that have the word, in whatever form."""
    morphology = shared_morphology()
    return tuple(
        each
        for each in missed
        if any(morphology.topic_of(token.text) == word for token in tokenize(each.text))
    )


def _for(
    department: Department,
    corrections: Sequence[Correction],
    mapping: DepartmentMapping,
    morphology: Morphology,
) -> Suggestion | None:
    key = department.key
    missed = tuple(each for each in corrections if key in each.chosen and key not in each.proposed)
    misled = [each for each in corrections if key in each.proposed and key not in each.chosen]
    if not missed and not misled:
        return None
    vocabulary = _vocabulary(department, mapping, morphology)
    return Suggestion(
        department=key,
        missed=missed,
        words=_lacking(missed, vocabulary, morphology),
        misleading=_misleading(key, misled),
    )


def _vocabulary(
    department: Department, mapping: DepartmentMapping, morphology: Morphology
) -> Vocabulary:
    """All words of the department's rules."""
    vocabulary = Vocabulary(morphology, mapping.synonyms, mapping.typo_min_length)
    for pattern in (
        *department.keywords,
        *department.phrases,
        *department.weak_keywords,
        *department.hints,
    ):
        for slot in parse_pattern(pattern).slots:
            for word in slot:
                vocabulary.add(word)
    return vocabulary


def _lacking(
    missed: Iterable[Correction], vocabulary: Vocabulary, morphology: Morphology
) -> tuple[tuple[str, int], ...]:
    messages = Counter(
        word for each in missed for word in _unknown_words(each.text, vocabulary, morphology)
    )
    frequent = [
        (word, count) for word, count in messages.items() if count >= _LEAST_MESSAGES_WITH_A_WORD
    ]
    return tuple(sorted(frequent, key=lambda each: (-each[1], each[0]))[:_WORDS_SUGGESTED])


def _unknown_words(text: str, vocabulary: Vocabulary, morphology: Morphology) -> set[str]:
    return {
        word
        for token in tokenize(text)
        if token.text.isalpha() and len(token.text) >= _SHORTEST_WORD
        if not vocabulary.terms_of(token.text) and (word := morphology.topic_of(token.text))
    }


def _misleading(department: str, misled: Iterable[Correction]) -> tuple[tuple[str, int], ...]:
    """Each rule counts once for a message."""
    rules = Counter(
        rule
        for each in misled
        for rule in {reason.rule for reason in each.reasons if reason.department == department}
    )
    return tuple(sorted(rules.items(), key=lambda each: (-each[1], each[0])))
