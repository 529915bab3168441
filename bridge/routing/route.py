"""The result of routing: departments, how sure, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol


class RuleKind(StrEnum):
    """By what sort of rule a department was named."""

    KEYWORD = "keyword"
    PHRASE = "phrase"
    HINTS = "hints"
    WEAK_KEYWORD = "weak keyword"
    TERRITORY = "territory"
    STREET = "street"
    TOPIC = "topic"
    """A rubric that the sender (Incident Management, MSS) gave the message."""
    LIKENESS = "likeness"
    """The classifier: the message is like earlier ones."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule of the mapping, or the classifier, that named a department."""

    department: str
    kind: RuleKind
    pattern: str
    """The rule as the mapping has it; of the classifier, its version."""
    words: tuple[str, ...]
    """The words of the message that met it or spoke most for it, as written."""

    @property
    def rule(self) -> str:
        """The rule on one line, for programs and logs."""
        return f"{self.kind}: {self.pattern}"

    def as_json(self) -> dict[str, Any]:
        """The reason for programs: `department`, `rule`, `words`."""
        return {"department": self.department, "rule": self.rule, "words": list(self.words)}


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
    """0.0 (nothing found) to 1.0. With a model: the chance that exactly these are concerned; by
    rules alone: how strong the evidence for the least sure department is."""
    reasons: tuple[Reason, ...]
    mapping_version: str
    model_version: str = ""
    """Empty: no classifier had a say."""
    alerts: tuple[Alert, ...] = ()
    """Not empty: important, the curator is to be told at once."""


class Routes(Protocol):
    """Whatever routes a text."""

    def route(self, text: str, topics: Sequence[str] = (), district: str = "") -> Route:
        """The departments that the text concerns; `topics`, `district`: as the sender says."""
