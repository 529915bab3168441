"""What all places have in common in which a citizen writes and is answered."""

from dataclasses import dataclass
from typing import Protocol

from sandbox.demo.waiting import NotYet, wait_for

_SECONDS = 30.0
_PAUSE = 0.4
"""Seconds between looks, so that a reader's calls are not used up."""


@dataclass(frozen=True)
class Shown:
    """An answer of the city as it is shown.

    `photos` are the addresses of those that stand with it; `link` is where, in a system with cards,
    it is said to stand.
    """

    text: str
    photos: tuple[str, ...] = ()
    link: str = ""

    @property
    def on_one_line(self) -> str:
        """The text to be told."""
        return f"«{' '.join(self.text.split())}»"


class Talk(Protocol):
    """A citizen's message, where it stands."""

    @property
    def link(self) -> str:
        """The message's address, as its ticket names it."""

    def answers(self) -> list[Shown]:
        """What the city has answered there, the oldest first."""


def await_answer(talk: Talk, text: str) -> Shown:
    """The answer that contains the text, once it is shown. Raises `DemoFailed`."""

    def look() -> Shown:
        answers = talk.answers()
        for shown in answers:
            if text in shown.text:
                return shown
        raise NotYet(f"{talk.link} shows {len(answers)} answers, none with the text")

    return wait_for("The answer where the citizen is", look, _SECONDS, pause=_PAUSE)
