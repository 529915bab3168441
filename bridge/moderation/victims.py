"""Tells whom or what a verb of harm is for: people, somebody's property, one's own things."""

from dataclasses import dataclass

from bridge.moderation.marks import Role
from bridge.moderation.passage import Passage

_PEOPLE = frozenset(
    {"вас", "тебя", "его", "ее", "их", "всех", "вам", "тебе", "ему", "им", "ей", "каждого"}
    | {"любого", "вами", "тобой", "них", "него", "нее", "обоих"}
)
_FACE_TO_FACE = frozenset({"вас", "тебя", "вам", "тебе", "всех", "каждого"})
_OWNERS = frozenset({"вам", "тебе", "ему", "ей", "им", "его", "ее", "их"})
_WHOEVER = frozenset({"кто", "всем", "каждому", "тому", "тем", "любому"})
_YOURS = frozenset({"ваш", "твой"})
_ONES_OWN = frozenset({"себя", "свой", "мой", "наш", "я", "мы"})
_HIMSELF = frozenset({"себя", "себе", "собой"})
_THEM = frozenset({"вы", "ты", "он", "она", "они"})
_REACH = 4
_REACH_OF_HIMSELF = 3


@dataclass(frozen=True)
class Victims:
    """Those of one message. Verbs are told by their indexes."""

    passage: Passage

    def are_the_author(self, verb: int) -> bool:
        """«убью себя», «сама себе шею сверну»: no comma stands between."""
        return any(self._meets_himself(verb, step) for step in (-1, 1))

    def are_people(self, verb: int) -> bool:
        """Somebody is hit."""
        return not self.are_the_author(verb) and any(map(self._is_person, self._objects(verb)))

    def are_faced(self, verb: int) -> bool:
        """Those are hit to whom the author speaks, or theirs: «вас», «всех», «вашего мастера»."""
        return any(
            self.passage.text(each) in _FACE_TO_FACE
            or (
                self._is_person(each)
                and not _YOURS.isdisjoint(self.passage.lemmas(max(0, each - 1)))
            )
            for each in self._objects(verb)
        )

    def are_nobody_else(self, verb: int) -> bool:
        """Nothing is named that could be hit instead of people."""
        animals = self.passage.marks.words(Role.ANIMAL)
        named = [each for each in self._objects(verb) if each in animals or self._is_thing(each)]
        return not named and not self.are_the_author(verb)

    def are_property(self, verb: int) -> bool:
        """Property is hit, or a thing of theirs, and nothing says that it is the author's own."""
        return bool(self._property(verb)) or any(
            self._is_thing(each) and not _YOURS.isdisjoint(self.passage.lemmas(each - 1))
            for each in self._objects(verb)
            if each > 0
        )

    def are_somebodys(self, verb: int) -> bool:
        """Property is hit, and it is somebody else's."""
        hit = self._property(verb)
        if not hit:
            return False
        near = self.passage.around(verb, max(verb, *hit), _REACH)
        offices = self.passage.marks.words(Role.OFFICE)
        return not offices.isdisjoint(hit) or self._has_owner(near, hit)

    def are_everything(self, verb: int) -> bool:
        """«разнесу всё»."""
        near = self.passage.around(verb, verb, _REACH)
        return any(self.passage.text(each) == "все" for each in near) and not any(
            self._is_thing(each) for each in self._objects(verb)
        )

    def suffer(self, first: int, last: int) -> bool:
        """Somebody's limbs: «вам», «мэру», «твои»; not «себе», «мне»."""
        near = self.passage.around(first, last, _REACH)
        if any(not _ONES_OWN.isdisjoint(self._possessives(each)) for each in near):
            return False
        return any(self._is_sufferer(each) for each in near)

    def _property(self, verb: int) -> list[int]:
        hit = [each for each in self._objects(verb) if self._is_property(each)]
        near = self.passage.around(verb, max(verb, *hit), _REACH) if hit else range(0)
        is_own = any(not _ONES_OWN.isdisjoint(self._possessives(each)) for each in near)
        return [] if is_own else hit

    def _objects(self, verb: int) -> list[int]:
        """Words around the verb that no preposition takes for something else."""
        return [
            each
            for each in self.passage.around(verb, verb, _REACH)
            if each != verb and not self.passage.belongs_to_preposition(each)
        ]

    def _is_person(self, index: int) -> bool:
        marks = self.passage.marks
        if self.passage.text(index) in _PEOPLE:
            return True
        if index in marks.words(Role.ANIMAL):
            return False
        forms = self.passage.forms(index)
        if index in marks.words(Role.PEOPLE, Role.INSULT, Role.ADDRESSED):
            return any(form.case in ("accs", "gent") for form in forms)
        return any(
            form.is_noun and form.animate and form.case in ("accs", "gent") for form in forms[:2]
        )

    def _is_property(self, index: int) -> bool:
        listed = self.passage.marks.words(Role.PROPERTY, Role.OFFICE)
        return index in listed and any(form.case == "accs" for form in self.passage.forms(index))

    def _is_thing(self, index: int) -> bool:
        if not self.passage.grammar.is_known(self.passage.text(index)):
            return False
        return self._is_property(index) or any(
            form.is_noun and not form.animate and form.case == "accs"
            for form in self.passage.forms(index)[:3]
        )

    def _has_owner(self, near: range, hit: list[int]) -> bool:
        """«машину мэра», «вам окна», «его дом», «всем, кто …»."""
        return any(self._is_owner(each) for each in near) or any(
            self._is_somebody(each + 1) for each in hit if each + 1 < len(self.passage.words)
        )

    def _is_owner(self, index: int) -> bool:
        text = self.passage.text(index)
        if text in _WHOEVER:
            return True
        owns = text in _OWNERS or not _YOURS.isdisjoint(self.passage.lemmas(index))
        return owns and not self.passage.follows_preposition(index)

    def _is_somebody(self, index: int) -> bool:
        """A noun in the genitive that is first of all one."""
        forms = self.passage.forms(index)
        return forms[0].is_noun and any(form.animate and form.case == "gent" for form in forms)

    def _is_sufferer(self, index: int) -> bool:
        if self.passage.follows_preposition(index):
            return False
        return any(
            (form.case == "datv" and (form.lemma in _THEM or (form.is_noun and form.animate)))
            or (form.lemma in _YOURS and form.case in ("nomn", "accs", "gent"))
            for form in self.passage.forms(index)
        )

    def _possessives(self, index: int) -> frozenset[str]:
        """Lemmas by which something is the author's own; «я» itself is only who acts."""
        return frozenset(
            form.lemma
            for form in self.passage.forms(index)
            if form.case != "nomn" or form.part == "ADJF"
        )

    def _meets_himself(self, verb: int, step: int) -> bool:
        for each in range(verb + step, verb + step * (_REACH_OF_HIMSELF + 1), step):
            if not self.passage.text(each) or "," in self.passage.gap(each, each - step):
                return False
            if self.passage.text(each) in _HIMSELF:
                return True
        return False
