"""The log of API calls that a sandbox has seen. Never holds a token."""

import threading
from collections import deque
from dataclasses import asdict, dataclass
from datetime import datetime


@dataclass(frozen=True)
class Call:
    """One call: when (UTC), which method, with which kind of token, and how it ended."""

    at: datetime
    method: str
    token_type: str | None
    params: dict[str, str]
    outcome: str

    def as_json(self) -> dict[str, object]:
        """The call as JSON shows it, the time in ISO 8601."""
        return asdict(self) | {"at": self.at.isoformat()}


class CallLog:
    """The last calls, oldest first; older ones are forgotten."""

    def __init__(self, capacity: int = 20_000) -> None:
        self._lock = threading.Lock()
        self._calls: deque[Call] = deque(maxlen=capacity)

    def add(self, call: Call) -> None:
        """Remember `call`."""
        with self._lock:
            self._calls.append(call)

    def clear(self) -> None:
        """Forget all calls."""
        with self._lock:
            self._calls.clear()

    def all(self) -> list[Call]:
        """The remembered calls, oldest first."""
        with self._lock:
            return list(self._calls)
