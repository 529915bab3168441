"""What a case comes to: how the ticket fared, alone and together with related ones (2.1.2)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bridge.sla.additions import without_duties
from bridge.sla.case import Case
from bridge.sla.clocks import Clock, latest
from bridge.sla.course import Course
from bridge.sla.course_reader import read_course
from bridge.sla.parts import (
    Whole,
    placement_clocks,
    policy_of_part,
    policy_of_whole,
    routed,
    share_placement,
)
from bridge.sla.policy import ClockKind
from bridge.sla.sharing import all_parts, common_approval, common_placement, is_part
from bridge.sla.timeline import CLOSED, AnswerKind, Approval


@dataclass(frozen=True)
class CaseReading:
    """What the case comes to: how the ticket fared, alone and together with related ones."""

    course: Course
    clocks: tuple[Clock, ...]
    approval: Approval | None
    whole: Whole | None


def read(case: Case) -> CaseReading:
    """Read the case as what its ticket is: alone, a part, or a whole (2.1.2)."""
    if case.parts:
        return _read_whole(case)
    if is_part(case.timeline, case.whole):
        return _read_part(case)
    course = read_course(case.timeline, case.policy, case.calendar, case.around)
    return CaseReading(course, _with_frozen(course.clocks, case.frozen), course.approval, None)


def without_deleted(case: Case, reading: CaseReading) -> CaseReading:
    """The reading, without what a deletion takes away (reading 15)."""
    if case.deletion is None:
        return reading
    return replace(reading, clocks=without_duties(case.deletion, reading.clocks), approval=None)


def _read_part(case: Case) -> CaseReading:
    """A part has its approved answer placed with the whole; an interim one goes out by itself."""
    timeline = case.timeline
    if case.whole:
        timeline = replace(timeline, common_placement=case.whole.placed_at)
    course = read_course(timeline, policy_of_part(case.policy), case.calendar, case.around)
    approval = course.approval
    if approval and approval.kind is AnswerKind.FINAL and share_placement(case.policy):
        approval = None
    return CaseReading(course, _with_frozen(course.clocks, case.frozen), approval, None)


def _read_whole(case: Case) -> CaseReading:
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
    placement = latest(clocks, ClockKind.PLACEMENT)
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
    return CaseReading(course, clocks, approval, whole)


def _with_frozen(clocks: tuple[Clock, ...], frozen: Mapping[str, Clock]) -> tuple[Clock, ...]:
    """A verdict stays even where today's policy would not have had the clock (reading 1)."""
    return tuple({**{clock.key: clock for clock in clocks}, **frozen}.values())
