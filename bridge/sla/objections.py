"""Why the regulation does not allow a step. An objection is the note that tells staff so."""

from bridge.sla.effects import Note
from bridge.sla.policy import Policy
from bridge.sla.timeline import Status, Step


def objection_to(step: Step, status: Status, policy: Policy) -> Note | None:
    """The objection to giving the ticket this status; None if the step is allowed."""
    if status is Status.REVISION and not step.field("revision_reason"):
        return Note("revision_without_reason")
    if status in (Status.REVIEW, Status.APPROVED):
        return _to_answer(step, policy)
    return None


def _to_answer(step: Step, policy: Policy) -> Note | None:
    if not step.field("answer_text"):
        return Note("answer_without_text")
    if policy.photos and step.flag("photos_required") and step.pictures < 1:
        return Note("answer_without_photo")
    return None
