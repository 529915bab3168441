"""Faults of callback delivery on request: repeated, reordered, held back, forged events."""

from enum import StrEnum

from pydantic import Field

from sandbox.control import ControlRequest
from sandbox.vk.model import Event


class CallbackFaultKind(StrEnum):
    """What goes wrong with the delivery of an event."""

    DUPLICATE = "duplicate"
    """The event is sent twice with the same event_id."""
    REORDER = "reorder"
    """`times` events are collected and sent one after another in reverse order."""
    HOLD = "hold"
    """The event waits until released."""
    WRONG_SECRET = "wrong_secret"
    """Instead of the event a forged copy with another secret is sent, once."""


class CallbackFault(ControlRequest):
    """One fault: for which events (none named: all), and for how many of them."""

    kind: CallbackFaultKind
    event: str | None = None
    times: int = Field(default=1, ge=1)


class CallbackFaultBook:
    """The delivery faults still to come, oldest first. Used with the world's lock held."""

    def __init__(self) -> None:
        self._left: list[tuple[CallbackFault, int]] = []

    def add(self, fault: CallbackFault) -> None:
        """Let the next `fault.times` matching events be hit."""
        self._left.append((fault, fault.times))

    def clear(self) -> None:
        """Let everything be delivered as it should again."""
        self._left.clear()

    def take(self, event: Event) -> tuple[CallbackFaultKind | None, bool]:
        """The fault for this event, counted as used, and whether it was the fault's last."""
        for place, (fault, left) in enumerate(self._left):
            if fault.event in (None, event.type):
                self._left[place : place + 1] = [(fault, left - 1)] if left > 1 else []
                return fault.kind, left == 1
        return None, False
