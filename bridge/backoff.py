"""How long to wait before the next try."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Backoff:
    """Exponential: `first`, twice that, … up to `longest`."""

    first: timedelta
    longest: timedelta

    def after(self, attempts: int) -> timedelta:
        """How long to wait after so many failed attempts (at least one)."""
        doublings = min(max(attempts, 1) - 1, 30)
        return min(self.first * (1 << doublings), self.longest)
