"""What a decision depends on, and what it says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from bridge.sla.additions import Addition, deletion_in_force
from bridge.sla.assumptions import Assumption
from bridge.sla.circumstances import Circumstances
from bridge.sla.clocks import Clock
from bridge.sla.effects import Effect
from bridge.sla.late_placements import LatePlacement
from bridge.sla.parts import Compose, Part, Whole, plain_composition
from bridge.sla.policy import Policy
from bridge.sla.service_time import ServiceCalendar
from bridge.sla.timeline import Timeline
from bridge.sla.unattached import UnattachedFile


@dataclass(frozen=True)
class Case:
    """Everything that a decision depends on. `frozen`: stored clocks that have a verdict.

    Of a message that concerns several departments (2.1.2): `parts` are those below this ticket,
    `whole` is what it is a part of, `split` names the departments that are to get it at once, and
    `compose` makes the common answer. `additions`: what the citizen did since and the ticket does
    not tell yet, oldest first. `late`: the standing answer's way to systems that came after it.
    `unattached`: the citizen's files that it does not hold, nor tells of.
    """

    timeline: Timeline
    policy: Policy
    calendar: ServiceCalendar
    frozen: Mapping[str, Clock]
    due_date: date | None
    now: datetime
    around: Circumstances = field(default_factory=Circumstances)
    parts: tuple[Part, ...] = ()
    whole: Whole | None = None
    split: tuple[str, ...] = ()
    compose: Compose = plain_composition
    additions: tuple[Addition, ...] = ()
    late: tuple[LatePlacement, ...] = ()
    unattached: tuple[UnattachedFile, ...] = ()

    @property
    def deletion(self) -> Addition | None:
        """The deletion that takes the duty away, if any (reading 15)."""
        if self.whole and self.whole.placed_at:
            return None
        return deletion_in_force(self.additions, self.timeline, self.policy.readings)


@dataclass(frozen=True)
class Decision:
    """What is true (`clocks`, `closed`) and what is to be done (`effects`, in this order).

    `approval` is the journal entry whose answer is to be placed now; a placement that waits for
    another approval is no longer wanted. `look_at` is when time alone changes the decision.
    `part` and `whole` are what related tickets need to know; `split` names the departments for
    which parts are to be opened. `assumptions` is what it rests on where the history has gaps.
    """

    clocks: tuple[Clock, ...]
    effects: tuple[Effect, ...]
    closed: bool
    approval: int | None
    look_at: datetime | None
    part: Part
    whole: Whole | None
    split: tuple[str, ...]
    assumptions: tuple[Assumption, ...]
