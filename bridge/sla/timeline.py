"""A ticket's timeline: what happened to it, in order, as states and not as events.

Each step holds the whole state after it. What a step means follows from comparing it with the
state before, so a lost, doubled or reordered webhook cannot change the meaning.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final


class Status(StrEnum):
    """Keys of the helpdesk's statuses (`config/helpdesk.yaml`)."""

    NEW = "new"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    MISROUTED = "misrouted"
    INTERIM_REVIEW = "interim_review"
    INTERIM_APPROVED = "interim_approved"
    INTERIM_PLACED = "interim_placed"
    REVIEW = "review"
    REVISION = "revision"
    APPROVED = "approved"
    MANUAL_PLACEMENT = "manual_placement"
    PLACED = "placed"
    NOT_ANSWERABLE = "not_answerable"
    NO_ANSWER_NEEDED = "no_answer_needed"
    WITHDRAWN = "withdrawn"


WITHOUT_ANSWER: Final = frozenset(
    {Status.NOT_ANSWERABLE, Status.NO_ANSWER_NEEDED, Status.WITHDRAWN}
)
"""Closed with no duty left; that a message is not answered is the curator's word (clause 1.3)."""

CLOSED: Final = WITHOUT_ANSWER | {Status.PLACED}

ANSWER_IS_IN: Final = frozenset(
    {Status.REVIEW, Status.APPROVED, Status.MANUAL_PLACEMENT, Status.PLACED}
)
"""The department has submitted a final answer: its clock has nothing more to wait for.

Of `manual_placement` it is only true where the final answer is what is placed by hand.
"""

INTERIM_IS_IN: Final = frozenset({Status.INTERIM_REVIEW, Status.INTERIM_APPROVED})
"""The department has submitted an interim answer, which is not placed yet (clause 3.6)."""


class AnswerKind(StrEnum):
    """What is placed."""

    FINAL = "final"
    INTERIM = "interim"


TEXT_FIELDS: Final = {AnswerKind.FINAL: "answer_text", AnswerKind.INTERIM: "interim_text"}
"""The field that holds an answer's text."""


@dataclass(frozen=True)
class Step:
    """The ticket's state after one journal entry; the first step is its creation.

    `journal_id` is 0 for the creation. `status` is None for a status that the configuration does
    not know. `department` is None while the curators hold the ticket. `pictures` counts those that
    staff have attached to the ticket.
    """

    at: datetime
    journal_id: int
    by_bridge: bool
    status: Status | None
    department: str | None
    fields: Mapping[str, str]
    pictures: int = 0

    def field(self, key: str) -> str:
        """The field's value, stripped; empty when it is not set."""
        return self.fields.get(key, "").strip()

    def flag(self, key: str) -> bool:
        """Whether a yes-or-no field says yes."""
        return self.field(key) == "1"


class PlacementOutcome(StrEnum):
    """What is known of an answer that was to be placed."""

    WAITING = "waiting"
    PLACED = "placed"
    UNCERTAIN = "uncertain"
    FAILED = "failed"


@dataclass(frozen=True)
class PlacementFact:
    """What the store knows of the placement that one approval asked for.

    `at` is when the answer was seen placed; `meaning` says to staff why it was not (yet), and
    `code` names that reason.
    """

    approval: int
    text: str
    outcome: PlacementOutcome
    at: datetime | None = None
    link: str = ""
    code: str = ""
    meaning: str = ""
    kind: AnswerKind = AnswerKind.FINAL


@dataclass(frozen=True)
class Approval:
    """An answer as one journal entry approved it: frozen, whatever becomes of the fields.

    `final_by` is when the final answer comes, as an interim one tells the citizen (3.6).
    `with_photos`: the answer is the text together with the ticket's pictures (3.4).
    """

    journal_id: int
    at: datetime
    kind: AnswerKind
    text: str
    final_by: str = ""
    with_photos: bool = False
    by_bridge: bool = False
    """Whether no person did: the common answer of several departments, each approved before."""


def final_approval(step: Step) -> Approval:
    """The final answer that the step approves."""
    return Approval(
        step.journal_id,
        step.at,
        AnswerKind.FINAL,
        step.field("answer_text"),
        with_photos=step.flag("photos_required"),
        by_bridge=step.by_bridge,
    )


def interim_approval(step: Step) -> Approval:
    """The interim answer that the step approves."""
    return Approval(
        step.journal_id,
        step.at,
        AnswerKind.INTERIM,
        step.field("interim_text"),
        final_by=step.field("interim_until"),
    )


@dataclass(frozen=True)
class Timeline:
    """Everything that happened. `arrived_at`: posted on the page, or registered (clause 3.1).

    `common_placement` is when the answer of the whole that the ticket is a part of was placed.
    `unseen_changes` are journal entries after which status or department were changed by
    something that left no entry.
    """

    arrived_at: datetime
    steps: tuple[Step, ...]
    placements: tuple[PlacementFact, ...] = ()
    common_placement: datetime | None = None
    unseen_changes: frozenset[int] = frozenset()

    @property
    def now(self) -> Step:
        """The state that the ticket is in."""
        return self.steps[-1]

    @property
    def is_untouched(self) -> bool:
        """Whether staff have done nothing yet: the ticket is new, and no department has it."""
        by_bridge = all(step.by_bridge for step in self.steps)
        return by_bridge and self.now.status is Status.NEW and not self.now.department

    def placement_for(self, approval: Approval) -> PlacementFact | None:
        """What is known of the placement that this approval asked for.

        The same text that stands there already, or may, is not placed twice: an approval that was
        taken back too late and is given again finds it done, or left to a person to look for.
        """
        for fact in self.placements:
            if _answers(fact, approval) or _anticipates(fact, approval):
                return fact
        return None


def _answers(fact: PlacementFact, approval: Approval) -> bool:
    """One approval has one text, unless its answer has parts, which may change meanwhile."""
    return (fact.approval, fact.text) == (approval.journal_id, approval.text)


def _anticipates(fact: PlacementFact, approval: Approval) -> bool:
    if (fact.kind, fact.text) != (approval.kind, approval.text):
        return False
    if fact.outcome is PlacementOutcome.UNCERTAIN:
        # Whoever approves after the note about it has looked, and wants the answer sent again.
        return fact.at is not None and fact.at > approval.at
    return fact.outcome is PlacementOutcome.PLACED
