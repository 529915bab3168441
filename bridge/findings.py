"""What a probe of an installation found: the lines that `bridge check` prints."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a finding stands. Only `FAIL` keeps the bridge from doing its work."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    """One checked thing. `text` and `remedy` are Russian, for the administrator."""

    name: str
    state: State
    text: str
    remedy: str = ""
