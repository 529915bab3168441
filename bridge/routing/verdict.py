"""What the second voice says of a text, whoever makes it. Needs no library."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class Verdict:
    """How far on its side of the border a text is for each label: above 0, it rather is."""

    margins: Mapping[str, float]
    """By department; never empty."""
    nobody: float
    """The same for «concerns nobody»."""
    words_for: Callable[[str], tuple[int, ...]] = field(compare=False)
    """The places of the words that speak most for a department, in the text's order."""


class SecondVoice(Protocol):
    """Judges texts by what it learnt from others."""

    @property
    def version(self) -> str:
        """Which training on which messages made it."""

    def judge(self, words: Sequence[tuple[str, ...]], mentions: Sequence[str]) -> Verdict:
        """Judge a text by the features of each of its words and by its mentions."""
