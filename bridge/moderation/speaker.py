"""Tells whether the author speaks of what he will do himself, or tells what others do and say."""

from dataclasses import dataclass

from bridge.moderation.marks import Role
from bridge.moderation.passage import Passage

_REACH_OF_INTENT = 5
_REACH_OF_TOLD = 7
_REACH_OF_WISH = 3
_WOULD = frozenset({"бы", "б"})


@dataclass(frozen=True)
class Speaker:
    """The author of one message."""

    passage: Passage

    def means_to(self, verb: int) -> bool:
        """«убью», «хочу убить»; not «не убью», «боюсь, убью», «кричит: убью»."""
        if not self._is_affirmed(verb):
            return False
        intends = self.passage.is_infinitive(verb) and self._is_intended(verb)
        return self.passage.is_first_person(verb) or intends

    def calls_for(self, verb: int) -> bool:
        """«… надо расстрелять»."""
        if not self.passage.is_infinitive(verb) or not self._is_affirmed(verb):
            return False
        near = self.passage.around(verb, verb, _REACH_OF_INTENT)
        return not self.passage.marks.words(Role.CALL).isdisjoint(near)

    def wishes_to(self, verb: int) -> bool:
        """«убил бы»: in the past's form and one's own, with nobody else for a subject."""
        near = self.passage.around(verb, verb, _REACH_OF_WISH)
        if not any(form.is_past_of_one for form in self.passage.forms(verb)):
            return False
        would = any(self.passage.text(each) in _WOULD for each in near)
        return would and self._is_affirmed(verb) and not any(map(self._is_other_subject, near))

    def _is_other_subject(self, index: int) -> bool:
        form = self.passage.forms(index)[0]
        return form.case == "nomn" and form.part in ("NOUN", "NPRO") and form.lemma != "я"

    def tells_of_others(self, index: int) -> bool:
        """«сосед кричит, что …», «грозился …»."""
        told = self.passage.marks.words(Role.TOLD_THREAT)
        return any(
            each in told and not self.passage.is_first_person(each)
            for each in range(max(0, index - _REACH_OF_TOLD), index)
        )

    def _is_affirmed(self, verb: int) -> bool:
        denied = self.passage.text(verb - 1) == "не"
        return not denied and not self.tells_of_others(verb) and not self._fears(verb)

    def _is_intended(self, verb: int) -> bool:
        """By a verb in the first person; «готов» and «намерен» have none."""
        intent = self.passage.marks.words(Role.INTENT, Role.APPROACH)
        return any(
            each in intent
            and each < verb + 2
            and any(
                form.is_first_person or form.part == "ADJS" for form in self.passage.forms(each)
            )
            for each in self.passage.around(verb, verb, _REACH_OF_INTENT)
        )

    def _fears(self, verb: int) -> bool:
        near = self.passage.around(verb, verb, _REACH_OF_TOLD)
        return not self.passage.marks.words(Role.FEAR).isdisjoint(near)
