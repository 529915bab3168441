"""What became of a message, and when: told from all of its tickets."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bridge.reporting.facts import MessageFact, TicketEnd
from bridge.sla.timeline import WITHOUT_ANSWER, Status


class End(StrEnum):
    """How a message ended."""

    PLACED = "placed"
    PLACED_BY_HAND = "placed_by_hand"
    NOT_ANSWERABLE = "not_answerable"
    NO_ANSWER_NEEDED = "no_answer_needed"
    WITHDRAWN = "withdrawn"


_REJECTED: Final = {
    Status.NOT_ANSWERABLE: End.NOT_ANSWERABLE,
    Status.NO_ANSWER_NEEDED: End.NO_ANSWER_NEEDED,
    Status.WITHDRAWN: End.WITHDRAWN,
}


@dataclass(frozen=True)
class Fate:
    """How the message ended, and when; `end` None: it has not."""

    end: End | None
    at: datetime | None


_WAITING: Final = Fate(None, None)


def fate_of(message: MessageFact) -> Fate:
    """The message's fate; the oldest ticket is the one that the others are parts of.

    An answer that was placed is the end, whatever is done with the ticket afterwards.
    """
    placed = [ticket.placed_at for ticket in message.tickets if ticket.placed_at]
    if placed:
        return Fate(End.PLACED, min(placed))
    if not message.tickets:
        return _WAITING
    main = message.tickets[0]
    if main.status == Status.PLACED:
        return Fate(End.PLACED_BY_HAND, main.last_stop or main.changed_at)
    if all(ticket.status in WITHOUT_ANSWER for ticket in message.tickets):
        return Fate(_REJECTED[Status(main.status)], _dropped_at(main))
    return _WAITING


def unsure_at(message: MessageFact) -> datetime | None:
    """When the bridge first gave up finding out whether an answer is visible."""
    return min((ticket.unsure_at for ticket in message.tickets if ticket.unsure_at), default=None)


def _dropped_at(ticket: TicketEnd) -> datetime | None:
    return ticket.dropped_at or ticket.changed_at
