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
    """Play all acts, a turn of each after the other; what they leave, in the acts' order."""
    courses = deque(enumerate(act.play() for act in acts))
    kept: dict[int, Keepsake] = {}
    while courses:
        number, course = courses.popleft()
        try:
            next(course)
        except StopIteration as end:
            kept[number] = end.value
        else:
            courses.append((number, course))
    return [kept[number] for number in sorted(kept)]
