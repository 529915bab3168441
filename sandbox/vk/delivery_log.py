"""The record of every event's way to every callback server, attempt by attempt."""

import itertools
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum

from sandbox.vk.model import Event


class DeliveryState(StrEnum):
    """Where a delivery stands; the last four are final."""

    QUEUED = "queued"
    HELD = "held"
    RETRYING = "retrying"
    POSTPONED = "postponed"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"
    SERVER_GONE = "server_gone"
    FORGED = "forged"
    """A forged copy was sent, whatever the answer."""


@dataclass(frozen=True)
class Attempt:
    """One attempt: `at` in UTC, `seconds` until the answer, `status` None when none came."""

    at: datetime
    retry_counter: int
    seconds: float
    status: int | None
    answer: str
    outcome: str


@dataclass(frozen=True)
class Delivery:
    """One event on its way to one server."""

    id: int
    server_id: int
    event: Event
    created_at: datetime
    forged: bool = False
    state: DeliveryState = DeliveryState.QUEUED
    failed_attempts: int = 0
    attempts: tuple[Attempt, ...] = ()
    next_attempt_at: datetime | None = None

    def as_json(self) -> dict[str, object]:
        """The delivery as JSON shows it, times in ISO 8601; never the server's secret."""
        return {
            "id": self.id,
            "server_id": self.server_id,
            "group_id": self.event.group_id,
            "type": self.event.type,
            "event_id": self.event.event_id,
            "object": self.event.object,
            "created_at": self.created_at.isoformat(),
            "state": self.state.value,
            "next_attempt_at": self.next_attempt_at and self.next_attempt_at.isoformat(),
            "attempts": [asdict(a) | {"at": a.at.isoformat()} for a in self.attempts],
        }


class DeliveryLog:
    """The last deliveries by id. Used with the world's lock held."""

    def __init__(self, capacity: int = 20_000) -> None:
        self.version = 0
        """Rises with every change."""
        self._capacity = capacity
        self._ids = itertools.count(1)
        self._deliveries: dict[int, Delivery] = {}

    def open(self, server_id: int, event: Event, at: datetime, *, forged: bool) -> Delivery:
        """Begin a delivery; the oldest one is forgotten when there are too many."""
        delivery = Delivery(next(self._ids), server_id, event, at, forged)
        self._deliveries[delivery.id] = delivery
        self.version += 1
        if len(self._deliveries) > self._capacity:
            del self._deliveries[next(iter(self._deliveries))]
        return delivery

    def find(self, delivery_id: int) -> Delivery | None:
        """The delivery, or None once it is forgotten."""
        return self._deliveries.get(delivery_id)

    def update(self, delivery_id: int, change: Callable[[Delivery], Delivery]) -> None:
        """Replace a delivery by its changed form, unless it is forgotten."""
        delivery = self.find(delivery_id)
        if delivery is not None:
            self._deliveries[delivery_id] = change(delivery)
            self.version += 1

    def set_state(
        self, delivery_id: int, state: DeliveryState, next_attempt_at: datetime | None = None
    ) -> None:
        """Note where the delivery stands."""
        self.update(delivery_id, lambda d: replace(d, state=state, next_attempt_at=next_attempt_at))

    def add_attempt(self, delivery_id: int, attempt: Attempt) -> None:
        """Note an attempt."""
        self.update(delivery_id, lambda d: replace(d, attempts=(*d.attempts, attempt)))

    def clear(self) -> None:
        """Forget all deliveries."""
        self._deliveries.clear()
        self.version += 1

    def all(self) -> list[Delivery]:
        """The deliveries, oldest first."""
        return list(self._deliveries.values())
