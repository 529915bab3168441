"""A department places its answer without the curator's check (clause 2.1.4, reading 11)."""

from dataclasses import dataclass

from bridge.sla.circumstances import Circumstances
from bridge.sla.effects import Note, UpdateTicket
from bridge.sla.policy import Policy
from bridge.sla.timeline import CLOSED, Status, Step, Timeline

FIELD = "self_placement"
REFUSED = "0"


@dataclass(frozen=True)
class SelfPlacement:
    """Whether a ticket's submissions are placed as they come.

    The curator agrees by setting the flag on the ticket; that nobody else sets it is up to the
    helpdesk's permissions, for the journal does not tell a person's role.
    """

    policy: Policy
    around: Circumstances

    @property
    def is_possible(self) -> bool:
        """Not where the office rules it out, nor in a system that it is not provided for."""
        return not self._obstacle()

    def is_agreed(self, step: Step) -> bool:
        """Whether the curator has agreed on this ticket."""
        return self.is_possible and step.flag(FIELD)

    def placed_by(self, step: Step, status: Status, timeline: Timeline) -> int | None:
        """The submission that comes with a link to the answer, which the bridge did not place."""
        link = step.field("answer_link")
        known = {fact.link for fact in timeline.placements}
        if status is not Status.REVIEW or not link or link in known:
            return None
        return step.journal_id if self.is_agreed(step) else None

    def refusal(self, timeline: Timeline) -> UpdateTicket | None:
        """Take the flag off, with a note, where it cannot hold."""
        if self.is_possible or not timeline.now.flag(FIELD) or timeline.now.status in CLOSED:
            return None
        return UpdateTicket(
            key=f"self-placement:{_flagged_by(timeline)}",
            fields={FIELD: REFUSED},
            note=Note("self_placement_refused", {"obstacle": self._obstacle()}),
        )

    def _obstacle(self) -> str:
        if self.policy.readings.self_placement == "never":
            return "office"
        return "" if self.around.self_placement else "channel"


def _flagged_by(timeline: Timeline) -> int:
    """The journal entry that set the flag which stands now."""
    since = timeline.now.journal_id
    for step in reversed(timeline.steps):
        if not step.flag(FIELD):
            break
        since = step.journal_id
    return since
