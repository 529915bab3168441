"""The figures of a report. They say all that is shown, so that a stored report shows the same."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bridge.reporting.period import Period
from bridge.sla.policy import ClockKind

SHAPE = 1
"""Raised when the shape of a stored report changes."""


class Measure(StrEnum):
    """How the time that a duty took is counted."""

    ELAPSED = "elapsed"
    SERVICE_TIME = "service_time"


@dataclass(frozen=True)
class Tally:
    """How duties fared: ended in the period; open, and of those overdue, at its end.

    Cancelled duties (sent back as not the department's, withdrawn …) are no breach.
    """

    in_time: int = 0
    late: int = 0
    cancelled: int = 0
    open: int = 0
    overdue: int = 0

    @property
    def done(self) -> int:
        """How many got a verdict."""
        return self.in_time + self.late

    @property
    def share(self) -> float | None:
        """The part of those with a verdict that was in time, 0 to 1; None when there is none."""
        return self.in_time / self.done if self.done else None


@dataclass(frozen=True)
class Spread:
    """The time that duties took, seconds; None when there was none.

    The 90th percentile is the least time within which nine of ten were done (nearest rank).
    """

    count: int = 0
    average: float | None = None
    p90: float | None = None


@dataclass(frozen=True)
class ClauseFigures:
    """Duties of one clause and kind; `taken` is counted as `measure` says."""

    clause: str
    kind: ClockKind
    measure: Measure
    tally: Tally
    taken: Spread


@dataclass(frozen=True)
class ReasonFigures:
    """How often answers were sent back for one reason; an empty clause: no reason is known."""

    clause: str
    name: str
    count: int


@dataclass(frozen=True)
class HolderFigures:
    """A department, or the curator: what reached it, how its duties fared, what was sent back.

    `answers` is the elapsed time to the first submission of an answer, nights included.
    """

    key: str
    name: str
    received: int
    tally: Tally
    answers: Spread
    interims: int
    clauses: tuple[ClauseFigures, ...]
    revisions: tuple[ReasonFigures, ...]

    @property
    def sent_back(self) -> int:
        """How many answers were sent back to it for revision."""
        return sum(reason.count for reason in self.revisions)


@dataclass(frozen=True)
class MessageFigures:
    """Messages: arrived in the period, ended in it, still without an end when it was over."""

    received: int = 0
    placed: int = 0
    placed_by_hand: int = 0
    """Of those placed: not by the bridge."""
    uncertain: int = 0
    """Whether the answer is visible could not be found out: a person had to look."""
    not_answerable: int = 0
    no_answer_needed: int = 0
    withdrawn: int = 0
    waiting: int = 0

    @property
    def rejected(self) -> int:
        """How many ended without an answer."""
        return self.not_answerable + self.no_answer_needed + self.withdrawn


@dataclass(frozen=True)
class ChannelFigures:
    """One channel's feed, or its direct messages."""

    key: str
    visibility: str
    name: str
    messages: MessageFigures
    tally: Tally
    clauses: tuple[ClauseFigures, ...]


@dataclass(frozen=True)
class Stretch:
    """A part of the period: an hour, a day, a week or a month."""

    label: str
    start: datetime
    received: int
    in_time: int
    late: int


@dataclass(frozen=True)
class Breach:
    """A duty that was not done in time; `stop` None: not done at the end of the period either.

    `late_by` is in seconds as time passes, up to the stop or the end of the period.
    """

    issue_id: int | None
    link: str
    channel: str
    holder: str
    holder_name: str
    clause: str
    kind: ClockKind
    start: datetime
    due: datetime
    stop: datetime | None
    late_by: float
    explanation: str
    obstacle: str


@dataclass(frozen=True)
class Report:
    """The figures of one period. Instants are UTC; `zone` is the office's.

    `final`: the period was closed, so the figures never change again.
    """

    period: Period
    zone: str
    made_at: datetime
    final: bool
    messages: MessageFigures
    tally: Tally
    interims: int
    curator: HolderFigures
    departments: tuple[HolderFigures, ...]
    channels: tuple[ChannelFigures, ...]
    clauses: tuple[ClauseFigures, ...]
    revisions: tuple[ReasonFigures, ...]
    breaches: tuple[Breach, ...]
    course: tuple[Stretch, ...]
    shape: int = SHAPE

    @property
    def title(self) -> str:
        """Return «Отчёт за IV квартал 2026»."""
        return f"Отчёт {self.period.title}"
