"""The term of the department's answer, and what moves it while its clock runs.

Photos replace it (clause 3.4). An interim answer that is placed in time extends it (clause 3.6):

- the *answer* clock runs on under the extended term, to the first submission of a final answer;
- the *interim* clock times the placement of an interim answer: it is due with the answer as that
  was before, and is seen from the day that an interim answer is submitted, for nobody has to write
  one. Where the final answer comes first, its duty ceases;
- the *final* clock starts when the interim answer stands there, and is due, as the extended answer
  is, until the final answer stands there too.

A revision of an interim answer has no clock of its own: the answer's still runs.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bridge.sla.clocks import CURATOR, Clock, ClockBoard
from bridge.sla.deadlines import Deadline, deadline, final_deadline, interim_deadline
from bridge.sla.policy import ClockKind, Importance, InterimRule, Party, Policy
from bridge.sla.service_time import ServiceCalendar

FINAL_ANSWER_CAME = "final_answer"
"""Cause of a cancelled interim clock."""


class AnswerTerm:
    """Keeps the clocks of the answer on a board under the terms that hold for them now."""

    def __init__(
        self,
        policy: Policy,
        calendar: ServiceCalendar,
        board: ClockBoard,
        importance: Importance,
    ) -> None:
        self._policy = policy
        self._importance = importance
        self._calendar = calendar
        self._board = board
        self._photos = False
        # Whether a breach of the term without photos is on record for this department.
        self._breached = False
        self._interims: list[datetime] = []
        self._interims_of_ticket = 0
        # Deadlines without an extension, by start: their words take most of a decision's time.
        self._bases: dict[tuple[bool, datetime], Deadline] = {}

    def begin(self, at: datetime, department: str) -> None:
        """Start the answer clock of a department that has got the ticket (3.2, 3.3)."""
        self._breached = False
        self._interims.clear()
        self._board.open(self._base(at), department)
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

    def submit_interim(self) -> None:
        """An interim answer is on its way: its clock runs while the answer's does (3.6)."""
        rule, answer = self._policy.interim, self._board.running(ClockKind.ANSWER)
        if rule and answer and not self._board.is_running(ClockKind.INTERIM):
            term = interim_deadline(rule, self._term(answer.start, self._interims))
            self._board.open(term, _holder(rule, answer))

    def place_interim(self, at: datetime) -> bool:
        """An interim answer stands there; True when it extends the answer's term (3.6)."""
        self.submit_interim()
        self._interims_of_ticket += 1
        self._interims.append(at)
        self._board.stop(at, ClockKind.INTERIM)
        before = self._board.running(ClockKind.ANSWER)
        self._renew()
        after = self._board.running(ClockKind.ANSWER)
        return bool(before and after and after.due > before.due)

    def submit_final(self, at: datetime) -> None:
        """The final answer came: an interim one is no longer to be placed."""
        self._board.cancel(at, FINAL_ANSWER_CAME, ClockKind.INTERIM)

    def allows_interim(self) -> bool:
        """Whether the ticket may have one more interim answer (reading 5)."""
        rule = self._policy.interim
        return rule is None or self._interims_of_ticket < rule.limit

    def latest_final(self, at: datetime) -> datetime | None:
        """By when the final answer is due if an interim one is placed at `at` (reading 6).

        None where no term binds any more: the answer is overdue, or was submitted.
        """
        answer = self._board.running(ClockKind.ANSWER)
        if answer is None or answer.overdue(at):
            return None
        return self._term(answer.start, [*self._interims, at]).due

    def _record_breach(self, answer: Clock, at: datetime) -> None:
        """End the overdue clock as late; the days for photos count on from its own start."""
        photos = self._policy.photos
        if photos is None or photos.after_breach == "replaced" or self._breached:
            return
        self._breached = True
        self._board.stop(at, ClockKind.ANSWER)
        self._board.start(photos, answer.start, answer.holder)

    def _renew(self) -> None:
        """Put what runs under the terms that hold now."""
        answer = self._board.running(ClockKind.ANSWER)
        if answer is None:
            return
        term = self._term(answer.start, self._interims)
        self._board.retime(ClockKind.ANSWER, term)
        if self._policy.interim:
            self._board.retime(ClockKind.INTERIM, interim_deadline(self._policy.interim, term))
            self._renew_final(self._policy.interim, answer)

    def _renew_final(self, rule: InterimRule, answer: Clock) -> None:
        final = self._final(self._base(answer.start), self._interims)
        if final is None:
            self._board.drop(ClockKind.FINAL)
        elif self._board.is_running(ClockKind.FINAL):
            self._board.retime(ClockKind.FINAL, final)
        else:
            started = replace(final, start=self._interims[-1])
            self._board.open(started, _holder(rule, answer))

    def _term(self, start: datetime, interims: Sequence[datetime]) -> Deadline:
        base = self._base(start)
        final = self._final(base, interims)
        if final is None:
            return base
        words = f"{base.explanation}; продлён промежуточным ответом, {final.explanation}"
        alarm = replace(final.alarm, points=base.alarm.points)
        return replace(base, clause=final.clause, due=final.due, explanation=words, alarm=alarm)

    def _base(self, start: datetime) -> Deadline:
        photos = self._policy.photos if self._with_photos() else None
        key = (photos is not None, start)
        if key not in self._bases:
            rule = photos or self._policy.answer
            self._bases[key] = deadline(rule, start, self._calendar, self._importance)
        return self._bases[key]

    def _final(self, base: Deadline, interims: Sequence[datetime]) -> Deadline | None:
        rule, photos = self._policy.interim, self._policy.photos
        if rule is None or (self._with_photos() and photos and not photos.interim_extends):
            return None
        return final_deadline(rule, base, interims, self._calendar)

    def _with_photos(self) -> bool:
        """Once the breach is on record the term for photos stays: it is not to count twice."""
        return self._photos or self._breached


def _holder(rule: InterimRule, answer: Clock) -> str:
    """A duty that two share is booked to the first of them, so that a breach counts once."""
    return answer.holder if rule.held_by[0] is Party.DEPARTMENT else CURATOR
