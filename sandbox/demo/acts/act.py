"""What an act is: something that takes turns with others, and leaves something to look at."""

from collections import deque
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Protocol

Course = Generator[None, None, "Keepsake"]
"""An act on its way: at each `yield` the others go on, and what it waits for happens meanwhile."""


@dataclass(frozen=True)
class Keepsake:
    """What an act left behind."""

    title: str
    message_link: str
    issue_ids: tuple[int, ...]
    outcome: str


class Act(Protocol):
    """One message and what becomes of it."""

    def play(self) -> Course:
        """Play it in turns. Raises `DemoFailed` at the first step that is not seen."""


def take_turns(acts: Sequence[Act]) -> list[Keepsake]:
    """Play all acts, a turn of each after the other; what they leave, in the order of their end."""
    courses = deque(act.play() for act in acts)
    keepsakes: list[Keepsake] = []
    while courses:
        course = courses.popleft()
        try:
            next(course)
        except StopIteration as end:
            keepsakes.append(end.value)
        else:
            courses.append(course)
    return keepsakes
