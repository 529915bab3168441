"""Counts duties within a span of time: verdicts, what is open, how long they took."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bridge.reporting.facts import Duty
from bridge.reporting.figures import ClauseFigures, Measure, Spread, Tally
from bridge.reporting.yardstick import Yardstick
from bridge.sla.clocks import Verdict
from bridge.sla.policy import ClockKind

_NINE_OF_TEN = 0.9


@dataclass(frozen=True)
class Span:
    """From `start` up to and without `end`; what is open is seen at its end. UTC."""

    start: datetime
    end: datetime

    def holds(self, instant: datetime | None) -> bool:
        """Whether the instant lies in it."""
        return instant is not None and self.start <= instant < self.end

    def ended(self, duty: Duty) -> bool:
        """Whether the duty got its verdict, a breach or not, within the span."""
        return duty.verdict in {Verdict.IN_TIME, Verdict.LATE} and self.holds(duty.stop)

    def leaves_open(self, duty: Duty) -> bool:
        """Whether the duty ran at the span's end."""
        return duty.start < self.end and (duty.stop is None or duty.stop >= self.end)

    def leaves_overdue(self, duty: Duty) -> bool:
        """Whether it ran although its due had passed (reading 2)."""
        return self.leaves_open(duty) and duty.due < self.end


def tally(duties: Iterable[Duty], span: Span) -> Tally:
    """Count them; a duty counts where it ended, and where it was left open."""
    in_time = late = cancelled = running = overdue = 0
    for duty in duties:
        if span.holds(duty.stop):
            in_time += duty.verdict is Verdict.IN_TIME
            late += duty.verdict is Verdict.LATE
            cancelled += duty.verdict is Verdict.CANCELLED
        running += span.leaves_open(duty)
        overdue += span.leaves_overdue(duty)
    return Tally(in_time, late, cancelled, running, overdue)


def spread(seconds: Sequence[float]) -> Spread:
    """Average and 90th percentile (nearest rank: the one value of one, the ninth of ten)."""
    if not seconds:
        return Spread()
    ranked = sorted(seconds)
    rank = math.ceil(_NINE_OF_TEN * len(ranked))
    return Spread(len(ranked), math.fsum(ranked) / len(ranked), ranked[rank - 1])


def by_clause(
    duties: Iterable[Duty], span: Span, yardstick: Yardstick
) -> tuple[ClauseFigures, ...]:
    """The duties that the span saw, clause by clause and, within one, kind by kind.

    Where policies count the same clause in different time, each has its own figures.
    """
    groups: dict[tuple[str, ClockKind, Measure], list[Duty]] = defaultdict(list)
    for duty in duties:
        if span.holds(duty.stop) or span.leaves_open(duty):
            groups[duty.clause, duty.kind, yardstick.measure(duty)].append(duty)
    return tuple(
        ClauseFigures(
            clause,
            kind,
            measure,
            tally(own, span),
            spread([yardstick.taken(one, one.stop) for one in own if one.stop and span.ended(one)]),
        )
        for (clause, kind, measure), own in sorted(
            groups.items(), key=lambda group: (_numbers(group[0][0]), *group[0])
        )
    )


def _numbers(clause: str) -> tuple[int, ...]:
    """So that 3.10 comes after 3.9."""
    return tuple(int(part) for part in clause.split(".") if part.isdigit())
