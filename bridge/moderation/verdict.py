"""What moderation says of one message."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Flag(StrEnum):
    """The kinds of words that clause 1.3 names, in the order in which they are told."""

    OBSCENE = "obscene"
    INSULT = "insult"
    THREAT = "threat"


@dataclass(frozen=True, slots=True)
class Found:
    """One place of a message; `text` is the citizen's own words, as written."""

    flag: Flag
    text: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """Everything found in one message; nothing found is a verdict, too."""

    found: tuple[Found, ...]
    lexicon_version: str

    @property
    def flags(self) -> tuple[Flag, ...]:
        """The kinds that were found, each once, in their order."""
        kinds = {each.flag for each in self.found}
        return tuple(flag for flag in Flag if flag in kinds)

    def closes_alone(self, kinds: Iterable[Flag]) -> bool:
        """Whether only such kinds were found, and something was."""
        return bool(self.found) and set(self.flags) <= set(kinds)


def once_each(found: Iterable[Found]) -> tuple[Found, ...]:
    """Each kind's words in the text's order, the same words once."""
    ordered = dict.fromkeys(found)
    return tuple(each for flag in Flag for each in ordered if each.flag is flag)
