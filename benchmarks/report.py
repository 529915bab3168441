"""What a benchmark found, as lines of one table."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Bound(StrEnum):
    """Which side of a goal is good."""

    AT_LEAST = "≥"
    AT_MOST = "≤"


@dataclass(frozen=True)
class Goal:
    """A measurement's goal, in the measurement's unit."""

    bound: Bound
    value: float

    def is_met(self, value: float) -> bool:
        """Whether the value is on the good side."""
        return value >= self.value if self.bound is Bound.AT_LEAST else value <= self.value


@dataclass(frozen=True)
class Measurement:
    """One figure. `unit` is empty for ratios; without a goal it only tells more of the others."""

    name: str
    value: float
    unit: str = ""
    goal: Goal | None = None

    @property
    def is_missed(self) -> bool:
        """Whether there is a goal and it was not reached."""
        return self.goal is not None and not self.goal.is_met(self.value)

    def line(self) -> str:
        """The figure with its goal and verdict."""
        verdict = ""
        if self.goal:
            word = "missed" if self.is_missed else "met"
            verdict = f"{self.goal.bound} {self.goal.value:g}{_spaced(self.unit)}".ljust(14) + word
        figure = f"{_digits(self.value)}{_spaced(self.unit)}"
        return f"{self.name:<58}{figure:>12}   {verdict}".rstrip()


def table(measurements: Sequence[Measurement]) -> str:
    """All figures, a line each."""
    head = f"{'':<58}{'measured':>12}   goal"
    return "\n".join([head, *(measurement.line() for measurement in measurements)])


def _digits(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def _spaced(unit: str) -> str:
    return f" {unit}" if unit else ""
