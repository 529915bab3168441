"""Marks the words of a message by what the lexicon lists them as."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from enum import Enum, auto

from bridge.moderation.lexicon import Lexicon, Patterns
from bridge.moderation.words import Word
from bridge.routing.matching import PatternIndex
from bridge.routing.morphology import Morphology
from bridge.routing.tokens import Token
from bridge.routing.vocabulary import Vocabulary

_SENTENCE_BREAK = 2


class Role(Enum):
    """A list of the lexicon."""

    OBSCENE = auto()
    DECENT = auto()
    INSULT = auto()
    ADDRESSED = auto()
    ADDRESSED_WITH = auto()
    QUALITY = auto()
    PEOPLE = auto()
    OFFENSIVE_PHRASE = auto()
    TOLD_INSULT = auto()
    HARMLESS = auto()
    HARM = auto()
    HARM_SOMEBODY = auto()
    DESTROY = auto()
    DAMAGE = auto()
    PROPERTY = auto()
    OFFICE = auto()
    ANIMAL = auto()
    FIRST_PERSON = auto()
    TO_ANOTHER = auto()
    APPROACH = auto()
    INTENT = auto()
    CALL = auto()
    THREAT = auto()
    TOLD_THREAT = auto()
    FEAR = auto()
    FIGURATIVE = auto()


class Marks:
    """Where each list of the lexicon was met in one message."""

    def __init__(self, met: Iterable[tuple[Role, tuple[int, ...]]]) -> None:
        self._places: defaultdict[Role, list[tuple[int, ...]]] = defaultdict(list)
        self._words: dict[tuple[Role, ...], frozenset[int]] = {}
        for role, tokens in met:
            self._places[role].append(tuple(sorted(tokens)))

    def places(self, role: Role) -> list[tuple[int, ...]]:
        """The indexes of the words of each place, in their order."""
        return self._places.get(role, [])

    def words(self, *roles: Role) -> frozenset[int]:
        """The indexes of all words met."""
        if roles not in self._words:
            self._words[roles] = frozenset(
                index for role in roles for place in self.places(role) for index in place
            )
        return self._words[roles]


class MarkIndex:
    """Every pattern of a lexicon, looked up together."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._vocabulary = Vocabulary(Morphology(), {}, lexicon.typo_min_length)
        self._index = PatternIndex[Role](self._vocabulary, lexicon.phrase_gap)
        for role, patterns in _lists(lexicon):
            for pattern in patterns:
                self._index.add(role, pattern)

    def knows(self, reading: str) -> bool:
        """Whether some pattern has the word."""
        return bool(self._vocabulary.terms_of(reading))

    def is_decent(self, reading: str) -> bool:
        """Whether the word is an exception by itself."""
        alone = self._index.find([Token(reading, reading, 0)])
        return any(match.owner is Role.DECENT for match in alone)

    def find(self, words: Sequence[Word]) -> Marks:
        """Mark a message."""
        return Marks((match.owner, match.tokens) for match in self._index.find(_tokens(words)))


def _tokens(words: Sequence[Word]) -> list[Token]:
    return [
        Token(word.text, word.written, place + _SENTENCE_BREAK * word.sentence)
        for place, word in enumerate(words)
    ]


def _lists(lexicon: Lexicon) -> Iterator[tuple[Role, Patterns]]:
    obscene, insult, threat = lexicon.obscene, lexicon.insult, lexicon.threat
    yield Role.OBSCENE, obscene.words
    yield Role.DECENT, obscene.exceptions
    yield Role.INSULT, insult.words
    yield Role.ADDRESSED, insult.addressed
    yield Role.ADDRESSED_WITH, insult.addressed_with
    yield Role.QUALITY, insult.qualities
    yield Role.PEOPLE, insult.people
    yield Role.OFFENSIVE_PHRASE, insult.phrases
    yield Role.TOLD_INSULT, insult.reporting
    yield Role.HARMLESS, insult.exceptions
    yield Role.HARM, threat.harm
    yield Role.HARM_SOMEBODY, threat.harm_somebody
    yield Role.DESTROY, threat.destroy
    yield Role.DAMAGE, threat.damage
    yield Role.PROPERTY, threat.property
    yield Role.OFFICE, threat.offices
    yield Role.ANIMAL, threat.animals
    yield Role.FIRST_PERSON, threat.first_person
    yield Role.TO_ANOTHER, threat.to_another
    yield Role.APPROACH, threat.approach
    yield Role.INTENT, threat.intent
    yield Role.CALL, threat.calls
    yield Role.THREAT, threat.phrases
    yield Role.TOLD_THREAT, threat.reporting
    yield Role.FEAR, threat.fears
    yield Role.FIGURATIVE, threat.figurative
