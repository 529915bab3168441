"""What the steps of a ticket's timeline mean for its clocks and its answer."""

from dataclasses import dataclass
from datetime import datetime

from bridge.sla.clocks import Clock
from bridge.sla.interim_course import InterimPlaced
from bridge.sla.late_edits import LateEdit
from bridge.sla.parts import Turn
from bridge.sla.timeline import AnswerKind, Approval
from bridge.sla.void_steps import VoidStep


@dataclass(frozen=True)
class Submission:
    """An answer as a department submitted it for the curator's check (clause 2.1.3)."""

    journal_id: int
    kind: AnswerKind
    text: str


@dataclass(frozen=True)
class Course:
    """How the ticket fared. `void` is set while the ticket still stands in a void status."""

    clocks: tuple[Clock, ...]
    void: VoidStep | None
    approval: Approval | None
    """The answer that was approved, while the ticket waits for its placement."""
    by_hand: Approval | None
    """The answer that was approved before the ticket waits for a person to place it."""
    interim: InterimPlaced | None
    turns: tuple[Turn, ...]
    """How the final answer came and went."""
    sent_at: datetime | None
    """When the first department got the ticket; None if none ever did."""
    late_edit: LateEdit | None
    submission: Submission | None
    """The answer that the curator has before him."""
    placed_by_department: int | None = None
    """The journal entry by which a department says that it has placed its answer itself (2.1.4)."""
    rerouted_by: int | None = None
    """The entry by which a ticket that was sent back as not theirs went to another department."""
