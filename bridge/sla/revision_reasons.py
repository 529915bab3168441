"""Which of the regulation's reasons a revision names (clause 3.7, reading 10)."""

import re
from collections.abc import Collection
from typing import Final

from bridge.sla.timeline import Status, Step

_LEADING_NUMBER: Final = re.compile(r"\d+(?:\.\d+)*")


def reason_clause(value: str, known: Collection[str]) -> str:
    """The clause that the field's value begins with; empty if it is none of the known ones."""
    number = _LEADING_NUMBER.match(value)
    return number[0] if number and number[0] in known else ""


class RevisionReasons:
    """What the field tells as the ticket goes on.

    A reason is spent with the round that it was given for. The bridge clears the field when the
    reworked answer comes; until then the old value may stand there, and names nothing: the journal
    cannot tell it from one that was chosen again. Once the field was changed, any value counts.
    """

    def __init__(self, known: Collection[str]) -> None:
        self._known = known
        self._spent = ""

    def named(self, step: Step) -> str:
        """The clause that the step names as the reason of a revision; empty if it names none."""
        value = step.field("revision_reason")
        return "" if value == self._spent else reason_clause(value, self._known)

    def see(self, step: Step, status: Status) -> None:
        """Account for a step after which the ticket counts as being in this status."""
        value = step.field("revision_reason")
        if status is Status.REVISION:
            self._spent = value
        elif value != self._spent:
            self._spent = ""
