"""Where the bridge gives in: it never fights with a person over a ticket's status."""

from enum import StrEnum

from bridge.sla.effects import Note
from bridge.sla.timeline import Status


class Reply(StrEnum):
    """What the bridge does about a void step. Its clocks never count the step."""

    UNDO = "undo"
    """The first try: the status is put back, with a note that says why."""
    ALERT = "alert"
    """The same again after that: the status stays, and the curator is told."""
    SILENCE = "silence"
    """And again: the curator knows."""


Try = tuple[Status, str]
"""A status that is not allowed, and the objection to it."""


class Insistence:
    """Remembers which void steps were tried, undone and tried again.

    A step of the same kind that counts ends the matter: what goes wrong in a later round is new.
    """

    def __init__(self) -> None:
        self._undone: set[Try] = set()
        self._alerted: set[Try] = set()

    def reply(self, status: Status, objection: Note) -> Reply:
        """What is done about this step, which is not allowed."""
        tried = (status, objection.template)
        if tried in self._alerted:
            return Reply.SILENCE
        if tried in self._undone:
            self._alerted.add(tried)
            return Reply.ALERT
        return Reply.UNDO

    def was_undone(self, status: Status, objection: Note) -> None:
        """The bridge put the status back."""
        self._undone.add((status, objection.template))

    def counted(self, status: Status) -> None:
        """A step to this status was allowed."""
        self._undone = {tried for tried in self._undone if tried[0] is not status}
        self._alerted = {tried for tried in self._alerted if tried[0] is not status}
