"""How interim answers come and are placed (clause 3.6)."""

from dataclasses import dataclass
from datetime import datetime

from bridge.sla.answer_term import AnswerTerm
from bridge.sla.clocks import ClockBoard
from bridge.sla.policy import ClockKind
from bridge.sla.timeline import INTERIM_IS_IN, Status


@dataclass(frozen=True)
class InterimPlaced:
    """The newest interim answer that stands there, and whether it extends the term (3.6)."""

    number: int
    at: datetime
    extends: bool


class InterimCourse:
    """Follows a ticket's interim answers on its board."""

    def __init__(self, board: ClockBoard, term: AnswerTerm) -> None:
        self._board = board
        self._term = term
        self._in_hand = False
        # Whether the one in hand was seen placed before the ticket says so.
        self._seen = False
        self._placed: InterimPlaced | None = None

    @property
    def in_hand(self) -> bool:
        """Whether what waits for its placement is an interim answer."""
        return self._in_hand

    @property
    def placed(self) -> InterimPlaced | None:
        """The newest that stands there."""
        return self._placed

    def see(self, status: Status) -> None:
        """Account for the ticket's new status."""
        by_hand = status is Status.MANUAL_PLACEMENT
        self._in_hand = status in INTERIM_IS_IN or (by_hand and self._in_hand)

    def came(self, visible_at: datetime | None) -> None:
        """The department has submitted one; `visible_at`: it stands there already."""
        self._term.submit_interim()
        self._seen = visible_at is not None
        if visible_at:
            self._place(visible_at)

    def stands(self, at: datetime) -> None:
        """The ticket says so: news unless the placement itself was seen before."""
        if not self._seen:
            self._place(at)
        self._seen = False

    def _place(self, at: datetime) -> None:
        number = self._placed.number + 1 if self._placed else 1
        self._board.stop(at, ClockKind.FIRST_REACTION)
        self._placed = InterimPlaced(number, at, self._term.place_interim(at))
