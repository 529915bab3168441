"""Finds insults (clause 1.3): offensive words said of somebody, not of things or of oneself."""

from collections.abc import Iterator

from bridge.moderation.marks import Role
from bridge.moderation.passage import Passage

_AUTHOR = frozenset({"я", "мы"})
_OTHERS = frozenset({"ты", "вы", "он", "она", "они"})
_YOU = frozenset({"ты", "вы"})
_FILLERS = frozenset(
    {"весь", "все", "там", "тут", "же", "вот", "этот", "это", "что", "как", "ли", "уже", "опять"}
    | {"просто", "совсем", "вообще", "реально", "натурально", "точно", "прям", "еще", "и", "у"}
    | {"самый", "настоящий", "полный", "конченый", "такой", "какой", "обычный", "последний"}
    | {"натуральный", "клинический", "ваш", "наш", "твой"}
)
"""What may stand between «вы» and what somebody is called."""
_CASES_OF_AUTHOR = {
    "nomn": frozenset({"nomn"}),
    "gent": frozenset({"gent", "accs", "ablt"}),
    "accs": frozenset({"gent", "accs", "ablt"}),
}
_STARTS_OF_ADDRESS = ",.!?…\n"
_ENDS_OF_ADDRESS = "!?.,…)\n"
_BEFORE_PLACES = frozenset(
    {"с", "д", "п", "г", "пос", "дер", "ул", "пер", "ст", "село", "деревня", "поселок", "улица"}
    | {"остановка", "станция", "деревне", "селе", "поселке", "улице"}
)
_ENDINGS_OF_SURNAMES = ("ов", "ев", "ин", "ова", "ева", "ина", "ову", "еву", "овым", "евым")
_DASH = frozenset("—–-")
_REACH_OF_SUBJECT = 4
_REACH_OF_AUTHOR = 3
_REACH_OF_NEIGHBOURS = 8
_REACH_OF_TOLD = 4
_REACH_OF_COMPARISON = 8
_REACH_OF_QUESTION = 5


def find_insults(passage: Passage) -> Iterator[tuple[int, ...]]:
    """Yield the indexes of the words of each insult."""
    harmless = passage.marks.words(Role.HARMLESS)
    insults = _Insults(passage)
    for place in passage.marks.places(Role.OFFENSIVE_PHRASE):
        if harmless.isdisjoint(place) and not insults.is_told(place[0]):
            yield place
    for word in sorted(insults.candidates() - harmless):
        if not insults.is_name(word) and not insults.is_excused(word):
            yield (word,)


class _Insults:
    def __init__(self, passage: Passage) -> None:
        self._passage = passage
        self._marks = passage.marks
        self._people = passage.marks.words(Role.PEOPLE)

    def candidates(self) -> frozenset[int]:
        """Words that offend whoever they are said of, if of anybody else."""
        addressed = filter(self._is_addressed, self._marks.words(Role.ADDRESSED))
        of_people = filter(self._is_of_people, self._marks.words(Role.QUALITY))
        plain = filter(self._is_called, self._marks.words(Role.INSULT))
        return frozenset(plain).union(addressed, of_people)

    def _is_called(self, index: int) -> bool:
        """Not the verb that has the same lemma («сволокли»)."""
        return any(form.part != "VERB" for form in self._passage.forms(index))

    def is_name(self, index: int) -> bool:
        """«Козлов» is somebody's name when it is written so, or stands beside a first name."""
        word = self._passage.words[index]
        if word.is_capitalised and self._passage.text(index - 1) in _BEFORE_PLACES:
            return True
        if word.is_capitalised and self._passage.before(index, 1):
            return word.text.endswith(_ENDINGS_OF_SURNAMES) or self._is_surname(index)
        if not self._is_surname(index):
            return False
        return word.is_capitalised or any(
            self._passage.forms(each)[0].first_name
            for each in self._passage.around(index, index, 1)
        )

    def _is_surname(self, index: int) -> bool:
        return any(form.name for form in self._passage.forms(index))

    def is_excused(self, index: int) -> bool:
        """«за идиотов», «не дурак», «как скотину», «мы как идиоты», «обозвала меня дурой»."""
        before = self._passage.before(index, 2)
        if before[-1:] == ["не"] and self._passage.text(index + 1) != "ли":
            return True
        if "за" in before:
            return True
        if before[-1:] == ["как"] and not self._passage.is_nominative(index):
            return True
        return (
            self.is_told(index)
            or self._is_of_author(index)
            or self._is_asked_of_author(index)
            or ("как" in before and self._is_comparison_of_author(index))
        )

    def is_told(self, index: int) -> bool:
        """«обозвала меня …», «орёт: …»: somebody else's words."""
        told = self._marks.words(Role.TOLD_INSULT)
        return any(
            each in told and each < index + 2 and self._is_told_by(each, index)
            for each in self._passage.around(index, index, _REACH_OF_TOLD)
        )

    def _is_told_by(self, verb: int, index: int) -> bool:
        """«орёт: дураки», and not «говорю вам, дураки»."""
        return self._passage.are_joined(verb, index) or not self._passage.is_first_person(verb)

    def _is_of_author(self, index: int) -> bool:
        cases = {form.case for form in self._passage.forms(index)}
        near = self._passage.around(index, index, _REACH_OF_AUTHOR)
        return any(
            form.lemma in _AUTHOR
            and not cases.isdisjoint(_CASES_OF_AUTHOR.get(form.case or "", ()))
            for each in near
            if each == index - 1 or (each < index + 2 and self._passage.are_joined(each, index))
            for form in self._passage.forms(each)
        )

    def _is_asked_of_author(self, index: int) -> bool:
        """«мы что, по-вашему, идиоты?»."""
        if "?" not in self._passage.words[index].after:
            return False
        near = self._passage.around(index, index, _REACH_OF_QUESTION)
        return any(each < index and self._passage.text(each) in _AUTHOR for each in near)

    def _is_comparison_of_author(self, index: int) -> bool:
        """«стоим как дураки», «как идиоты ходим»."""
        return any(
            form.is_first_person or form.lemma in _AUTHOR
            for each in self._passage.around(index, index, _REACH_OF_COMPARISON)
            for form in self._passage.forms(each)
        )

    def _is_addressed(self, index: int) -> bool:
        """«тупой баран», «вы просто бараны», «чиновники — крысы», «Бараны!»."""
        if self._marks.words(Role.ADDRESSED_WITH) & {index - 1, index + 1}:
            return True
        if not self._passage.is_nominative(index):
            return False
        neighbours = list(self._neighbours(index))
        return (
            any(self._passage.text(each) in _OTHERS for each in neighbours)
            or any(
                each in self._people and self._passage.is_nominative(each) for each in neighbours
            )
            or self._is_said_of_people(index)
            or self._is_called_to(index)
        )

    def _is_said_of_people(self, index: int) -> bool:
        """«глава района — баран»."""
        if index == 0 or _DASH.isdisjoint(self._passage.gap(index - 1, index)):
            return False
        near = self._passage.around(index, index, _REACH_OF_SUBJECT)
        return any(
            each < index and each in self._people and self._passage.is_nominative(each)
            for each in near
        )

    def _is_of_people(self, index: int) -> bool:
        """«тупые чиновники», «вы там тупые»."""
        return index + 1 in self._people or any(
            self._passage.text(each) in _YOU for each in self._neighbours(index)
        )

    def _neighbours(self, index: int) -> Iterator[int]:
        """The next word on each side that is more than a filler."""
        inside = self._passage.around(index, index, _REACH_OF_NEIGHBOURS)
        for step in (-1, 1):
            each = index + step
            while each in inside and self._is_filler(each):
                each += step
            if each in inside:
                yield each

    def _is_filler(self, index: int) -> bool:
        return not _FILLERS.isdisjoint(self._passage.lemmas(index) | {self._passage.text(index)})

    def _is_called_to(self, index: int) -> bool:
        """«Козлы!», «…, бараны, …»: somebody between signs; not one of a list, nor «Крысы!»."""
        word = self._passage.words[index]
        last = len(self._passage.words) - 1
        opens = index == 0 or any(sign in word.before for sign in _STARTS_OF_ADDRESS)
        closes = index == last or any(sign in word.after for sign in _ENDS_OF_ADDRESS)
        animate = any(form.animate for form in self._passage.forms(index))
        is_seen = index in self._marks.words(Role.ANIMAL)
        return opens and closes and animate and not (is_seen or self._is_one_of_list(index))

    def _is_one_of_list(self, index: int) -> bool:
        beside = (each for each in (index - 1, index + 1) if 0 <= each < len(self._passage.words))
        return any(
            self._passage.gap(each, index).strip() == "," and self._passage.is_nominative(each)
            for each in beside
        )
