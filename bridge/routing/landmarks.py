"""Tells places that a message names to say where from what it is about."""

from collections.abc import Iterator, Sequence

from bridge.routing.mapping import Landmarks
from bridge.routing.morphology import Morphology
from bridge.routing.tokens import Token
from bridge.routing.vocabulary import Vocabulary

# «возле нашей новой школы»: so many words may stand between the two.
_REACH = 2
_WHITHER = frozenset({"в", "во", "на"})


class LandmarkRules:
    """Finds places: «яма возле школы» is about the pit, not about the school."""

    def __init__(
        self, landmarks: Landmarks, vocabulary: Vocabulary, morphology: Morphology
    ) -> None:
        self._vocabulary = vocabulary
        self._morphology = morphology
        self._landmarks = _terms(vocabulary, landmarks.words)
        self._scenes = _terms(vocabulary, landmarks.scenes)
        self._before_landmarks = _terms(vocabulary, landmarks.prepositions)
        self._before_scenes = self._before_landmarks | _terms(
            vocabulary, landmarks.scene_prepositions
        )

    def find(self, tokens: Sequence[Token]) -> frozenset[int]:
        """Return the indexes of the words by which the text only says where something is."""
        landmarks = (
            index
            for index in self._named(tokens, self._landmarks)
            if self._follows(tokens, index, self._before_landmarks)
            or self._is_whither(tokens, index)
        )
        scenes = (
            index
            for index in self._named(tokens, self._scenes)
            if self._follows(tokens, index, self._before_scenes)
        )
        return frozenset(landmarks) | frozenset(scenes)

    def _named(self, tokens: Sequence[Token], names: frozenset[str]) -> Iterator[int]:
        for index, token in enumerate(tokens):
            if not names.isdisjoint(self._vocabulary.terms_of(token.text)):
                yield index

    def _follows(self, tokens: Sequence[Token], index: int, prepositions: frozenset[str]) -> bool:
        return any(
            not prepositions.isdisjoint(self._vocabulary.terms_of(before.text))
            for before in _words_before(tokens, index)
        )

    def _is_whither(self, tokens: Sequence[Token], index: int) -> bool:
        return self._morphology.is_direction(tokens[index].text) and any(
            before.text in _WHITHER for before in _words_before(tokens, index)
        )


def _words_before(tokens: Sequence[Token], index: int) -> Iterator[Token]:
    for before in tokens[max(0, index - _REACH - 1) : index]:
        if tokens[index].position - before.position <= _REACH + 1:
            yield before


def _terms(vocabulary: Vocabulary, words: Sequence[str]) -> frozenset[str]:
    return frozenset(term for word in words for term in vocabulary.add(word))
