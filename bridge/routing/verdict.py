"""What the second voice says of a text, whoever makes it. Needs no library."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

_WORDS_TOLD = 3


@dataclass(frozen=True)
class Verdict:
    """How far on its side of the border a text is for each label: above 0, it rather is."""

    margins: Mapping[str, float]
    """By department; never empty."""
    nobody: float
    """The same for «concerns nobody»."""
    weights_by_word: tuple[Mapping[str, float], ...]
    """For each word how much it speaks for each department."""

    def words_for(self, department: str) -> tuple[int, ...]:
        """The places of the words with the most weight for the department, in the text's order."""
        weights = [each.get(department, 0.0) for each in self.weights_by_word]
        heaviest = sorted(range(len(weights)), key=lambda place: (-weights[place], place))
        return tuple(sorted(place for place in heaviest[:_WORDS_TOLD] if weights[place] > 0))


class SecondVoice(Protocol):
    """Judges texts by what it learnt from others."""

    @property
    def version(self) -> str:
        """Which training on which messages made it."""

    def judge(self, words: Sequence[tuple[str, ...]], mentions: Sequence[str]) -> Verdict:
        """Judge a text by the features of each of its words and by its mentions."""
