"""What the rules need to know of a message and its channel, beside the ticket's own course."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bridge.sla.answer_checks import Action, AnswerChecks, findings
from bridge.sla.effects import Note
from bridge.sla.moderation import Flagged
from bridge.sla.policy import Importance
from bridge.sla.timeline import AnswerKind


@dataclass(frozen=True)
class Circumstances:
    """Facts that no journal tells; each has the default of an ordinary message.

    `longest`: how many characters the channel leaves for the text of an answer, greeting and
    signature taken off. `detected_at`: when the bridge saw the message; None: as it arrived.
    `why_important`: what staff are told of it. `self_placement`: whether departments may place
    their answers there themselves (2.1.4). `flagged`: what of the message clause 1.3 names, if
    anything.
    """

    checks: AnswerChecks = field(default_factory=AnswerChecks)
    longest: Mapping[AnswerKind, int] = field(default_factory=dict)
    detected_at: datetime | None = None
    importance: Importance = Importance.NORMAL
    why_important: str = ""
    self_placement: bool = True
    flagged: Flagged | None = None

    def on_channel(
        self, *, self_placement: bool, longest: Mapping[AnswerKind, int]
    ) -> "Circumstances":
        """The same for a message of a channel that can do so much."""
        return replace(self, self_placement=self_placement, longest=longest)

    def remarks(self, kind: AnswerKind, text: str, action: Action) -> Note | None:
        """The note that lists what the checks with this action find in an answer, if anything."""
        found = findings(text, self.checks, self.longest.get(kind), action)
        if not found:
            return None
        template = "answer_blocked" if action == "block" else "answer_remarks"
        values = dict.fromkeys(("words", "length", "longest", "abbreviations"), "")
        return Note(template, {"kind": kind, **values, **found})
