"""Steps that the regulation does not allow: they are void, as if they had not been taken."""

from dataclasses import dataclass, replace

from bridge.sla.effects import Note
from bridge.sla.insistence import Insistence, Reply
from bridge.sla.objections import Objections, objection_to_closing
from bridge.sla.timeline import Status, Step


@dataclass(frozen=True)
class VoidStep:
    """A step that does not count. `restore` is the status to which the ticket belongs."""

    journal_id: int
    status: Status
    restore: Status
    note: Note
    """Tells staff why, and what to do."""
    reply: Reply = Reply.UNDO


class VoidSteps:
    """Tells the steps that count from those that do not, one after the other."""

    def __init__(self, objections: Objections) -> None:
        self._objections = objections
        self._insistence = Insistence()
        self._standing: VoidStep | None = None

    @property
    def standing(self) -> VoidStep | None:
        """Set while the ticket still stands in a void status."""
        return self._standing

    @property
    def is_insisted(self) -> bool:
        """Whether staff keep to a void step that was undone before."""
        return self._standing is not None and self._standing.reply is not Reply.UNDO

    def countable_status(self, step: Step, before: Status, *, interim_in_hand: bool) -> Status:
        """The status that counts after the step: the one before when the step is void."""
        status = step.status or before
        if status is before:
            if self._standing and step.by_bridge:
                self._insistence.was_undone(self._standing.status, self._standing.note)
            self._standing = None
            return status
        note = self._objection(step, status, interim_in_hand)
        if note is None:
            self._insistence.counted(status)
            self._standing = None
            return status
        self._standing = self._void_step(step, status, before, note)
        return before

    def _void_step(self, step: Step, status: Status, before: Status, note: Note) -> VoidStep:
        if self._standing and self._standing.status is status:
            # Still where the void step led, and what was missing has not come yet.
            return replace(self._standing, note=note)
        reply = self._insistence.reply(status, note)
        return VoidStep(step.journal_id, status, before, note, reply)

    def _objection(self, step: Step, status: Status, interim_in_hand: bool) -> Note | None:
        if status is Status.PLACED and interim_in_hand:
            return objection_to_closing(step)
        return self._objections.to(step, status)
