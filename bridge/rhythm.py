"""Whether a source has been silent for longer than its usual rhythm. Pure.

No fixed limit fits a busy page and a quiet one, or noon and three at night. What tells is the
source's own past: on other days, was there something in the same hours?
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

Heard = Callable[[datetime, datetime], bool]
"""Whether anything came after the first instant and up to the second."""

SHORTEST: Final = timedelta(minutes=30)
"""A silence that is shorter says nothing."""
DAYS: Final = 28
LEAST_DAYS: Final = 5
"""With less of a past a source has no rhythm yet."""
SHARE: Final = 0.9
_WEEK: Final = 7


@dataclass(frozen=True)
class Silence:
    """The time since a source was last heard; `began` is when it was heard first at all."""

    began: datetime
    last: datetime
    now: datetime

    @property
    def length(self) -> timedelta:
        """How long it has lasted."""
        return self.now - self.last

    def comparable(self, days: int) -> tuple[datetime, datetime] | None:
        """The same hours so many days ago; None before the source was there."""
        end = self.now - timedelta(days=days)
        start = end - self.length
        return (start, end) if start >= self.began else None


def is_unusual(silence: Silence, heard: Heard) -> bool:
    """Whether the source was heard in these hours on nearly all other days, and on this weekday."""
    if silence.length < SHORTEST:
        return False
    every = list(_heard_before(silence, heard, range(1, DAYS + 1)))
    same_weekday = _heard_before(silence, heard, range(_WEEK, DAYS + 1, _WEEK))
    return len(every) >= LEAST_DAYS and sum(every) >= SHARE * len(every) and all(same_weekday)


def _heard_before(silence: Silence, heard: Heard, days: range) -> Iterator[bool]:
    for number in days:
        window = silence.comparable(number)
        if window:
            yield heard(*window)
