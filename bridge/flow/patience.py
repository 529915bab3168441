"""Patience with a helpdesk that does not answer: some tries, a little apart."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from bridge.helpdesk.port import HelpdeskUnavailable

PAUSES: Final = (2.0, 5.0, 10.0)
"""Seconds between tries."""

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Patiently:
    """Calls the helpdesk. `wait` lets so many seconds pass."""

    wait: Callable[[float], None]
    pauses: Sequence[float] = PAUSES

    def __call__(self, call: Callable[[], Answer]) -> Answer:
        """What a reading call gives. Raises its `HelpdeskError` when the last try failed, too."""
        for seconds in self.pauses:
            try:
                return call()
            except HelpdeskUnavailable:
                self.wait(seconds)
        return call()
