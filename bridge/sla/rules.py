"""Decides, from all that is known of a ticket, what is true and what is to be done.

Pure: the same case always gives the same decision, so it can be taken again at any time.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from bridge.sla.approaching import deadline_state, next_look, warnings
from bridge.sla.circumstances import Circumstances
from bridge.sla.clocks import Clock, Verdict
from bridge.sla.course import Course, InterimPlaced, Submission, VoidStep, read_course
from bridge.sla.effects import Effect, Note, PlaceAnswer, UpdateTicket
from bridge.sla.field_moments import field_moment
from bridge.sla.insistence import Reply
from bridge.sla.late_edits import LateEdit
from bridge.sla.policy import ClockKind, Policy
from bridge.sla.self_placement import SelfPlacement
from bridge.sla.service_time import ServiceCalendar
from bridge.sla.timeline import (
    CLOSED,
    AnswerKind,
    Approval,
    PlacementFact,
    PlacementOutcome,
    Status,
    Step,
    Timeline,
)

NOTES_ON_PLACEMENT: Final = {AnswerKind.FINAL: "placement", AnswerKind.INTERIM: "interim"}
"""How the names of the notes begin that tell what became of a placement."""


@dataclass(frozen=True)
class Case:
    """Everything that a decision depends on. `frozen`: stored clocks that have a verdict."""

    timeline: Timeline
    policy: Policy
    calendar: ServiceCalendar
    frozen: Mapping[str, Clock]
    due_date: date | None
    now: datetime
    around: Circumstances = field(default_factory=Circumstances)


@dataclass(frozen=True)
class Decision:
    """What is true (`clocks`, `closed`) and what is to be done (`effects`, in this order).

    `approval` is the journal entry whose answer is to be placed now; a placement that waits for
    another approval is no longer wanted. `look_at` is when time alone changes the decision.
    """

    clocks: tuple[Clock, ...]
    effects: tuple[Effect, ...]
    closed: bool
    approval: int | None
    look_at: datetime | None


def decide(case: Case) -> Decision:
    """Apply the regulation to the case."""
    course = read_course(case.timeline, case.policy, case.calendar, case.around)
    clocks = _with_frozen(course.clocks, case.frozen)
    state = case.timeline.now
    return Decision(
        clocks=clocks,
        effects=tuple(_effects(case, course, clocks)),
        closed=state.status in CLOSED,
        approval=course.approval.journal_id if course.approval else None,
        look_at=next_look(clocks, case.now, case.calendar),
    )


def _with_frozen(clocks: tuple[Clock, ...], frozen: Mapping[str, Clock]) -> tuple[Clock, ...]:
    """A verdict stays even where today's policy would not have had the clock (reading 1)."""
    return tuple({**{clock.key: clock for clock in clocks}, **frozen}.values())


def _effects(case: Case, course: Course, clocks: tuple[Clock, ...]) -> Iterator[Effect]:
    state = case.timeline.now
    if course.approval and _still_to_place(case.timeline, course.approval):
        yield _placement(course.approval)
    wanted = _differing(state, _wanted_fields(case, state, clocks))
    due_date = _wanted_due_date(case, clocks)
    yield from warnings(clocks, case.now, case.calendar)
    if course.interim and state.status is Status.INTERIM_PLACED:
        yield _told_of_interim(course.interim, clocks, case)
    if course.late_edit:
        yield _told_of_edit(course.late_edit, case.timeline)
    refusal = SelfPlacement(case.policy, case.around).refusal(case.timeline)
    if refusal:
        yield refusal
    if course.submission:
        yield from _remarks(course.submission, case.around)
    step = _status_step(case, course, state)
    if step and step.status:
        yield replace(step, fields={**wanted, **step.fields}, due_date=due_date)
        return
    if step:
        # Left once, while the fields go on changing: they have a key of their own.
        yield step
    if wanted or due_date:
        yield UpdateTicket(_fields_key(state, wanted, due_date), fields=wanted, due_date=due_date)


def _told_of_interim(interim: InterimPlaced, clocks: tuple[Clock, ...], case: Case) -> UpdateTicket:
    """Tell staff by when the final answer is due now (3.6)."""
    final = _latest(clocks, ClockKind.FINAL)
    zone = case.calendar.zone
    if interim.extends and final:
        note = Note("interim_extends", {"due": field_moment(final.due, zone)})
    else:
        note = Note("interim_extends_nothing", {"at": field_moment(interim.at, zone)})
    return UpdateTicket(f"interim-told:{interim.number}", note=note)


def _remarks(submission: Submission, around: Circumstances) -> Iterator[UpdateTicket]:
    """What the curator may want to look at, once for each submission (3.5, 3.7)."""
    note = around.remarks(submission.kind, submission.text, "note")
    if note:
        yield UpdateTicket(f"remarks:{submission.journal_id}", note=note)


def _told_of_edit(edit: LateEdit, timeline: Timeline) -> UpdateTicket:
    fact = timeline.placement_for(edit.approval)
    is_placed = fact is not None and fact.outcome is PlacementOutcome.PLACED
    placed = is_placed or timeline.now.status in (Status.PLACED, Status.INTERIM_PLACED)
    template = "edited_after_placement" if placed else "edited_after_approval"
    return UpdateTicket(f"edited:{edit.journal_id}", note=Note(template, {"kind": edit.kind}))


def _still_to_place(timeline: Timeline, approval: Approval) -> bool:
    fact = timeline.placement_for(approval)
    return fact is None or fact.outcome is PlacementOutcome.WAITING


def _placement(approval: Approval) -> PlaceAnswer:
    return PlaceAnswer(
        key=f"place:{approval.journal_id}",
        approval=approval.journal_id,
        text=approval.text,
        with_photos=approval.with_photos,
        kind=approval.kind,
        final_by=approval.final_by,
    )


def _status_step(case: Case, course: Course, state: Step) -> UpdateTicket | None:
    """The one step that the ticket is to take now, if any."""
    if course.void:
        return _reply_to(course.void)
    if course.approval:
        fact = case.timeline.placement_for(course.approval)
        return _after_placement(course.approval, fact) if fact else None
    if course.placed_by_department is not None:
        key = f"self-placed:{course.placed_by_department}"
        return UpdateTicket(key, status=Status.PLACED)
    if course.rerouted_by is not None:
        return UpdateTicket(f"assigned:{course.rerouted_by}", status=Status.ASSIGNED)
    if state.status is Status.NEW and state.department:
        return UpdateTicket(f"assigned:{state.journal_id}", status=Status.ASSIGNED)
    return _placed_in_vain(case.timeline, state)


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


def _wanted_fields(case: Case, state: Step, clocks: tuple[Clock, ...]) -> dict[str, str]:
    """What the ticket's fields are to show (`design.md`, «In Redmine»)."""
    zone = case.calendar.zone
    answer = _latest(clocks, ClockKind.ANSWER)
    duty = _latest(clocks, ClockKind.ANSWER, ClockKind.REVISION)
    placement = _latest(clocks, ClockKind.PLACEMENT)
    if state.status is Status.REVISION and placement and not placement.running:
        # It ended with the revision; the next one begins with the reworked answer.
        placement = None
    final = _latest(clocks, ClockKind.FINAL)
    wanted = {
        "arrived_at": field_moment(case.timeline.arrived_at, zone),
        "sent_at": field_moment(answer.start if answer else None, zone),
        "answer_due": field_moment(duty.due if duty else None, zone),
        "placement_due": field_moment(placement.due if placement else None, zone),
        "final_due": field_moment(final.due if final else None, zone),
        "deadline_state": deadline_state(clocks, case.now, case.calendar),
    }
    if state.status in (Status.REVIEW, Status.INTERIM_REVIEW):
        # The reason belongs to the round that is over: the next revision must name its own.
        wanted["revision_reason"] = ""
    return wanted


def _latest(clocks: tuple[Clock, ...], *kinds: ClockKind) -> Clock | None:
    valid = [
        clock for clock in clocks if clock.kind in kinds and clock.verdict is not Verdict.CANCELLED
    ]
    return valid[-1] if valid else None


def _wanted_due_date(case: Case, clocks: tuple[Clock, ...]) -> date | None:
    """The helpdesk's own due date: the local day of the nearest open duty."""
    dues = [clock.due for clock in clocks if clock.running]
    if not dues:
        return None
    day = min(dues).astimezone(case.calendar.zone).date()
    return day if day != case.due_date else None


def _differing(state: Step, wanted: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in wanted.items() if state.field(key) != value}


def _fields_key(state: Step, fields: Mapping[str, str], due_date: date | None) -> str:
    """The same correction of the same state has the same key: tried once, never in a loop."""
    contents = json.dumps([sorted(fields.items()), str(due_date)], ensure_ascii=False)
    digest = hashlib.sha256(contents.encode()).hexdigest()[:16]
    return f"fields:{state.journal_id}:{digest}"
