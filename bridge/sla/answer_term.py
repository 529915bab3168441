"""The term of the department's answer: what replaces it while its clock runs (clause 3.4)."""

from datetime import datetime

from bridge.sla.clocks import Clock, ClockBoard
from bridge.sla.deadlines import deadline
from bridge.sla.policy import ClockKind, Policy
from bridge.sla.service_time import ServiceCalendar


class AnswerTerm:
    """Keeps the answer clock of a board under the term that holds for it now."""

    def __init__(self, policy: Policy, calendar: ServiceCalendar, board: ClockBoard) -> None:
        self._policy = policy
        self._calendar = calendar
        self._board = board
        self._photos = False
        # Whether a breach of the term without photos is on record for this department.
        self._breached = False

    def begin(self, at: datetime, department: str) -> None:
        """Start the answer clock of a department that has got the ticket (3.2, 3.3)."""
        self._breached = False
        self._board.start(self._policy.answer, at, department)
        self._renew()

    def need_photos(self, needed: bool, at: datetime) -> None:
        """The answer needs photos from now on, or no longer (3.4, reading 3)."""
        if needed is self._photos:
            return
        self._photos = needed
        answer = self._board.running(ClockKind.ANSWER)
        if needed and answer and answer.overdue(at):
            self._record_breach(answer, at)
        self._renew()

    def _record_breach(self, answer: Clock, at: datetime) -> None:
        """End the overdue clock as late; the days for photos count on from its own start."""
        photos = self._policy.photos
        if photos is None or photos.after_breach == "replaced" or self._breached:
            return
        self._breached = True
        self._board.stop(at, ClockKind.ANSWER)
        self._board.start(photos, answer.start, answer.holder)

    def _renew(self) -> None:
        answer = self._board.running(ClockKind.ANSWER)
        if answer:
            rule = self._policy.photos if self._with_photos() else None
            term = deadline(rule or self._policy.answer, answer.start, self._calendar)
            self._board.retime(ClockKind.ANSWER, term)

    def _with_photos(self) -> bool:
        """Once the breach is on record the term for photos stays: it is not to count twice."""
        return self._photos or self._breached
