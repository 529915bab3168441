"""Reads a timeline from its beginning: which clocks ran, and which steps count.

A step that the regulation does not allow (a revision without a reason, an answer without a text)
is void: clocks and the ticket's course go on as if it had not been taken.
"""

from datetime import datetime
from typing import Final

from bridge.sla.answer_term import AnswerTerm
from bridge.sla.circumstances import Circumstances
from bridge.sla.clocks import CURATOR, ClockBoard
from bridge.sla.course import Course, Submission
from bridge.sla.interim_course import InterimCourse
from bridge.sla.late_edits import LateEdits
from bridge.sla.objections import Objections
from bridge.sla.parts import Standing, Turn
from bridge.sla.policy import ClockKind, ClockRule, Policy, StartEvent, StopEvent
from bridge.sla.rerouting import Rerouting
from bridge.sla.revision_reasons import RevisionReasons
from bridge.sla.self_placement import SelfPlacement
from bridge.sla.service_time import ServiceCalendar
from bridge.sla.timeline import (
    ANSWER_IS_IN,
    INTERIM_IS_IN,
    TEXT_FIELDS,
    WITHOUT_ANSWER,
    AnswerKind,
    Approval,
    PlacementOutcome,
    Status,
    Step,
    Timeline,
    final_approval,
    interim_approval,
)
from bridge.sla.void_steps import VoidSteps

DEPARTMENT_CLOCKS: Final = (ClockKind.ANSWER, ClockKind.REVISION)
ENDED_BY_PLACEMENT: Final = (
    ClockKind.FIRST_REACTION,
    ClockKind.ANSWER,
    ClockKind.PLACEMENT,
    ClockKind.FINAL,
)
"""Those of them that still run when the answer is visible: an answer's clock where a city has it
stop only then."""
DUTIES_TO_ANSWER: Final = (*DEPARTMENT_CLOCKS, ClockKind.INTERIM, ClockKind.FINAL)
ALL_CLOCKS: Final = tuple(ClockKind)
TAKEN_FROM_DEPARTMENT: Final = WITHOUT_ANSWER | {Status.MISROUTED}
_SUBMITTING: Final = {Status.REVIEW: AnswerKind.FINAL, Status.INTERIM_REVIEW: AnswerKind.INTERIM}


def read_course(
    timeline: Timeline, policy: Policy, calendar: ServiceCalendar, around: Circumstances
) -> Course:
    """Follow the timeline step by step."""
    reader = _CourseReader(timeline, policy, calendar, around)
    for step in timeline.steps:
        reader.take(step)
    return reader.course()


class _CourseReader:
    def __init__(
        self,
        timeline: Timeline,
        policy: Policy,
        calendar: ServiceCalendar,
        around: Circumstances,
    ) -> None:
        self._timeline = timeline
        self._policy = policy
        self._board = ClockBoard(policy, calendar, around.importance)
        self._term = AnswerTerm(policy, calendar, self._board, around.importance)
        self._status: Status = Status.NEW
        self._department: str | None = None
        # Whether the department has been timed since it got the ticket.
        self._had_its_clock = False
        self._reasons = RevisionReasons(policy.readings.revision_reasons)
        self._void = VoidSteps(
            Objections(policy, self._board, self._term, self._reasons, calendar.zone, around)
        )
        self._approval: Approval | None = None
        self._by_hand: Approval | None = None
        self._edits = LateEdits()
        self._submission: Submission | None = None
        self._self_placement = SelfPlacement(policy, around)
        self._placed_by_department: int | None = None
        self._rerouting = Rerouting()
        self._interim = InterimCourse(self._board, self._term)
        self._placed: Step | None = None
        self._turns: list[Turn] = []
        self._sent_at: datetime | None = None
        self._around = around
        for rule in (policy.first_reaction, policy.routing):
            if rule:
                self._start(rule, self._beginning(rule, timeline.arrived_at), CURATOR)

    def course(self) -> Course:
        return Course(
            clocks=self._board.clocks,
            void=self._void.standing,
            approval=self._wanted(),
            by_hand=self._by_hand,
            interim=self._interim.placed,
            turns=tuple(self._turns),
            sent_at=self._sent_at,
            late_edit=self._edits.newest,
            submission=self._submission,
            placed_by_department=self._placed_by_department,
            rerouted_by=self._rerouting.rerouted_by,
        )

    def _wanted(self) -> Approval | None:
        """Whoever insists on leaving the approval behind does not want the answer out."""
        return None if self._void.is_insisted else self._approval

    def take(self, step: Step) -> None:
        """Account for one step: who holds the ticket, then what was done with it."""
        status = self._void.countable_status(
            step, self._status, interim_in_hand=self._interim.in_hand
        )
        self._take_department(step, status)
        self._term.need_photos(step.flag("photos_required"), step.at)
        self._take_status(step, status)
        self._take_turn(step, status)
        self._reasons.see(step, status)
        self._edits.see(step, status, self._approval)

    def _take_turn(self, step: Step, status: Status) -> None:
        standing = self._standing(status)
        if not self._turns or self._turns[-1].standing is not standing:
            self._turns.append(Turn(step.at, standing, step.journal_id))

    def _standing(self, status: Status) -> Standing:
        if status in WITHOUT_ANSWER:
            return Standing.DROPPED
        if status is Status.PLACED:
            return Standing.PLACED
        if status is Status.APPROVED or self._is_approved_by_itself():
            return Standing.APPROVED
        return Standing.SUBMITTED if self._has_final_answer(status) else Standing.PENDING

    def _is_approved_by_itself(self) -> bool:
        """Where the curator agreed, a submission needs no approval (2.1.4)."""
        return self._approval is not None and self._approval.kind is AnswerKind.FINAL

    def _take_department(self, step: Step, status: Status) -> None:
        """Start the department's clock when the ticket reaches it (clauses 3.1, 3.2, 3.3)."""
        self._rerouting.see(step, self._status, status, self._department)
        if status in TAKEN_FROM_DEPARTMENT:
            self._department = None
            return
        if step.department != self._department:
            self._reroute(step)
        if self._department and not self._had_its_clock and self._answer_is_due(status):
            self._ask(step, self._department)

    def _reroute(self, step: Step) -> None:
        self._board.cancel(step.at, "rerouted", *DUTIES_TO_ANSWER)
        self._department = step.department
        self._had_its_clock = False
        if step.department:
            self._sent_at = self._sent_at or step.at
            self._board.stop(step.at, ClockKind.ROUTING)

    def _ask(self, step: Step, department: str) -> None:
        # Whoever asks another department has decided on the first one's answer, in time or not.
        self._board.stop(step.at, ClockKind.PLACEMENT)
        self._had_its_clock = True
        if self._placed is None:
            self._term.begin(self._beginning(self._policy.answer, step.at), department)

    def _answer_is_due(self, status: Status) -> bool:
        """Not of a department that gets the ticket when the answer is in, or only to revise it."""
        if not self._has_final_answer(self._status):
            return True
        return status is not Status.REVISION and not self._has_final_answer(status)

    def _has_final_answer(self, status: Status) -> bool:
        if status is Status.MANUAL_PLACEMENT:
            return not self._interim.in_hand
        return status in ANSWER_IS_IN

    def _take_status(self, step: Step, status: Status) -> None:
        before, self._status = self._status, status
        if before is status:
            self._keep_approval(step, status)
            return
        self._interim.see(status)
        self._by_hand = self._approval if status is Status.MANUAL_PLACEMENT else None
        self._approval = self._approved(step, status)
        self._submission = _submitted(step, status)
        self._placed_by_department = self._self_placement.placed_by(step, status, self._timeline)
        if self._has_final_answer(status):
            self._answer_came(step, status)
        elif status in INTERIM_IS_IN:
            self._interim.came(self._visible_at(self._approval) if self._approval else None)
        elif status is Status.INTERIM_PLACED:
            self._interim.stands(step.at)
        elif status is Status.REVISION:
            self._sent_back(step)
        elif status is Status.MISROUTED:
            self._misrouted(step)
        elif status in WITHOUT_ANSWER:
            self._board.cancel(step.at, status, *ALL_CLOCKS)

    def _approved(self, step: Step, status: Status) -> Approval | None:
        agreed = self._self_placement.is_agreed(step)
        if status is Status.INTERIM_APPROVED or (agreed and status is Status.INTERIM_REVIEW):
            return interim_approval(step)
        if status is Status.APPROVED or (agreed and status is Status.REVIEW):
            is_to_place = not self._self_placement.placed_by(step, status, self._timeline)
            approval = final_approval(step)
            return approval if is_to_place and self._is_to_place(approval) else None
        return None

    def _keep_approval(self, step: Step, status: Status) -> None:
        """The curator may take the agreement to self-placement back until the answer is out."""
        if status in _SUBMITTING and not self._self_placement.is_agreed(step):
            self._approval = None

    def _is_to_place(self, approval: Approval) -> bool:
        """Not when staff said before that this very text is placed: it would be there twice."""
        if self._placed is None or self._timeline.placement_for(approval):
            return True
        return approval.text != self._placed.field("answer_text")

    def _answer_came(self, step: Step, status: Status) -> None:
        self._board.stop(step.at, ClockKind.ROUTING)
        self._term.submit_final(step.at)
        if self._board.is_running(*self._ended_by_submission()):
            self._board.stop(step.at, *self._ended_by_submission())
            self._start(self._policy.placement, step.at, CURATOR)
        if status is Status.PLACED:
            self._board.stop(self._seen_at(step), *ALL_CLOCKS)
            self._placed = step
        if status is Status.APPROVED or self._approval or self._placed_by_department:
            visible_at = self._visible_at(final_approval(step))
            if visible_at:
                self._board.stop(visible_at, *ENDED_BY_PLACEMENT)

    def _ended_by_submission(self) -> tuple[ClockKind, ...]:
        """A city may time the answer until it is placed."""
        if self._policy.answer.stops is StopEvent.SUBMITTED:
            return DEPARTMENT_CLOCKS
        return (ClockKind.REVISION,)

    def _beginning(self, rule: ClockRule, sent_at: datetime) -> datetime:
        """Where a city has a clock start before the ticket reaches the department."""
        if rule.starts is StartEvent.ARRIVED:
            return self._timeline.arrived_at
        if rule.starts is StartEvent.DETECTED:
            return self._around.detected_at or self._timeline.arrived_at
        return sent_at

    def _seen_at(self, step: Step) -> datetime:
        """A part's answer is visible with the whole's, before its own ticket says so."""
        common = self._timeline.common_placement
        return min(step.at, common) if common else step.at

    def _visible_at(self, approval: Approval) -> datetime | None:
        """The duties of 3.5 and 3.6 end when the answer is visible, not when the ticket says so."""
        if self._placed_by_department == approval.journal_id:
            return approval.at
        fact = self._timeline.placement_for(approval)
        if fact and fact.outcome is PlacementOutcome.PLACED and fact.at:
            return max(fact.at, approval.at)
        return None

    def _sent_back(self, step: Step) -> None:
        if self._board.is_running(*self._ended_by_submission()):
            return
        self._board.stop(step.at, ClockKind.PLACEMENT)
        self._had_its_clock = True
        holder, reason = step.department or CURATOR, self._reasons.named(step)
        self._start(self._policy.revision, step.at, holder, reason)

    def _misrouted(self, step: Step) -> None:
        if self._policy.readings.misrouted == "cancels_clock":
            self._board.cancel(step.at, Status.MISROUTED, *DUTIES_TO_ANSWER)

    def _start(self, rule: ClockRule | None, at: datetime, holder: str, cause: str = "") -> None:
        """Start a clock, unless the answer was placed: a reopened ticket has none (reading 1)."""
        if self._placed is None:
            self._board.start(rule, at, holder, cause)


def _submitted(step: Step, status: Status) -> Submission | None:
    kind = _SUBMITTING.get(status)
    return Submission(step.journal_id, kind, step.field(TEXT_FIELDS[kind])) if kind else None
