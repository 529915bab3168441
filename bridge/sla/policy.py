"""SLA policies: which clocks run on a message, from when, for how long, until what.

The models are the contents of `config/sla.yaml`; the terms are those of the regulation, section
III. Which city has which rule is data here and never a branch in code.
"""

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from functools import cached_property
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from bridge.config.document import ConfigModel
from bridge.sla.alarm import WarningPoint
from bridge.sla.readings import Readings

_TEN_YEARS_IN_DAYS = 3660

Warnings = tuple[WarningPoint, ...]
HALF_AND_LAST_HALF_HOUR: Warnings = (
    WarningPoint(passed_percent=50),
    WarningPoint(minutes_left=30),
)
LAST_QUARTER_AND_FIVE_MINUTES: Warnings = (
    WarningPoint(minutes_left=15),
    WarningPoint(minutes_left=5),
)

Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
PolicyKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$")]


class ClockKind(StrEnum):
    """The duties that are timed."""

    FIRST_REACTION = "first_reaction"
    ROUTING = "routing"
    ANSWER = "answer"
    INTERIM = "interim"
    FINAL = "final"
    PLACEMENT = "placement"
    REVISION = "revision"


class StartEvent(StrEnum):
    """What sets a clock going."""

    ARRIVED = "arrived"
    """The message was posted on the page, or registered in the system that sent it."""
    DETECTED = "detected"
    """The bridge, or a person, saw the message."""
    SENT = "sent"
    """The ticket reached the department."""
    ANSWER_RECEIVED = "answer_received"
    """The curator has the answer; with several departments, the last of the answers."""
    SENT_BACK = "sent_back"
    """The curator sent the answer back for revision."""


class StopEvent(StrEnum):
    """What stops a clock and freezes its verdict."""

    REACTED = "reacted"
    """The citizen was told that the message is being dealt with."""
    ROUTED = "routed"
    """Every department in charge has its ticket."""
    SUBMITTED = "submitted"
    """The department submitted a final answer (after a revision: again)."""
    PLACED = "placed"
    """The answer, or the interim answer, stands where the message was."""
    PLACED_OR_SENT_BACK = "placed_or_sent_back"


class Scope(StrEnum):
    """What one clock belongs to."""

    MESSAGE = "message"
    DEPARTMENT = "department"


class Party(StrEnum):
    """Whose duty a clock times."""

    CURATOR = "curator"
    DEPARTMENT = "department"


class Importance(StrEnum):
    NORMAL = "normal"
    HIGH = "high"


class Unit(StrEnum):
    """What a term is measured in."""

    ELAPSED = "elapsed"
    """Time as it passes, nights and holidays included."""
    SERVICE_TIME = "service_time"
    """The office's working hours only."""
    CALENDAR_DAYS = "calendar_days"
    """Whole local days after the day of the start, until 24:00 of the last."""
    WORKING_DAYS = "working_days"
    """The same, counting the office's working days only."""


class TimeTerm(ConfigModel):
    """A term in hours and minutes, of elapsed or of service time."""

    unit: Literal[Unit.ELAPSED, Unit.SERVICE_TIME]
    """Whether nights and holidays count."""
    hours: Annotated[int, Field(ge=0, le=_TEN_YEARS_IN_DAYS * 24)] = 0
    """Whole hours."""
    minutes: Annotated[int, Field(ge=0, lt=60)] = 0
    """Minutes beside the hours."""

    @model_validator(mode="after")
    def _check_positive(self) -> Self:
        if not self.amount:
            raise ValueError("a term needs hours or minutes above zero")
        return self

    @property
    def amount(self) -> timedelta:
        return timedelta(hours=self.hours, minutes=self.minutes)


class DayTerm(ConfigModel):
    """A term in whole days."""

    unit: Literal[Unit.CALENDAR_DAYS, Unit.WORKING_DAYS]
    """Which days count."""
    days: Annotated[int, Field(ge=1, le=_TEN_YEARS_IN_DAYS)]
    """How many of them, after the local day of the start; due at 24:00 of the last."""


Term = Annotated[TimeTerm | DayTerm, Field(discriminator="unit")]


class ClockRule(ConfigModel):
    """One clock: how long the duty may take, from when, until what.

    `clause` is what notes and reports cite; `by_importance` replaces `term` for the messages of
    that importance.
    """

    clock: ClassVar[ClockKind]

    clause: Text
    """What notes and reports cite."""
    starts: StartEvent
    """What sets the clock going."""
    term: Term
    """How long the duty may take."""
    stops: StopEvent
    """What stops the clock and freezes its verdict."""
    scope: Scope
    """One clock for the message, or one for each department in charge."""
    held_by: Annotated[tuple[Party, ...], Field(min_length=1)]
    """Whose duty it is."""
    by_importance: Mapping[Importance, Term] = {}
    """Other terms for messages of an importance."""
    warnings: Warnings = HALF_AND_LAST_HALF_HOUR
    """When the holder is warned that the due comes near."""

    def term_for(self, importance: Importance) -> TimeTerm | DayTerm:
        return self.by_importance.get(importance, self.term)


class FirstReactionRule(ClockRule):
    """A first word to the citizen, before the answer."""

    clock: ClassVar[ClockKind] = ClockKind.FIRST_REACTION

    starts: Literal[StartEvent.ARRIVED, StartEvent.DETECTED] = StartEvent.ARRIVED
    stops: Literal[StopEvent.REACTED, StopEvent.PLACED] = StopEvent.REACTED
    scope: Scope = Scope.MESSAGE
    held_by: Annotated[tuple[Party, ...], Field(min_length=1)] = (Party.CURATOR,)


class RoutingRule(ClockRule):
    """Finding the department in charge and sending it the message (clause 3.1)."""

    clock: ClassVar[ClockKind] = ClockKind.ROUTING

    starts: Literal[StartEvent.ARRIVED, StartEvent.DETECTED] = StartEvent.ARRIVED
    stops: Literal[StopEvent.ROUTED] = StopEvent.ROUTED
    scope: Literal[Scope.MESSAGE] = Scope.MESSAGE
    held_by: Annotated[tuple[Party, ...], Field(min_length=1)] = (Party.CURATOR,)
    warnings: Warnings = LAST_QUARTER_AND_FIVE_MINUTES


class AnswerRule(ClockRule):
    """Preparing the answer, or placing it too where `stops` says so (clauses 3.2, 3.3)."""

    clock: ClassVar[ClockKind] = ClockKind.ANSWER

    starts: Literal[StartEvent.ARRIVED, StartEvent.DETECTED, StartEvent.SENT] = StartEvent.SENT
    stops: Literal[StopEvent.SUBMITTED, StopEvent.PLACED] = StopEvent.SUBMITTED
    scope: Scope = Scope.DEPARTMENT
    held_by: Annotated[tuple[Party, ...], Field(min_length=1)] = (Party.DEPARTMENT,)


class PhotosRule(AnswerRule):
    """The answer's term when it needs photos (clause 3.4): replaces the answer rule's."""

    after_breach: Literal["breach_stands", "replaced"] = "breach_stands"
    """What a photo flag set after the answer's due does to the breach (reading 3)."""
    interim_extends: bool = False
    """Whether an interim answer extends this term too (reading 4)."""


class PlacementRule(ClockRule):
    """Placing the answer, or sending it back for revision (clause 3.5)."""

    clock: ClassVar[ClockKind] = ClockKind.PLACEMENT

    starts: Literal[StartEvent.ANSWER_RECEIVED] = StartEvent.ANSWER_RECEIVED
    stops: Literal[StopEvent.PLACED, StopEvent.PLACED_OR_SENT_BACK] = StopEvent.PLACED_OR_SENT_BACK
    scope: Scope = Scope.MESSAGE
    held_by: Annotated[tuple[Party, ...], Field(min_length=1)] = (Party.CURATOR,)
    warnings: Warnings = LAST_QUARTER_AND_FIVE_MINUTES


class RevisionRule(ClockRule):
    """Reworking an answer that was sent back (clause 3.7)."""

    clock: ClassVar[ClockKind] = ClockKind.REVISION

    starts: Literal[StartEvent.SENT_BACK] = StartEvent.SENT_BACK
    stops: Literal[StopEvent.SUBMITTED] = StopEvent.SUBMITTED
    scope: Literal[Scope.DEPARTMENT] = Scope.DEPARTMENT
    held_by: Annotated[tuple[Party, ...], Field(min_length=1)] = (Party.DEPARTMENT,)


class InterimRule(ConfigModel):
    """An interim answer, placed by the answer's due, moves the final answer's (clause 3.6)."""

    clause: Text
    """What notes and reports cite."""
    extension: Term
    """By how much the final answer may be later."""
    counted_from: Literal["answer_due", "interim_placed"] = "answer_due"
    """Whether the extension is added to the answer's due or to the instant of the interim
    answer."""
    limit: Annotated[int, Field(ge=0)] = 1
    """How many interim answers extend the deadline (reading 5); further ones are refused."""
    cap: Term | None = None
    """The longest term in all, counted from the answer clock's start; none when empty."""
    scope: Scope = Scope.DEPARTMENT
    """One clock for the message, or one for each department in charge."""
    held_by: Annotated[tuple[Party, ...], Field(min_length=1)] = (Party.DEPARTMENT, Party.CURATOR)
    """Whose duty it is; a breach is booked to the first."""
    warnings: Warnings = HALF_AND_LAST_HALF_HOUR
    """Of the interim answer's clock, and of the final answer's."""


class Clocks(ConfigModel):
    """The clocks of a policy; one that is left out is taken from `common`, or does not run."""

    first_reaction: FirstReactionRule | None = None
    """A first word to the citizen; not in the regulation of Perm."""
    routing: RoutingRule | None = None
    """Finding the department (clause 3.1)."""
    answer: AnswerRule | None = None
    """Preparing the answer (clauses 3.2, 3.3)."""
    photos: PhotosRule | None = None
    """An answer that needs photos (clause 3.4)."""
    interim: InterimRule | None = None
    """An interim answer (clause 3.6)."""
    placement: PlacementRule | None = None
    """Placing the answer (clause 3.5)."""
    revision: RevisionRule | None = None
    """Reworking an answer (clause 3.7)."""


class PolicySettings(Clocks):
    """One policy as written in `sla.yaml`; `answer` is the one clock each must have."""

    title: Text
    """What staff read as the name of the policy."""
    answer: AnswerRule


class Escalation(ConfigModel):
    """The `escalation` section of `config/sla.yaml`: what a deadline that is near or over does."""

    tell_leaders: tuple[ClockKind, ...] = tuple(ClockKind)
    """The clocks whose breach the leaders' group is told of."""
    priority_soon: Annotated[int, Field(ge=0, le=10)] = 1
    """By how many steps above the usual priority a ticket is raised when its deadline is near."""
    priority_overdue: Annotated[int, Field(ge=0, le=10)] = 2
    """By how many steps when it is over."""
    priority_important: Annotated[int, Field(ge=0, le=10)] = 2
    """By how many steps the ticket of a message of high importance is raised from the first."""


class Policy(Clocks):
    """One policy with everything it takes from the common part: complete by itself."""

    key: PolicyKey
    title: Text
    answer: AnswerRule
    readings: Readings
    escalation: Escalation

    @cached_property
    def version(self) -> str:
        """Hash of the contents: what a frozen verdict remembers of the rules it was made by."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]


class SlaSettings(ConfigModel):
    """Contents of `config/sla.yaml`."""

    readings: Readings = Readings()
    """How clauses that leave room are read."""
    escalation: Escalation = Escalation()
    """What a deadline that is near or over does."""
    common: Clocks = Clocks()
    """Clocks of every policy that does not have its own."""
    policies: Annotated[Mapping[PolicyKey, PolicySettings], Field(min_length=1)]
    """The policies by the keys that channels name."""

    @cached_property
    def by_key(self) -> Mapping[str, Policy]:
        """The complete policies by their keys, in the file's order."""
        return {key: self._complete(key, policy) for key, policy in self.policies.items()}

    def policy(self, key: str) -> Policy:
        """Return the policy; raises ValueError that names the known ones."""
        try:
            return self.by_key[key]
        except KeyError as error:
            known = ", ".join(self.by_key)
            raise ValueError(f"политики «{key}» нет в sla.yaml; есть: {known}") from error

    def _complete(self, key: str, policy: PolicySettings) -> Policy:
        own = {name: getattr(policy, name) for name in policy.model_fields_set}
        common = {name: getattr(self.common, name) for name in Clocks.model_fields}
        whole = {"key": key, "readings": self.readings, "escalation": self.escalation}
        return Policy.model_validate({**common, **own, **whole})
