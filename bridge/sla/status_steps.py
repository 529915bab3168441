"""The one step that a ticket is to take now."""

from typing import Final

from bridge.sla.additions import step_after
from bridge.sla.case import Case
from bridge.sla.case_reading import CaseReading
from bridge.sla.course import Course
from bridge.sla.effects import Note, UpdateTicket
from bridge.sla.insistence import Reply
from bridge.sla.moderation import closing
from bridge.sla.parts import open_parts, share_placement
from bridge.sla.sharing import (
    is_part,
    last_step,
    part_step,
    step_of_whole_without_answer,
    whole_step,
)
from bridge.sla.timeline import (
    AnswerKind,
    Approval,
    PlacementFact,
    PlacementOutcome,
    Status,
    Step,
    Timeline,
)
from bridge.sla.void_steps import VoidStep

NOTES_ON_PLACEMENT: Final = {AnswerKind.FINAL: "placement", AnswerKind.INTERIM: "interim"}
"""How the names of the notes begin that tell what became of a placement."""


def status_step(case: Case, reading: CaseReading, state: Step) -> UpdateTicket | None:
    """The one step that the ticket is to take now, if any."""
    moved = step_after(case.additions, case.deletion, case.timeline, case.calendar.zone)
    if moved:
        return moved if _may_follow(case) else None
    if case.parts and reading.whole and reading.whole.placed_at:
        return last_step(state, case.parts, reading.whole)
    course = reading.course
    if course.void:
        return _reply_to(course.void)
    shared = _shared_step(case, reading, state)
    if shared:
        return shared
    if reading.approval:
        fact = case.timeline.placement_for(reading.approval)
        return _after_placement(reading.approval, fact) if fact else None
    if course.by_hand and (placed := _placed_after_all(course.by_hand, case.timeline)):
        return placed
    if case.around.flagged and (closed := closing(case.around.flagged, case.timeline)):
        return closed
    return _routing_step(course, state) or _placed_in_vain(case.timeline, state)


def _may_follow(case: Case) -> bool:
    """The helpdesk closes no ticket above open ones, and opens none below a closed one."""
    if case.deletion:
        return not open_parts(case.parts)
    return case.whole is None or not case.whole.closed


def _routing_step(course: Course, state: Step) -> UpdateTicket | None:
    """The step that follows from who holds the ticket, or says to have answered (2.1.4, 3.1)."""
    if course.placed_by_department is not None:
        key = f"self-placed:{course.placed_by_department}"
        return UpdateTicket(key, status=Status.PLACED)
    if course.rerouted_by is not None:
        return UpdateTicket(f"assigned:{course.rerouted_by}", status=Status.ASSIGNED)
    if state.status is Status.NEW and state.department:
        return UpdateTicket(f"assigned:{state.journal_id}", status=Status.ASSIGNED)
    return None


def _shared_step(case: Case, reading: CaseReading, state: Step) -> UpdateTicket | None:
    """What the ticket does for its whole, or for its parts."""
    if case.whole and is_part(case.timeline, case.whole):
        return part_step(state, reading.course, case.whole)
    if not case.parts:
        return None
    if share_placement(case.policy):
        return whole_step(state, reading.course, case.parts, case.compose)
    return step_of_whole_without_answer(state, reading.course, case.parts)


def _reply_to(void: VoidStep) -> UpdateTicket | None:
    if void.reply is Reply.SILENCE:
        return None
    if void.reply is Reply.ALERT:
        note = Note("step_insisted", {"objection": void.note.template})
        return UpdateTicket(key=f"insisted:{void.journal_id}", note=note)
    return UpdateTicket(key=f"undo:{void.journal_id}", status=void.restore, note=void.note)


def _after_placement(approval: Approval, fact: PlacementFact) -> UpdateTicket | None:
    if fact.outcome is PlacementOutcome.PLACED:
        return _placed(approval, fact)
    if fact.outcome is PlacementOutcome.WAITING:
        return _held(fact)
    return UpdateTicket(
        key=f"by-hand:{approval.journal_id}",
        status=Status.MANUAL_PLACEMENT,
        note=_note_on(fact, fact.outcome),
    )


def _placed_after_all(approval: Approval, timeline: Timeline) -> UpdateTicket | None:
    """An answer that waits for a person stands there: found, or placed by hand everywhere."""
    fact = timeline.placement_for(approval)
    return _placed(approval, fact) if fact and fact.outcome is PlacementOutcome.PLACED else None


def _placed(approval: Approval, fact: PlacementFact) -> UpdateTicket:
    key = f"placed:{approval.journal_id}"
    if approval.kind is AnswerKind.INTERIM:
        return UpdateTicket(key, status=Status.INTERIM_PLACED)
    return UpdateTicket(key, status=Status.PLACED, fields={"answer_link": fact.link})


def _note_on(fact: PlacementFact, what: str) -> Note:
    return Note(f"{NOTES_ON_PLACEMENT[fact.kind]}_{what}", {"meaning": fact.meaning})


def _held(fact: PlacementFact) -> UpdateTicket | None:
    """Tell the curator, whose 30 minutes run on (3.5), why the answer is not out yet."""
    if not fact.meaning:
        return None
    return UpdateTicket(
        key=f"held:{fact.approval}:{fact.code}",
        note=_note_on(fact, "held"),
    )


def _placed_in_vain(timeline: Timeline, state: Step) -> UpdateTicket | None:
    """Tell staff when the approval was taken back too late: the answer is already visible."""
    if state.status is Status.PLACED:
        return None
    for fact in timeline.placements:
        if fact.outcome is not PlacementOutcome.PLACED:
            continue
        if fact.kind is AnswerKind.FINAL:
            return UpdateTicket(
                key=f"placed-in-vain:{fact.approval}",
                fields={"answer_link": fact.link},
                note=Note("placed_in_vain", {"link": fact.link}),
            )
        if not _known_as_placed(timeline, fact):
            return UpdateTicket(
                key=f"interim-in-vain:{fact.approval}",
                note=Note("interim_in_vain", {"link": fact.link}),
            )
    return None


def _known_as_placed(timeline: Timeline, interim: PlacementFact) -> bool:
    return any(
        step.status is Status.INTERIM_PLACED and step.journal_id > interim.approval
        for step in timeline.steps
    )
