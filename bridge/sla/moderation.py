"""What follows from words for which a message is not to be answered (clause 1.3, reading 12).

The bridge flags, a curator decides: until then the ticket is with nobody else. Whatever the bridge
does here it does to a ticket that staff have not touched, so a curator's word always stands.
"""

from dataclasses import dataclass

from bridge.sla.effects import Note, UpdateTicket
from bridge.sla.timeline import Status, Timeline

_PRIORITY_OF_THREAT = 2


@dataclass(frozen=True)
class Flagged:
    """A message that has such words. `found` tells staff which, safe in the helpdesk's markup.

    `closes`: the office has chosen that such a ticket is closed without a curator.
    """

    found: str
    threat: bool = False
    closes: bool = False


def threat_notice(flagged: Flagged, timeline: Timeline) -> UpdateTicket | None:
    """Bring a threat to the curator's notice at once."""
    if not (flagged.threat and timeline.is_untouched):
        return None
    note = Note("threat_found", {"found": flagged.found})
    return UpdateTicket("threat-found", priority=_PRIORITY_OF_THREAT, note=note)


def closing(flagged: Flagged, timeline: Timeline) -> UpdateTicket | None:
    """Close the ticket without a curator where the office has chosen so; staff may reopen it."""
    if not (flagged.closes and timeline.is_untouched):
        return None
    note = Note("closed_unanswered", {"found": flagged.found})
    return UpdateTicket("closed-unanswered", status=Status.NOT_ANSWERABLE, note=note)
