"""Faults on request: what a test asked to go wrong with the next calls of an API."""

import threading
from collections.abc import Mapping
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, model_validator


class FaultKind(StrEnum):
    """What goes wrong. "Processed" says whether the call takes effect nevertheless."""

    ERROR = "error"
    """The network's own error envelope with `code`; not processed."""
    DELAY = "delay"
    """The answer comes `seconds` later; processed after the delay."""
    DROP_BEFORE_PROCESSING = "drop_before_processing"
    """The connection is closed without an answer; not processed."""
    DROP_AFTER_PROCESSING = "drop_after_processing"
    """The connection is closed without an answer; processed."""
    HTTP_STATUS = "http_status"
    """An HTML page with the HTTP status `code`, as a proxy would send; not processed."""
    TRUNCATED_BODY = "truncated_body"
    """Half of the answer, then the connection is closed; processed."""
    GARBAGE = "garbage"
    """Status 200 and an HTML page instead of JSON; processed."""


_WITH_CODE = frozenset({FaultKind.ERROR, FaultKind.HTTP_STATUS})


class Fault(BaseModel):
    """One fault: which calls it hits, how, and how many of them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    method: str = Field(min_length=1)
    kind: FaultKind
    code: int | None = None
    seconds: float | None = Field(default=None, gt=0, le=600)
    times: int = Field(default=1, ge=1)
    params_match: dict[str, str] = Field(default_factory=dict)
    """Parameters that the call must have with these values; empty: every call of the method."""

    @model_validator(mode="after")
    def _has_what_its_kind_needs(self) -> "Fault":
        if (self.kind in _WITH_CODE) != (self.code is not None):
            raise ValueError('"code" belongs to the kinds error and http_status, and only there')
        if (self.kind is FaultKind.DELAY) != (self.seconds is not None):
            raise ValueError('"seconds" belongs to the kind delay, and only there')
        if self.kind is FaultKind.HTTP_STATUS and not 400 <= (self.code or 0) <= 599:
            raise ValueError('"code" of the kind http_status is an HTTP status from 400 to 599')
        return self

    def hits(self, method: str, params: Mapping[str, str]) -> bool:
        """Whether a call of `method` with `params` is one that this fault is for."""
        wanted = self.params_match.items()
        return method == self.method and all(params.get(key) == value for key, value in wanted)


class FaultBook:
    """The faults that are still to come, oldest first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left: list[tuple[Fault, int]] = []

    def add(self, fault: Fault) -> None:
        """Let the next `fault.times` matching calls fail."""
        with self._lock:
            self._left.append((fault, fault.times))

    def clear(self) -> None:
        """Let everything work again."""
        with self._lock:
            self._left.clear()

    def pending(self) -> list[tuple[Fault, int]]:
        """The faults with the number of calls that each has still to hit."""
        with self._lock:
            return list(self._left)

    def take(self, method: str, params: Mapping[str, str]) -> Fault | None:
        """The fault for this call, counted as used; None when the call is to work."""
        with self._lock:
            for place, (fault, left) in enumerate(self._left):
                if fault.hits(method, params):
                    self._left[place : place + 1] = [(fault, left - 1)] if left > 1 else []
                    return fault
        return None
