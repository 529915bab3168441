"""What follows from what a citizen does after the ticket was made (readings 14 and 15).

It is told to staff in a private note and never stops or restarts a clock. Only a message that its
author deletes before the answer is placed takes the duty itself away.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from bridge.sla.clocks import Clock, cancelled
from bridge.sla.effects import Note, UpdateTicket
from bridge.sla.field_moments import field_moment
from bridge.sla.readings import Readings
from bridge.sla.timeline import CLOSED, AnswerKind, PlacementOutcome, Status, Timeline

DELETED_CAUSE: Final = "deleted"
KEY_PREFIX: Final = "addition:"


NOTE_LIMIT: Final = 10
"""How many additions one decision tells: the oldest; the others follow when those are told."""


class AdditionKind(StrEnum):
    """What the citizen did."""

    FURTHER = "further"
    """Wrote a further message in the same conversation."""
    JOINED = "joined"
    """Wrote on before the ticket was written: it is part of the ticket's own text, and told so."""
    EDITED = "edited"
    DELETED = "deleted"
    REMOVED = "removed"
    """Not the citizen: somebody else deleted the message, a moderator of the page for one."""
    RESTORED = "restored"
    CAME_AGAIN = "came_again"
    """Nothing new: another system brought the same message."""


_WHETHER_IT_IS_THERE: Final = frozenset(
    {AdditionKind.DELETED, AdditionKind.REMOVED, AdditionKind.RESTORED}
)


@dataclass(frozen=True)
class Addition:
    """One thing that a citizen did, not yet told in the ticket.

    `at` is UTC. `of_ticket` says that it is about the very message that the ticket is for.
    `attachments` are lines that are safe in the helpdesk's markup; the texts are as written. Of a
    message that came again, `link` and `text` are the further system's address and name.
    `suggestion` names, in a sentence, the department that the message makes out together with the
    ticket's; empty when it does not, or when the ticket has one.
    """

    number: int
    kind: AdditionKind
    at: datetime
    link: str
    of_ticket: bool
    text: str = ""
    text_before: str = ""
    attachments: str = ""
    suggestion: str = ""


def note_key(number: int) -> str:
    """The key of the note that tells of an addition: it is told once."""
    return f"{KEY_PREFIX}{number}"


def step_key(number: int, status: Status) -> str:
    """The key of the change of status by which an addition is told."""
    return f"{note_key(number)}:{status}"


def deletion_in_force(
    additions: Sequence[Addition], timeline: Timeline, readings: Readings
) -> Addition | None:
    """The deletion by which the ticket is to be withdrawn, if any (reading 15).

    Once the ticket was withdrawn the deletion has been told: staff may then take it up again.
    """
    if readings.deleted_message != "cancel":
        return None
    if timeline.now.status in CLOSED or _is_answered(timeline):
        return None
    return next((addition for addition in additions if _takes_duty_away(addition)), None)


def without_duties(deletion: Addition | None, clocks: tuple[Clock, ...]) -> tuple[Clock, ...]:
    """The clocks, those that run cancelled by the deletion."""
    if deletion is None:
        return clocks
    return tuple(
        cancelled(clock, max(deletion.at, clock.start), DELETED_CAUSE) if clock.running else clock
        for clock in clocks
    )


def step_after(
    additions: Sequence[Addition], deletion: Addition | None, timeline: Timeline, zone: ZoneInfo
) -> UpdateTicket | None:
    """The status that the ticket is to take because its message is gone, or there again."""
    if deletion:
        return _moved(deletion, "message_deleted", Status.WITHDRAWN, zone)
    restoration = _restoration_in_force(additions, timeline)
    if restoration:
        return _moved(restoration, "message_restored", Status.NEW, zone)
    return None


def notes_on(
    additions: Sequence[Addition], deletion: Addition | None, timeline: Timeline, zone: ZoneInfo
) -> Iterator[UpdateTicket]:
    """A private note for each addition that changes no status.

    What came after a deletion waits until the ticket is withdrawn: only then its meaning is known.
    """
    restoration = None if deletion else _restoration_in_force(additions, timeline)
    for addition in additions:
        if deletion and addition.number >= deletion.number:
            return
        if addition is not restoration and not _is_carried_out(addition, timeline):
            yield _told(addition, _template(addition, timeline), zone)


def _takes_duty_away(addition: Addition) -> bool:
    return addition.kind is AdditionKind.DELETED and addition.of_ticket


def _is_carried_out(addition: Addition, timeline: Timeline) -> bool:
    """Whether the ticket shows the deletion, though the call that wrote it was cut short."""
    return _takes_duty_away(addition) and _withdrawn_by_bridge(timeline)


def _is_answered(timeline: Timeline) -> bool:
    return any(
        fact.kind is AnswerKind.FINAL and fact.outcome is PlacementOutcome.PLACED
        for fact in timeline.placements
    )


def _restoration_in_force(additions: Sequence[Addition], timeline: Timeline) -> Addition | None:
    """The restoration of a message whose deletion had the bridge withdraw the ticket.

    One that was deleted again meanwhile is not there.
    """
    own = [each for each in additions if each.of_ticket and each.kind in _WHETHER_IT_IS_THERE]
    last = own[-1] if own else None
    if last and last.kind is AdditionKind.RESTORED and _withdrawn_by_bridge(timeline):
        return last
    return None


def _withdrawn_by_bridge(timeline: Timeline) -> bool:
    """The bridge withdraws a ticket for no other reason than a deletion."""
    withdrawn = None
    for step in reversed(timeline.steps):
        if step.status is not Status.WITHDRAWN:
            break
        withdrawn = step
    return withdrawn is not None and withdrawn.by_bridge


_TEMPLATES: Final[Mapping[AdditionKind, str]] = {
    AdditionKind.FURTHER: "citizen_wrote_more",
    AdditionKind.EDITED: "message_edited",
    AdditionKind.REMOVED: "message_removed",
    AdditionKind.RESTORED: "message_restored_told",
    AdditionKind.CAME_AGAIN: "message_came_again",
}


def _template(addition: Addition, timeline: Timeline) -> str:
    closed = timeline.now.status in CLOSED or _is_answered(timeline)
    if addition.kind is AdditionKind.FURTHER and closed:
        return "citizen_wrote_after_closing"
    if addition.kind is AdditionKind.DELETED:
        return _template_of_deletion(addition, closed)
    return _TEMPLATES[addition.kind]


def _template_of_deletion(addition: Addition, closed: bool) -> str:
    if not addition.of_ticket:
        return "addition_deleted"
    return "message_deleted_after_closing" if closed else "message_deleted_answer_anyway"


def _told(addition: Addition, template: str, zone: ZoneInfo) -> UpdateTicket:
    values = {"at": field_moment(addition.at, zone), "link": addition.link}
    if addition.kind in (AdditionKind.FURTHER, AdditionKind.EDITED):
        values |= {"text": addition.text, "attachments": addition.attachments}
    if addition.kind is AdditionKind.CAME_AGAIN:
        values |= {"channel": addition.text}
    if addition.kind is AdditionKind.FURTHER:
        values |= {"suggestion": addition.suggestion}
    if addition.kind is AdditionKind.EDITED:
        values |= {"text_before": addition.text_before}
    return UpdateTicket(note_key(addition.number), note=Note(template, values))


def _moved(addition: Addition, template: str, status: Status, zone: ZoneInfo) -> UpdateTicket:
    """With a key of its own: should staff move the ticket first, this is no longer wanted."""
    key = step_key(addition.number, status)
    return replace(_told(addition, template, zone), key=key, status=status)
