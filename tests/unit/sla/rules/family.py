"""The tickets of one message that concerns several departments, told step by step."""

from dataclasses import dataclass, field

from bridge.sla.parts import Whole
from bridge.sla.timeline import Status
from tests.unit.sla.rules.story import Story


@dataclass
class Family:
    """The curators' ticket, and one below it for each department, in one policy."""

    whole: Story
    parts: list[Story] = field(default_factory=list)

    def part(self, at: str, department: str | None) -> Story:
        """A ticket below the whole's, as the bridge or a curator makes one."""
        status = Status.ASSIGNED if department else Status.NEW
        told = Story(self.whole.policy, self.whole.calendar, self.whole.arrived)
        told.whole = Whole()
        self.parts.append(told.created(at, status, department))
        self.exchange(at)
        return told

    def exchange(self, now: str) -> None:
        """Each is told of the others, as the store does."""
        self.whole.parts = tuple(part.decide(now).part for part in self.parts)
        for part in self.parts:
            part.whole = self.whole.decide(now).whole

    def settle(self, now: str) -> None:
        """Carry out all that is decided, in whatever ticket."""
        for _ in range(6):
            for story in (self.whole, *self.parts):
                self.exchange(now)
                story.settle(now).freeze(now)
        self.exchange(now)

    def statuses(self) -> list[Status | None]:
        return [story.steps[-1].status for story in (self.whole, *self.parts)]

    def answer(self) -> str:
        (fact,) = self.whole.placements
        return fact.text
