"""Finds the numbers of clauses and readings that a comment or a docstring cites.

A number that is only quoted as staff see it, «п. 3.3», is an example.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field

CLAUSE = re.compile(r"(?<![\d.])(?<!«п. )([1-3]\.\d(?:\.\d)?)(?!\.?\d)")
READINGS = re.compile(r"\breadings? (\d+(?:(?:, | and | to )\d+)*)|^(\d+)\. ", re.IGNORECASE)
SPAN = re.compile(r"(\d+) to (\d+)")


@dataclass(frozen=True)
class Cited:
    """What one place cites."""

    clauses: frozenset[str] = field(default=frozenset())
    readings: frozenset[int] = field(default=frozenset())

    def __bool__(self) -> bool:
        return bool(self.clauses or self.readings)

    def __or__(self, other: "Cited") -> "Cited":
        return Cited(self.clauses | other.clauses, self.readings | other.readings)


def cited_in(text: str, known: Collection[str]) -> Cited:
    """The numbers in a text; of those that look like a clause only the known ones."""
    clauses = frozenset(CLAUSE.findall(text)) & frozenset(known)
    return Cited(clauses, frozenset(_readings(text)))


def _readings(text: str) -> set[int]:
    found: set[int] = set()
    for many, one in READINGS.findall(text):
        for first, last in SPAN.findall(many):
            found.update(range(int(first), int(last) + 1))
        found.update(int(number) for number in re.findall(r"\d+", many or one))
    return found
