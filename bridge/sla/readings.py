"""How the office reads the clauses that leave room: settings, the default first in each.

The numbers are those of the readings that `config/sla.yaml` explains. A reading that belongs to
one clock (photos, interim answers) stands with that clock's rule.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from bridge.config.document import ConfigModel

RevisionReason = Annotated[str, Field(min_length=1)]


class Readings(ConfigModel):
    """The `readings` section of `config/sla.yaml`; each key is explained there."""

    two_policies: Literal["earliest_due", "first_received"] = "earliest_due"
    """Which policy rules a message that came by two systems: the one due first, or the first to
    bring it."""
    at_the_due_instant: Literal["in_time", "late"] = "in_time"
    """What a stop exactly at the due instant is (reading 2)."""
    interim_period: Literal["required", "optional"] = "required"
    """Whether an interim answer must name when the final one comes (reading 6)."""
    misrouted: Literal["cancels_clock", "keeps_clock"] = "cancels_clock"
    """What becomes of the answer clock of a ticket sent back as not the department's (reading
    8)."""
    late_revision: Literal["allowed", "refused"] = "allowed"
    """Whether an answer may be sent back after the placement clock's due (reading 9)."""
    revision_reasons: Annotated[Mapping[str, RevisionReason], Field(min_length=1)] = {
        "3.7.1": "носит формальный характер, не отвечает по существу",
        "3.7.2": "содержит противоречивую информацию",
        "3.7.3": "отвечает не на все вопросы",
        "3.7.4": "термины или сокращения не раскрыты",
    }
    """What a revision may name as its reason: clause and words (reading 10)."""
    self_placement: Literal["with_consent", "never"] = "with_consent"
    """Whether a department may place an answer itself, by consent (clause 2.1.4, reading 11)."""
    question_after_answer: Literal["follow_up", "note"] = "follow_up"
    """What a further question makes after the answer: a new ticket, or a note in the old one."""
    deleted_message: Literal["cancel", "answer_anyway"] = "cancel"
    """What the deletion of the message by its author does to the duty to answer."""
