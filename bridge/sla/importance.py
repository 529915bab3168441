"""A message of high importance: the curator is told at once, and the ticket comes first."""

from collections.abc import Iterator
from typing import Final

from bridge.sla.circumstances import Circumstances
from bridge.sla.effects import Note, UpdateTicket
from bridge.sla.policy import Importance

_KEY: Final = "important"


def told_of_importance(around: Circumstances, priority: int) -> Iterator[UpdateTicket]:
    """Once for each ticket: the note says why, the priority is raised by so many steps.

    A ticket that leaves its priority to those below it gets 0 and only the note; one below gets the
    priority, for its curator has read why.
    """
    if around.importance is not Importance.HIGH:
        return
    note = Note("important", {"why": around.why_important}) if around.why_important else None
    if note or priority:
        yield UpdateTicket(_KEY, note=note, priority=priority or None)
