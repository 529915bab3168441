"""What a ticket shows: its fields, and the helpdesk's own due date."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date

from bridge.sla.approaching import deadline_state
from bridge.sla.case import Case
from bridge.sla.case_reading import CaseReading
from bridge.sla.clocks import Clock, latest
from bridge.sla.field_moments import field_moment
from bridge.sla.parts import share_placement
from bridge.sla.policy import ClockKind
from bridge.sla.sharing import has_own_answer, is_part
from bridge.sla.timeline import Status, Step


def wanted_fields(case: Case, reading: CaseReading, state: Step) -> dict[str, str]:
    """What the ticket's own fields are to show."""
    zone, clocks = case.calendar.zone, reading.clocks
    answer = latest(clocks, ClockKind.ANSWER)
    duty = latest(clocks, ClockKind.ANSWER, ClockKind.REVISION)
    placement = latest(clocks, ClockKind.PLACEMENT)
    if state.status is Status.REVISION and placement and not placement.running:
        # It ended with the revision; the next one begins with the reworked answer.
        placement = None
    final = latest(clocks, ClockKind.FINAL)
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


def _shared_fields(case: Case, reading: CaseReading) -> dict[str, str]:
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


def wanted_due_date(case: Case, clocks: tuple[Clock, ...]) -> date | None:
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


def differing(state: Step, wanted: Mapping[str, str]) -> dict[str, str]:
    """Those of the wanted fields that the ticket does not show yet."""
    return {key: value for key, value in wanted.items() if state.field(key) != value}


def fields_key(state: Step, fields: Mapping[str, str], due_date: date | None) -> str:
    """The same correction of the same state has the same key: tried once, never in a loop."""
    contents = json.dumps([sorted(fields.items()), str(due_date)], ensure_ascii=False)
    digest = hashlib.sha256(contents.encode()).hexdigest()[:16]
    return f"fields:{state.journal_id}:{digest}"
