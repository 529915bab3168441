"""The result of routing: departments, how sure, and why."""

from dataclasses import dataclass
from enum import StrEnum


class RuleKind(StrEnum):
    """By what sort of rule a department was named."""

    KEYWORD = "keyword"
    PHRASE = "phrase"
    HINTS = "hints"
    WEAK_KEYWORD = "weak keyword"
    TERRITORY = "territory"
    STREET = "street"


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule of the mapping that named a department."""

    department: str
    kind: RuleKind
    pattern: str
    """The rule as the mapping has it."""
    words: tuple[str, ...]
    """The words of the message that met it, as written."""

    @property
    def rule(self) -> str:
        """The rule on one line, for programs and logs."""
        return f"{self.kind}: {self.pattern}"


@dataclass(frozen=True, slots=True)
class Alert:
    """An importance rule that the message met."""

    key: str
    name: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """Where a message should go. No departments: the curator decides without a suggestion."""

    departments: tuple[str, ...]
    """Keys, the best supported first."""
    confidence: float
    """0.0 (nothing found) to 1.0; that of the least sure department."""
    reasons: tuple[Reason, ...]
    mapping_version: str
    alerts: tuple[Alert, ...] = ()
    """Not empty: important, the curator is to be told at once."""
