"""Why the regulation does not allow a step. An objection is the note that tells staff so."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bridge.sla.answer_term import AnswerTerm
from bridge.sla.circumstances import Circumstances
from bridge.sla.clocks import ClockBoard
from bridge.sla.effects import Note
from bridge.sla.field_moments import field_moment, parse_field_moment
from bridge.sla.policy import ClockKind, Policy
from bridge.sla.revision_reasons import RevisionReasons
from bridge.sla.timeline import INTERIM_IS_IN, TEXT_FIELDS, AnswerKind, Status, Step


@dataclass(frozen=True)
class Objections:
    """What there is to say against a ticket's steps. `term` and `reasons` are those so far."""

    policy: Policy
    board: ClockBoard
    term: AnswerTerm
    reasons: RevisionReasons
    zone: ZoneInfo
    around: Circumstances

    def to(self, step: Step, status: Status) -> Note | None:
        """The objection to giving the ticket this status; None if the step is allowed."""
        if status is Status.REVISION and not self.reasons.named(step):
            return Note("revision_without_reason")
        if status is Status.REVISION and self._is_too_late(step):
            return Note("revision_too_late")
        if status in (Status.REVIEW, Status.APPROVED):
            return self._to_final(step) or self._to_text(step, AnswerKind.FINAL)
        if status in INTERIM_IS_IN:
            objection = self._to_interim(step) or self._to_period(step)
            return objection or self._to_text(step, AnswerKind.INTERIM)
        return None

    def _is_too_late(self, step: Step) -> bool:
        """Sending back belongs to the same 30 minutes (3.5, 3.7, reading 9)."""
        placement = self.board.running(ClockKind.PLACEMENT)
        refused = self.policy.readings.late_revision == "refused"
        return refused and placement is not None and placement.overdue(step.at)

    def _to_final(self, step: Step) -> Note | None:
        """Clause 2.1.3, and 3.4 where the answer needs photos."""
        if not step.field("answer_text"):
            return Note("answer_without_text")
        if self.policy.photos and step.flag("photos_required") and step.pictures < 1:
            return Note("answer_without_photo")
        return None

    def _to_text(self, step: Step, kind: AnswerKind) -> Note | None:
        """Where the office has a check of answers refuse them (3.5, 3.7.1, 3.7.4)."""
        return self.around.remarks(kind, step.field(TEXT_FIELDS[kind]), "block")

    def _to_interim(self, step: Step) -> Note | None:
        """Clause 3.6; one interim answer extends once (reading 5)."""
        if not self.term.allows_interim():
            return Note("interim_refused")
        return None if step.field("interim_text") else Note("interim_without_text")

    def _to_period(self, step: Step) -> Note | None:
        """It tells when the final answer comes: in the future, in its term (reading 6)."""
        told = step.field("interim_until")
        if not told and self.policy.readings.interim_period == "optional":
            return None
        until = parse_field_moment(told, self.zone)
        if until is None:
            return Note("interim_without_period")
        if until <= step.at:
            return Note("interim_period_past", {"told": told})
        latest = self.term.latest_final(step.at)
        if latest and until > latest:
            latest_told = field_moment(latest, self.zone)
            return Note("interim_period_too_late", {"told": told, "latest": latest_told})
        return None


def objection_to_closing(step: Step) -> Note | None:
    """The objection to closing a ticket whose interim answer alone was to be placed (3.6)."""
    return None if step.field("answer_text") else Note("interim_is_not_final")
