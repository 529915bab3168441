"""Decides, from all that is known of a ticket, what is true and what is to be done.

Pure: the same case always gives the same decision, so it can be taken again at any time.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from bridge.sla.additions import (
    Addition,
    deletion_in_force,
    notes_on,
    step_after,
    without_duties,
)
from bridge.sla.approaching import deadline_state, next_look, warnings
from bridge.sla.assumptions import Assumption, assumptions
from bridge.sla.circumstances import Circumstances
from bridge.sla.clocks import Clock, Verdict
from bridge.sla.course import Course, InterimPlaced, Submission, VoidStep, read_course
from bridge.sla.effects import Effect, Note, PlaceAnswer, UpdateTicket
from bridge.sla.escalation import escalation
from bridge.sla.field_moments import field_moment
from bridge.sla.importance import told_of_importance
from bridge.sla.insistence import Reply
from bridge.sla.late_edits import LateEdit
from bridge.sla.late_placements import LatePlacement, late_effects
from bridge.sla.moderation import closing, threat_notice
from bridge.sla.parts import (
    Compose,
    Part,
    Whole,
    open_parts,
    placement_clocks,
    plain_composition,
    policy_of_part,
    policy_of_whole,
    routed,
    share_placement,
)
from bridge.sla.policy import ClockKind, Policy
from bridge.sla.self_placement import SelfPlacement
from bridge.sla.service_time import ServiceCalendar
from bridge.sla.sharing import (
    all_parts,
    common_approval,
    common_placement,
    has_own_answer,
    is_part,
    last_step,
    own_part,
    part_step,
    step_of_whole_without_answer,
    whole_step,
)
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
from bridge.sla.unattached import UnattachedFile, note_on_files

NOTES_ON_PLACEMENT: Final = {AnswerKind.FINAL: "placement", AnswerKind.INTERIM: "interim"}
"""How the names of the notes begin that tell what became of a placement."""


@dataclass(frozen=True)
class Case:
    """Everything that a decision depends on. `frozen`: stored clocks that have a verdict.

    Of a message that concerns several departments (2.1.2): `parts` are those below this ticket,
    `whole` is what it is a part of, `split` names the departments that are to get it at once, and
    `compose` makes the common answer. `additions`: what the citizen did since and the ticket does
    not tell yet, oldest first. `late`: the standing answer's way to systems that came after it.
    `unattached`: the citizen's files that it does not hold, nor tells of.
    """

    timeline: Timeline
    policy: Policy
    calendar: ServiceCalendar
    frozen: Mapping[str, Clock]
    due_date: date | None
    now: datetime
    around: Circumstances = field(default_factory=Circumstances)
    parts: tuple[Part, ...] = ()
    whole: Whole | None = None
    split: tuple[str, ...] = ()
    compose: Compose = plain_composition
    additions: tuple[Addition, ...] = ()
    late: tuple[LatePlacement, ...] = ()
    unattached: tuple[UnattachedFile, ...] = ()

    @property
    def deletion(self) -> Addition | None:
        """The deletion that takes the duty away, if any (reading 15)."""
        if self.whole and self.whole.placed_at:
            return None
        return deletion_in_force(self.additions, self.timeline, self.policy.readings)


@dataclass(frozen=True)
class Decision:
    """What is true (`clocks`, `closed`) and what is to be done (`effects`, in this order).

    `approval` is the journal entry whose answer is to be placed now; a placement that waits for
    another approval is no longer wanted. `look_at` is when time alone changes the decision.
    `part` and `whole` are what related tickets need to know; `split` names the departments for
    which parts are to be opened. `assumptions` is what it rests on where the history has gaps.
    """

    clocks: tuple[Clock, ...]
    effects: tuple[Effect, ...]
    closed: bool
    approval: int | None
    look_at: datetime | None
    part: Part
    whole: Whole | None
    split: tuple[str, ...]
    assumptions: tuple[Assumption, ...]


@dataclass(frozen=True)
class _Reading:
    """What the case comes to: how the ticket fared, alone and together with related ones."""

    course: Course
    clocks: tuple[Clock, ...]
    approval: Approval | None
    whole: Whole | None


def decide(case: Case) -> Decision:
    """Apply the regulation to the case."""
    reading = _without_deleted(case, _read(case))
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


def _without_deleted(case: Case, reading: _Reading) -> _Reading:
    """The reading, without what a deletion takes away (reading 15)."""
    if case.deletion is None:
        return reading
    return replace(reading, clocks=without_duties(case.deletion, reading.clocks), approval=None)


def _may_follow(case: Case) -> bool:
    """The helpdesk closes no ticket above open ones, and opens none below a closed one."""
    if case.deletion:
        return not open_parts(case.parts)
    return case.whole is None or not case.whole.closed


def _read(case: Case) -> _Reading:
    if case.parts:
        return _read_whole(case)
    if is_part(case.timeline, case.whole):
        return _read_part(case)
    course = read_course(case.timeline, case.policy, case.calendar, case.around)
    return _Reading(course, _with_frozen(course.clocks, case.frozen), course.approval, None)


def _read_part(case: Case) -> _Reading:
    """A part has its approved answer placed with the whole; an interim one goes out by itself."""
    timeline = case.timeline
    if case.whole:
        timeline = replace(timeline, common_placement=case.whole.placed_at)
    course = read_course(timeline, policy_of_part(case.policy), case.calendar, case.around)
    approval = course.approval
    if approval and approval.kind is AnswerKind.FINAL and share_placement(case.policy):
        approval = None
    return _Reading(course, _with_frozen(course.clocks, case.frozen), approval, None)


def _read_whole(case: Case) -> _Reading:
    """A whole has the common placement's clocks, and one routing clock for all its parts."""
    placed = common_placement(case.timeline, case.parts)
    timeline = replace(case.timeline, common_placement=placed.placed_at)
    course = read_course(
        timeline, policy_of_whole(case.policy, timeline), case.calendar, case.around
    )
    parts = all_parts(timeline.now, course, case.parts)
    placements = placement_clocks(parts, case.policy, case.calendar, placed.placed_at)
    own = tuple(routed(clock, case.parts, case.policy.readings) for clock in course.clocks)
    clocks = _with_frozen((*own, *placements), case.frozen)
    placement = _latest(clocks, ClockKind.PLACEMENT)
    whole = replace(
        placed,
        placement_due=placement.due if placement else None,
        closed=timeline.now.status in CLOSED,
    )
    approval = course.approval
    if share_placement(case.policy):
        approval = common_approval(timeline.now, course, parts, case.compose)
        if placed.placed_at and approval and approval.kind is AnswerKind.FINAL:
            # The common answer stands there: what its parts become does not change it.
            approval = None
    return _Reading(course, clocks, approval, whole)


def _is_to_split(case: Case) -> bool:
    """Only a ticket that nobody has touched: whoever did has decided otherwise."""
    return case.timeline.is_untouched and not case.parts


def _with_frozen(clocks: tuple[Clock, ...], frozen: Mapping[str, Clock]) -> tuple[Clock, ...]:
    """A verdict stays even where today's policy would not have had the clock (reading 1)."""
    return tuple({**{clock.key: clock for clock in clocks}, **frozen}.values())


def _effects(case: Case, reading: _Reading) -> Iterator[Effect]:
    state, course, clocks = case.timeline.now, reading.course, reading.clocks
    if reading.approval and _still_to_place(case.timeline, reading.approval):
        yield _placement(reading.approval, bool(case.parts))
    yield from late_effects(case.late)
    wanted = _differing(state, _wanted_fields(case, reading, state))
    due_date = _wanted_due_date(case, clocks)
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
    step = _status_step(case, reading, state)
    if step and step.status:
        yield replace(step, fields={**wanted, **step.fields}, due_date=due_date)
        return
    if step:
        # Left once, while the fields go on changing: they have a key of their own.
        yield step
    if wanted or due_date:
        yield UpdateTicket(_fields_key(state, wanted, due_date), fields=wanted, due_date=due_date)


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


def _status_step(case: Case, reading: _Reading, state: Step) -> UpdateTicket | None:
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
    if case.around.flagged and (closed := closing(case.around.flagged, case.timeline)):
        return closed
    return _routing_step(course, state) or _placed_in_vain(case.timeline, state)


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


def _shared_step(case: Case, reading: _Reading, state: Step) -> UpdateTicket | None:
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


def _wanted_fields(case: Case, reading: _Reading, state: Step) -> dict[str, str]:
    """What the ticket's fields are to show (`design.md`, «In Redmine»)."""
    zone, clocks = case.calendar.zone, reading.clocks
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
    wanted.update(_shared_fields(case, reading))
    if state.status in (Status.REVIEW, Status.INTERIM_REVIEW):
        # The reason belongs to the round that is over: the next revision must name its own.
        wanted["revision_reason"] = ""
    return wanted


def _shared_fields(case: Case, reading: _Reading) -> dict[str, str]:
    """What a part shows of its whole, and a whole that only waits for its parts of them."""
    zone = case.calendar.zone
    if case.whole and is_part(case.timeline, case.whole) and share_placement(case.policy):
        return {"placement_due": field_moment(case.whole.placement_due, zone)}
    if not case.parts or has_own_answer(case.timeline.now, reading.course):
        return {}
    sent = [part.sent_at for part in case.parts if part.sent_at]
    dues = [part.due for part in case.parts if part.due]
    return {
        "sent_at": field_moment(min(sent, default=None), zone),
        "answer_due": field_moment(min(dues, default=None), zone),
    }


def _latest(clocks: tuple[Clock, ...], *kinds: ClockKind) -> Clock | None:
    valid = [
        clock for clock in clocks if clock.kind in kinds and clock.verdict is not Verdict.CANCELLED
    ]
    return valid[-1] if valid else None


def _wanted_due_date(case: Case, clocks: tuple[Clock, ...]) -> date | None:
    """The helpdesk's own due date: the local day of the nearest open duty.

    That of a whole is left to the helpdesk, which takes it from the tickets below.
    """
    if case.parts:
        return None
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
