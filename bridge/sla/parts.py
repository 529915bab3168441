"""A message that concerns several departments (clause 2.1.2): one whole, a part for each of them.

Every part is a ticket with clocks of its own. What they share is the placement (clause 3.5): one
answer, one term, which runs while every answer is in and stops when one goes back (reading 7).
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bridge.sla.clocks import CURATOR, Clock, ClockBoard, stopped
from bridge.sla.policy import ClockKind, Policy, Scope, StopEvent
from bridge.sla.readings import Readings
from bridge.sla.service_time import ServiceCalendar
from bridge.sla.timeline import Timeline


class Standing(StrEnum):
    """How far a part's answer has come."""

    PENDING = "pending"
    """The department owes it, or nobody is in charge yet."""
    SUBMITTED = "submitted"
    APPROVED = "approved"
    PLACED = "placed"
    DROPPED = "dropped"
    """The part was closed without an answer."""


_IN_HAND = frozenset({Standing.SUBMITTED, Standing.APPROVED})
_OVER = frozenset({Standing.PLACED, Standing.DROPPED})


@dataclass(frozen=True)
class Turn:
    """From this instant on the part stood so.

    `journal_id` is the entry that made it so, 0 for the ticket's creation. The helpdesk numbers the
    entries of all tickets in one row, so it tells what came first within the journal's one second.
    """

    at: datetime
    standing: Standing
    journal_id: int = 0


@dataclass(frozen=True)
class Part:
    """What the whole needs to know of one part. `turns` are in order and never empty.

    `sent_at` is when the first department got it; `due` is the running duty's; `text` is the answer
    as it was approved, and `link` leads to one that was placed by itself.
    """

    department: str | None
    turns: tuple[Turn, ...]
    sent_at: datetime | None = None
    due: datetime | None = None
    text: str = ""
    with_photos: bool = False
    link: str = ""

    @property
    def standing(self) -> Standing:
        """How far its answer has come by now."""
        return self.turns[-1].standing

    @property
    def is_over(self) -> bool:
        """Whether there is nothing more to wait for."""
        return self.standing in _OVER

    def standing_at(self, instant: datetime) -> Standing | None:
        """How far its answer had come; None before there was such a part."""
        found = None
        for turn in self.turns:
            if turn.at <= instant:
                found = turn.standing
        return found


@dataclass(frozen=True)
class Whole:
    """What a part needs to know of the whole: the common placement, and whether it is closed."""

    placement_due: datetime | None = None
    placed_at: datetime | None = None
    link: str = ""
    closed: bool = False


@dataclass(frozen=True)
class PartAnswer:
    """One department's paragraph of the common answer."""

    department: str | None
    text: str


Compose = Callable[[Sequence[PartAnswer]], str]
"""Makes one answer of several. Pure: the same parts always make the same text."""


def plain_composition(answers: Sequence[PartAnswer]) -> str:
    """The paragraphs, one below the other."""
    return "\n\n".join(answer.text.strip() for answer in answers)


def share_placement(policy: Policy) -> bool:
    """Whether the parts' answers are placed as one (reading 7)."""
    return policy.placement is None or policy.placement.scope is Scope.MESSAGE


def policy_of_part(policy: Policy) -> Policy:
    """What is left for a part: the message's own duties are the whole's."""
    if share_placement(policy):
        return policy.model_copy(update={"routing": None, "placement": None})
    return policy.model_copy(update={"routing": None})


def policy_of_whole(policy: Policy, timeline: Timeline) -> Policy:
    """What is read from the whole's own steps: the placement follows from the parts instead.

    Nothing is sent back to a whole that no department ever held: that is done to its parts.
    """
    if not share_placement(policy):
        return policy
    if any(step.department for step in timeline.steps):
        return policy.model_copy(update={"placement": None})
    return policy.model_copy(update={"placement": None, "revision": None})


def open_parts(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Those whose answers are still to be placed."""
    return tuple(part for part in parts if not part.is_over)


def is_answered(parts: Sequence[Part]) -> bool:
    """Whether every part that is left has been approved, and there is one."""
    left = open_parts(parts)
    return bool(left) and all(part.standing is Standing.APPROVED for part in left)


def answers(parts: Sequence[Part]) -> tuple[PartAnswer, ...]:
    """The approved answers in the order of the parts."""
    return tuple(
        PartAnswer(part.department, part.text)
        for part in open_parts(parts)
        if part.standing is Standing.APPROVED
    )


def routed(clock: Clock, parts: Sequence[Part], readings: Readings) -> Clock:
    """The routing clock: it stops when every department in charge has its part (3.1)."""
    if clock.kind is not ClockKind.ROUTING or not clock.running:
        return clock
    sent = [part.sent_at for part in parts if part.standing is not Standing.DROPPED]
    instants = [instant for instant in sent if instant]
    if not instants or len(instants) < len(sent):
        return clock
    return stopped(clock, max(instants), readings)


def placement_clocks(
    parts: Sequence[Part],
    policy: Policy,
    calendar: ServiceCalendar,
    placed_at: datetime | None,
) -> tuple[Clock, ...]:
    """The common placement's clocks: one for each time that all the answers were in (3.5)."""
    rule = policy.placement
    if rule is None or not share_placement(policy):
        return ()
    board = ClockBoard(policy, calendar)
    for begin, end in _all_in(parts):
        if placed_at and begin > placed_at:
            break
        if not board.is_running(ClockKind.PLACEMENT):
            board.start(rule, begin, CURATOR)
        if placed_at and (end is None or placed_at <= end):
            board.stop(placed_at, ClockKind.PLACEMENT)
        elif end and rule.stops is StopEvent.PLACED_OR_SENT_BACK:
            board.stop(end, ClockKind.PLACEMENT)
    return board.clocks


def _all_in(parts: Sequence[Part]) -> Iterator[tuple[datetime, datetime | None]]:
    """The spans during which no answer was owed and at least one was in hand.

    Turn by turn: an answer may go back and come again within the helpdesk's one second.
    """
    standings: dict[int, Standing] = {}
    begin: datetime | None = None
    for at, _, number, standing in sorted(_turns(parts)):
        standings[number] = standing
        complete = _is_complete(standings.values())
        if complete and begin is None:
            begin = at
        elif not complete and begin is not None:
            yield begin, at
            begin = None
    if begin is not None:
        yield begin, None


def _turns(parts: Sequence[Part]) -> Iterator[tuple[datetime, int, int, Standing]]:
    """Every turn with its part's number, in the form in which they are put in order."""
    for number, part in enumerate(parts):
        for turn in part.turns:
            yield turn.at, turn.journal_id, number, turn.standing


def _is_complete(standings: Collection[Standing]) -> bool:
    in_hand = any(standing in _IN_HAND for standing in standings)
    return in_hand and Standing.PENDING not in standings
