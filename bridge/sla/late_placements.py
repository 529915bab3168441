"""The standing answer for a system that brought the message after it was placed (clause 3.5).

The duty to the citizen is done and no clock runs; the answer is entered there all the same, and a
person is told where it could not be.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bridge.sla.effects import Effect, Note, PlaceAnswer, UpdateTicket
from bridge.sla.timeline import PlacementOutcome


@dataclass(frozen=True)
class LatePlacement:
    """What is known of the answer's way there. `system` is the message's address in it."""

    answer: PlaceAnswer
    outcome: PlacementOutcome
    system: str
    meaning: str = ""


KEY_PATTERN: Final = "place:%:source-%"
"""What the keys of such placements look like, as SQL's LIKE has it."""


def key_of(approval: int, source: int) -> str:
    """The key of the placement: one for each answer and system."""
    return f"place:{approval}:source-{source}"


def late_effects(late: Sequence[LatePlacement]) -> Iterator[Effect]:
    """Place what waits; tell staff once of what did not arrive."""
    for each in late:
        if each.outcome is PlacementOutcome.WAITING:
            yield each.answer
        elif each.outcome is not PlacementOutcome.PLACED:
            note = Note("late_source_failed", {"system": each.system, "meaning": each.meaning})
            yield UpdateTicket(f"late:{each.answer.key}", note=note)
