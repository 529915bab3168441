"""Finds threats (clause 1.3): harm to people or property that the author says to be about to do.

Harm that somebody reports or fears, a turn of speech and a lawsuit are none. Person, tense and
object decide, so the lexicon lists verbs and not their forms.
"""

from collections.abc import Iterator

from bridge.moderation.marks import Role
from bridge.moderation.passage import Passage
from bridge.moderation.speaker import Speaker
from bridge.moderation.victims import Victims

_HARMFUL = (Role.HARM, Role.HARM_SOMEBODY, Role.DESTROY, Role.DAMAGE)

_REACH_OF_APPROACH = 12
_REFLEXIVE = ("сь", "ся")


def find_threats(passage: Passage) -> Iterator[tuple[int, ...]]:
    """Yield the indexes of the words of each threat."""
    figurative = passage.marks.words(Role.FIGURATIVE)
    threats = _Threats(passage, Speaker(passage), Victims(passage))
    yield from (place for place in threats.phrases() if figurative.isdisjoint(place))
    for verb in sorted(passage.marks.words(*_HARMFUL) - figurative):
        if threats.is_threat(verb):
            yield (verb,)


class _Threats:
    def __init__(self, passage: Passage, speaker: Speaker, victims: Victims) -> None:
        self._passage = passage
        self._marks = passage.marks
        self._speaker = speaker
        self._victims = victims

    def phrases(self) -> Iterator[tuple[int, ...]]:
        for place in self._marks.places(Role.THREAT):
            if not self._speaker.tells_of_others(place[0]):
                yield place
        for place in (*self._marks.places(Role.FIRST_PERSON), *self._to_others()):
            if any(map(self._is_meant, place)) or self._is_called_for(place):
                yield place

    def _is_meant(self, index: int) -> bool:
        return self._speaker.means_to(index) and not self._victims.are_the_author(index)

    def _is_called_for(self, place: tuple[int, ...]) -> bool:
        """«морду бы тебе набить»."""
        called = any(map(self._speaker.calls_for, place))
        return called and any(map(self._victims.are_faced, place))

    def _to_others(self) -> Iterator[tuple[int, ...]]:
        """«переломаю вам ноги», and not «ноги переломаю на вашем льду»."""
        for place in self._marks.places(Role.TO_ANOTHER):
            if self._victims.suffer(place[0], place[-1]) or self._comes(place[0]):
                yield place

    def _comes(self, index: int) -> bool:
        """«найду и …»."""
        approach = self._marks.words(Role.APPROACH)
        return any(
            each in approach and self._speaker.means_to(each)
            for each in self._passage.around(index, index, _REACH_OF_APPROACH)
        )

    def is_threat(self, verb: int) -> bool:
        if self._passage.text(verb).endswith(_REFLEXIVE):
            return False
        if self._speaker.means_to(verb):
            return self._harms(verb)
        if self._speaker.calls_for(verb) or self._speaker.wishes_to(verb):
            return self._is_for_those_present(verb)
        return False

    def _harms(self, verb: int) -> bool:
        victims = self._victims
        if self._is(verb, Role.HARM, Role.HARM_SOMEBODY, Role.DESTROY) and victims.are_people(verb):
            return True
        if self._is(verb, Role.HARM, Role.DESTROY) and victims.are_nobody_else(verb):
            return True
        if self._is(verb, Role.DESTROY) and victims.are_property(verb):
            return True
        return self._is(verb, Role.DAMAGE) and (
            victims.are_everything(verb) or victims.are_somebodys(verb)
        )

    def _is_for_those_present(self, verb: int) -> bool:
        """«расстрелять вас надо», «убил бы вас», «взорвать бы вашу мэрию»."""
        if self._is(verb, Role.HARM, Role.HARM_SOMEBODY) and self._victims.are_faced(verb):
            return True
        return self._is(verb, Role.DESTROY) and self._victims.are_somebodys(verb)

    def _is(self, verb: int, *roles: Role) -> bool:
        return verb in self._marks.words(*roles)
