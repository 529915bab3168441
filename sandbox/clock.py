"""The time that the sandbox shows and stamps: passed in, so that tests decide it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""Returns the present moment, aware, in UTC."""


def system_clock() -> datetime:
    """The machine's own time in UTC."""
    return datetime.now(UTC)


@dataclass
class ManualClock:
    """A clock that stands still until it is moved."""

    now: datetime

    def __call__(self) -> datetime:
        """The moment to which it was last moved."""
        return self.now

    def advance(self, step: timedelta) -> None:
        """Move it by `step`."""
        self.now += step
