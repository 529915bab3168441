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
    at_the_due_instant: Literal["in_time", "late"] = "in_time"
    interim_period: Literal["required", "optional"] = "required"
    misrouted: Literal["cancels_clock", "keeps_clock"] = "cancels_clock"
    late_revision: Literal["allowed", "refused"] = "allowed"
    revision_reasons: Annotated[Mapping[str, RevisionReason], Field(min_length=1)] = {
        "3.7.1": "носит формальный характер, не отвечает по существу",
        "3.7.2": "содержит противоречивую информацию",
        "3.7.3": "отвечает не на все вопросы",
        "3.7.4": "термины или сокращения не раскрыты",
    }
    self_placement: Literal["with_consent", "never"] = "with_consent"
    question_after_answer: Literal["follow_up", "note"] = "follow_up"
    deleted_message: Literal["cancel", "answer_anyway"] = "cancel"
