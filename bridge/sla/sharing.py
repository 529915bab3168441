"""The steps of tickets that share one answer: the whole, and its parts (clauses 2.1.2, 3.5).

A whole is mostly held by the curators: it waits for its parts, takes their approved answers as one,
and has it placed. A ticket that a department holds already may become a whole as well, when the
curator adds departments; then its own answer is the first paragraph.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bridge.sla.course import Course
from bridge.sla.effects import Note, UpdateTicket
from bridge.sla.parts import (
    Compose,
    Part,
    Standing,
    Turn,
    Whole,
    answers,
    is_answered,
    open_parts,
)
from bridge.sla.policy import ClockKind
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

_DUTIES: Final = (ClockKind.ANSWER, ClockKind.REVISION)


def is_part(timeline: Timeline, whole: Whole | None) -> bool:
    """Whether the ticket shares the whole's answer: not if that was placed before it came."""
    if whole is None:
        return False
    return whole.placed_at is None or timeline.steps[0].at < whole.placed_at


def own_part(state: Step, course: Course) -> Part:
    """The ticket as a part: what is known of its own answer."""
    approval = course.approval
    final = approval if approval and approval.kind is AnswerKind.FINAL else None
    running = [clock.due for clock in course.clocks if clock.running and clock.kind in _DUTIES]
    return Part(
        department=state.department,
        turns=course.turns,
        sent_at=course.sent_at,
        due=max(running, default=None),
        text=final.text if final else "",
        with_photos=final.with_photos if final else False,
        link=state.field("answer_link") if state.status is Status.PLACED else "",
    )


def has_own_answer(state: Step, course: Course) -> bool:
    """Whether a department holds the whole itself, and so owes an answer like each of the parts."""
    return course.sent_at is not None and state.department is not None


def all_parts(state: Step, course: Course, parts: Sequence[Part]) -> tuple[Part, ...]:
    """The whole's parts; its own answer is the first if a department holds it."""
    if course.sent_at is None or not has_own_answer(state, course):
        return tuple(parts)
    own = own_part(state, course)
    return (replace(own, turns=_since(own.turns, course.sent_at)), *parts)


def _since(turns: Sequence[Turn], instant: datetime) -> tuple[Turn, ...]:
    """Before a department had it, nobody owed an answer."""
    earlier = [turn for turn in turns if turn.at <= instant]
    return (replace(earlier[-1], at=instant), *(turn for turn in turns if turn.at > instant))


def common_placement(timeline: Timeline, parts: Sequence[Part]) -> Whole:
    """When the common answer was placed and where it stands: seen there, or as staff say."""
    facts = [fact for fact in timeline.placements if _stands(fact)]
    if facts:
        return Whole(placed_at=facts[0].at, link=facts[0].link)
    for step in timeline.steps:
        if step.status is Status.PLACED or _is_placed_by_hand(step, parts):
            return Whole(placed_at=step.at, link=step.field("answer_link"))
    return Whole()


def _stands(fact: PlacementFact) -> bool:
    return fact.kind is AnswerKind.FINAL and fact.outcome is PlacementOutcome.PLACED


def _is_placed_by_hand(step: Step, parts: Sequence[Part]) -> bool:
    """The helpdesk closes no ticket with open parts, so the link alone says that it is done."""
    if step.status is not Status.MANUAL_PLACEMENT or not step.field("answer_link"):
        return False
    standings = [part.standing_at(step.at) for part in parts]
    return Standing.APPROVED in standings and not {Standing.PENDING, Standing.SUBMITTED} & {
        *standings
    }


def common_approval(
    state: Step, course: Course, parts: Sequence[Part], compose: Compose
) -> Approval | None:
    """The answer to be placed for all the parts: none before the last of them is approved."""
    approval = course.approval
    if approval is None or approval.kind is AnswerKind.INTERIM:
        return approval
    if not is_answered(parts):
        return None
    with_photos = approval.with_photos or any(part.with_photos for part in open_parts(parts))
    if not has_own_answer(state, course):
        # The curators' own ticket carries the composed answer, as they may have corrected it.
        return replace(approval, with_photos=with_photos)
    return replace(approval, text=compose(answers(parts)), with_photos=with_photos)


def part_step(state: Step, course: Course, whole: Whole) -> UpdateTicket | None:
    """A part ends with the whole's answer."""
    if whole.placed_at is None or state.status in CLOSED:
        return None
    if course.turns[-1].standing is Standing.APPROVED:
        key = f"placed-with-whole:{state.journal_id}"
        return UpdateTicket(key, status=Status.PLACED, fields={"answer_link": whole.link})
    note = Note("part_placed_in_vain", {"link": whole.link})
    return UpdateTicket("placed-in-vain:whole", note=note)


def whole_step(
    state: Step, course: Course, parts: Sequence[Part], compose: Compose
) -> UpdateTicket | None:
    """The step that the whole is to take before its answer is placed.

    `parts` are the tickets below it.
    """
    if has_own_answer(state, course):
        return _wait(course.approval, parts)
    if is_answered(parts):
        return _compose(state, course, compose(answers(parts)))
    return step_of_whole_without_answer(state, course, parts)


def step_of_whole_without_answer(
    state: Step, course: Course, parts: Sequence[Part]
) -> UpdateTicket | None:
    """The step of a whole that has nothing to place: not yet, or because each part is by itself."""
    if has_own_answer(state, course):
        return None
    return _go_on(state) if open_parts(parts) else _without_parts(state, parts)


def last_step(state: Step, parts: Sequence[Part], whole: Whole) -> UpdateTicket | None:
    """Closed after its parts: the helpdesk closes no ticket that has open ones below it."""
    if state.status is Status.PLACED or open_parts(parts):
        return None
    return UpdateTicket("placed:whole", status=Status.PLACED, fields={"answer_link": whole.link})


def _wait(approval: Approval | None, parts: Sequence[Part]) -> UpdateTicket | None:
    """Tell why an approved answer does not go out: others are to be placed together with it."""
    left = open_parts(parts)
    if approval is None or approval.kind is AnswerKind.INTERIM or not left or is_answered(left):
        return None
    return UpdateTicket(f"waits-for-parts:{approval.journal_id}", note=Note("waits_for_parts"))


def _without_parts(state: Step, parts: Sequence[Part]) -> UpdateTicket | None:
    placed = [part for part in parts if part.standing is Standing.PLACED]
    if placed and state.status not in CLOSED:
        link = placed[-1].link
        return UpdateTicket("placed:parts", status=Status.PLACED, fields={"answer_link": link})
    if state.status in (Status.IN_PROGRESS, Status.APPROVED):
        note = Note("parts_dropped")
        return UpdateTicket(f"parts-dropped:{state.journal_id}", status=Status.NEW, note=note)
    return None


def _compose(state: Step, course: Course, text: str) -> UpdateTicket | None:
    if state.status in CLOSED or state.status is Status.MANUAL_PLACEMENT:
        return None
    if state.status is not Status.APPROVED:
        fields = {"answer_text": text}
        return UpdateTicket(f"compose:{state.journal_id}", status=Status.APPROVED, fields=fields)
    if course.approval and course.approval.by_bridge and course.approval.text != text:
        return UpdateTicket(f"compose-anew:{state.journal_id}", status=Status.IN_PROGRESS)
    return None


def _go_on(state: Step) -> UpdateTicket | None:
    """The parts are in work, and so is the whole; what is done is done to one of them."""
    if state.status is Status.IN_PROGRESS or state.status in CLOSED:
        return None
    key = f"parts-in-work:{state.journal_id}"
    if state.status is Status.NEW or state.by_bridge:
        return UpdateTicket(key, status=Status.IN_PROGRESS)
    return UpdateTicket(key, status=Status.IN_PROGRESS, note=Note("parts_in_work"))
