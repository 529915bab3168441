"""Decides, from all that is known of a ticket, what is true and what is to be done.

Pure: the same case always gives the same decision, so it can be taken again at any time.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import replace

from bridge.sla.additions import notes_on
from bridge.sla.approaching import next_look, warnings
from bridge.sla.assumptions import assumptions
from bridge.sla.case import Case, Decision
from bridge.sla.case_reading import CaseReading, read, without_deleted
from bridge.sla.circumstances import Circumstances
from bridge.sla.clocks import Clock, latest
from bridge.sla.course import Submission
from bridge.sla.effects import Effect, Note, PlaceAnswer, UpdateTicket
from bridge.sla.escalation import escalation
from bridge.sla.field_moments import field_moment
from bridge.sla.importance import told_of_importance
from bridge.sla.interim_course import InterimPlaced
from bridge.sla.late_edits import LateEdit
from bridge.sla.late_placements import late_effects
from bridge.sla.moderation import threat_notice
from bridge.sla.policy import ClockKind
from bridge.sla.self_placement import SelfPlacement
from bridge.sla.sharing import own_part
from bridge.sla.shown_fields import differing, fields_key, wanted_due_date, wanted_fields
from bridge.sla.status_steps import status_step
from bridge.sla.timeline import CLOSED, Approval, PlacementOutcome, Status, Step, Timeline
from bridge.sla.unattached import note_on_files


def decide(case: Case) -> Decision:
    """Apply the regulation to the case."""
    reading = without_deleted(case, read(case))
    state = case.timeline.now
    return Decision(
        clocks=reading.clocks,
        effects=tuple(_effects(case, reading)),
        closed=state.status in CLOSED,
        approval=reading.approval.journal_id if reading.approval else None,
        look_at=next_look(reading.clocks, case.now, case.calendar),
        part=own_part(state, reading.course),
        whole=reading.whole,
        split=case.split if _is_to_split(case) else (),
        assumptions=assumptions(case.timeline),
    )


def _is_to_split(case: Case) -> bool:
    """Only a ticket that nobody has touched: whoever did has decided otherwise."""
    return case.timeline.is_untouched and not case.parts


def _effects(case: Case, reading: CaseReading) -> Iterator[Effect]:
    state, course, clocks = case.timeline.now, reading.course, reading.clocks
    if reading.approval and _still_to_place(case.timeline, reading.approval):
        yield _placement(reading.approval, bool(case.parts))
    yield from late_effects(case.late)
    wanted = differing(state, wanted_fields(case, reading, state))
    due_date = wanted_due_date(case, clocks)
    yield from warnings(clocks, case.now, case.calendar)
    yield from _escalation(case, clocks)
    threat = case.around.flagged and threat_notice(case.around.flagged, case.timeline)
    if threat:
        yield threat
    yield from _told_of_importance(case, state)
    yield from notes_on(case.additions, case.deletion, case.timeline, case.calendar.zone)
    yield from note_on_files(case.unattached)
    if course.interim and state.status is Status.INTERIM_PLACED:
        yield _told_of_interim(course.interim, clocks, case)
    if course.late_edit:
        yield _told_of_edit(course.late_edit, case.timeline)
    refusal = SelfPlacement(case.policy, case.around).refusal(case.timeline)
    if refusal:
        yield refusal
    if course.submission:
        yield from _remarks(course.submission, case.around)
    step = status_step(case, reading, state)
    if step and step.status:
        yield replace(step, fields={**wanted, **step.fields}, due_date=due_date)
        return
    if step:
        # Left once, while the fields go on changing: they have a key of their own.
        yield step
    if wanted or due_date:
        yield UpdateTicket(fields_key(state, wanted, due_date), fields=wanted, due_date=due_date)


def _escalation(case: Case, clocks: tuple[Clock, ...]) -> Iterator[UpdateTicket]:
    """A whole's priority is left to the helpdesk, which takes it from the tickets below."""
    for update in escalation(case.policy.escalation, clocks, case.now, case.calendar):
        if not (case.parts and update.priority):
            yield update


def _told_of_importance(case: Case, state: Step) -> Iterator[UpdateTicket]:
    """While there is something to do. A whole's priority is left to the helpdesk here, too."""
    if state.status not in CLOSED:
        priority = 0 if case.parts else case.policy.escalation.priority_important
        yield from told_of_importance(case.around, priority)


def _told_of_interim(interim: InterimPlaced, clocks: tuple[Clock, ...], case: Case) -> UpdateTicket:
    """Tell staff by when the final answer is due now (3.6)."""
    final = latest(clocks, ClockKind.FINAL)
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


def _placement(approval: Approval, is_common: bool) -> PlaceAnswer:
    return PlaceAnswer(
        key=_common_key(approval) if is_common else f"place:{approval.journal_id}",
        approval=approval.journal_id,
        text=approval.text,
        with_photos=approval.with_photos,
        kind=approval.kind,
        final_by=approval.final_by,
    )


def _common_key(approval: Approval) -> str:
    """The parts of a common answer may still change under one approval of the whole."""
    digest = hashlib.sha256(approval.text.encode()).hexdigest()[:12]
    return f"place:{approval.journal_id}:{digest}"
