"""A message as the rules look at it: its words with their forms, sentences and marks."""

from dataclasses import dataclass
from functools import cached_property

from bridge.moderation.grammar import Form, Grammar
from bridge.moderation.marks import Marks
from bridge.moderation.words import Word

PREPOSITIONS = frozenset(
    {"в", "во", "на", "за", "через", "по", "о", "об", "про", "под", "над", "перед", "с", "со"}
    | {"из", "от", "до", "у", "к", "для", "без", "при", "между"}
)


@dataclass(frozen=True)
class Passage:
    """Words are told by their indexes."""

    words: tuple[Word, ...]
    marks: Marks
    grammar: Grammar

    def text(self, index: int) -> str:
        """The word as it is read; empty outside of the message."""
        return self.words[index].text if 0 <= index < len(self.words) else ""

    def forms(self, index: int) -> tuple[Form, ...]:
        """Every parse of the word."""
        return self.grammar.forms(self.words[index].text)

    def lemmas(self, index: int) -> frozenset[str]:
        """Every parse's lemma."""
        return self.grammar.lemmas(self.words[index].text)

    def around(self, first: int, last: int, reach: int) -> range:
        """The words of the sentence that stand at most so far from the two."""
        sentence = self._sentences[self.words[first].sentence]
        return range(max(sentence.start, first - reach), min(sentence.stop, last + reach + 1))

    @cached_property
    def _sentences(self) -> dict[int, range]:
        begins: dict[int, int] = {}
        ends: dict[int, int] = {}
        for index, word in enumerate(self.words):
            begins.setdefault(word.sentence, index)
            ends[word.sentence] = index + 1
        return {number: range(begin, ends[number]) for number, begin in begins.items()}

    def before(self, index: int, count: int) -> list[str]:
        """The texts of the words before, of the same sentence, the nearest last."""
        return [self.text(each) for each in self.around(index, index, count) if each < index]

    def gap(self, one: int, other: int) -> str:
        """What stands between two neighbours."""
        return self.words[max(one, other)].before

    def are_joined(self, one: int, other: int) -> bool:
        """No comma or the like stands between the two."""
        first, last = sorted((one, other))
        return not any(
            sign in word.before for word in self.words[first + 1 : last + 1] for sign in ",:!?.…\n"
        )

    def is_first_person(self, index: int) -> bool:
        """A verb of what the author does or will do."""
        return any(form.is_first_person for form in self.forms(index))

    def is_infinitive(self, index: int) -> bool:
        """«убить»."""
        return any(form.is_infinitive for form in self.forms(index))

    def is_nominative(self, index: int) -> bool:
        """A noun that may be a subject, or what somebody is called."""
        return any(form.is_noun and form.case == "nomn" for form in self.forms(index))

    def follows_preposition(self, index: int) -> bool:
        """Directly: «у вас»."""
        return self.text(index - 1) in PREPOSITIONS

    def belongs_to_preposition(self, index: int) -> bool:
        """«на ваших дорогах»: adjectives and pronouns may stand between."""
        for each in range(index - 1, max(-1, index - 4), -1):
            if self.text(each) in PREPOSITIONS:
                return True
            if not any(form.part in ("ADJF", "PRTF", "NPRO") for form in self.forms(each)):
                return False
        return False
