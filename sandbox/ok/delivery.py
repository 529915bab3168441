"""Delivers chat events to webhooks: five seconds to answer, again after a while, given up in time.

OK does not say after how long it sends an event again. For eight hours without a success it *may*
remove the subscription: here it does.
"""

import itertools
import json
import threading
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any

import requests
from pydantic import Field

from sandbox.control import ControlRequest
from sandbox.due_queue import DueQueue
from sandbox.ok.model import ChatEvent, JsonObject
from sandbox.ok.subscriptions import Subscription, Subscriptions
from sandbox.ok.world import OkWorld


class WebhookFaultKind(StrEnum):
    """What goes wrong with the delivery of an event."""

    DUPLICATE = "duplicate"
    """The event is sent twice."""
    REORDER = "reorder"
    """`times` events are collected and sent one after another in reverse order."""
    HOLD = "hold"
    """The event waits until released."""


class WebhookFault(ControlRequest):
    """One fault, and for how many events."""

    kind: WebhookFaultKind
    times: int = Field(default=1, ge=1)


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    QUEUED = "queued"
    HELD = "held"
    RETRYING = "retrying"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


@dataclass(frozen=True)
class WebhookPolicy:
    """What OK does not publish, and how fast its pauses pass here (`time_scale`)."""

    time_scale: float = 1.0
    answer_timeout: timedelta = timedelta(seconds=5)
    again_after: timedelta = timedelta(minutes=1)
    give_up_after: timedelta = timedelta(hours=8)
    forwarded_for: str = ""
    """What to put into X-Forwarded-For, as a proxy between OK and the bridge would."""


@dataclass(frozen=True)
class Delivery:
    """One event on its way to one address."""

    id: int
    group_id: int
    url: str
    payload: JsonObject = field(repr=False)
    created_at: datetime
    state: DeliveryState = DeliveryState.QUEUED
    attempts: tuple[str, ...] = ()
    """How each attempt ended."""

    def as_json(self) -> dict[str, Any]:
        """As JSON shows it; the address is a secret and stays out."""
        shown = asdict(self) | {"created_at": self.created_at.isoformat(), "state": self.state}
        del shown["url"]
        return shown


class WebhookDelivery:
    """Takes events from the world and sends them in the background, several at a time."""

    def __init__(
        self,
        world: OkWorld,
        subscriptions: Subscriptions,
        queue: DueQueue,
        policy: WebhookPolicy,
    ) -> None:
        self.version = 0
        """Rises with every change that the page shows."""
        self._world = world
        self._subscriptions = subscriptions
        self._queue = queue
        self._policy = policy
        self._ids = itertools.count(1)
        self._deliveries: dict[int, Delivery] = {}
        self._faults: list[tuple[WebhookFaultKind, int]] = []
        self._held: list[int] = []
        self._reordered: list[int] = []
        self._local = threading.local()

    def all(self) -> list[Delivery]:
        """Every delivery, oldest first."""
        return list(self._deliveries.values())

    def accept(self, event: ChatEvent) -> None:
        """Send `event` to every address of its group."""
        for subscription in self._subscriptions.of(event.group_id):
            self._dispatch(event, subscription.url)

    def add_fault(self, fault: WebhookFault) -> None:
        """Let the next events go wrong."""
        self._faults.append((fault.kind, fault.times))

    def release(self) -> int:
        """Send what was held or collected, in its order; returns how many."""
        waiting = sorted([*self._held, *self._reordered])
        self._held.clear()
        self._reordered.clear()
        for delivery_id in waiting:
            self._queue.put(partial(self._attempt, (delivery_id,)))
        return len(waiting)

    def reset(self) -> None:
        """Forget everything on its way."""
        self._queue.clear()
        self._deliveries.clear()
        self._faults.clear()
        self._held.clear()
        self._reordered.clear()
        self.version += 1

    def _dispatch(self, event: ChatEvent, url: str) -> None:
        fault, is_last = self._take_fault()
        delivery_id = self._open(event, url)
        match fault:
            case WebhookFaultKind.HOLD:
                self._wait(delivery_id, self._held)
            case WebhookFaultKind.REORDER:
                self._wait(delivery_id, self._reordered)
                if is_last:
                    self._queue.put(partial(self._attempt, tuple(reversed(self._reordered))))
                    self._reordered.clear()
            case WebhookFaultKind.DUPLICATE:
                self._queue.put(partial(self._attempt, (delivery_id, self._open(event, url))))
            case None:
                self._queue.put(partial(self._attempt, (delivery_id,)))

    def _take_fault(self) -> tuple[WebhookFaultKind | None, bool]:
        if not self._faults:
            return None, False
        kind, left = self._faults[0]
        self._faults[:1] = [(kind, left - 1)] if left > 1 else []
        return kind, left == 1

    def _open(self, event: ChatEvent, url: str) -> int:
        delivery = Delivery(
            next(self._ids), event.group_id, url, event.payload, self._world.clock()
        )
        self._set(delivery)
        return delivery.id

    def _wait(self, delivery_id: int, waiting: list[int]) -> None:
        waiting.append(delivery_id)
        self._set(replace(self._deliveries[delivery_id], state=DeliveryState.HELD))

    def _attempt(self, delivery_ids: tuple[int, ...]) -> None:
        """Send one after another, each when the one before it was answered."""
        for delivery_id in delivery_ids:
            with self._world.lock:
                delivery = self._deliveries.get(delivery_id)
            if delivery is not None:
                self._judge(delivery, self._post(delivery))

    def _judge(self, delivery: Delivery, outcome: str) -> None:
        with self._world.lock:
            tried = replace(delivery, attempts=(*delivery.attempts, outcome))
            subscription = self._subscription(delivery)
            if outcome == "200":
                self._set(replace(tried, state=DeliveryState.DELIVERED))
                if subscription:
                    subscription.failing_since = None
            elif subscription is None or self._is_hopeless(subscription):
                self._subscriptions.remove(delivery.group_id, delivery.url)
                self._set(replace(tried, state=DeliveryState.GIVEN_UP))
            else:
                self._set(replace(tried, state=DeliveryState.RETRYING))
                pause = self._policy.again_after.total_seconds() * self._policy.time_scale
                self._queue.put(partial(self._attempt, (delivery.id,)), pause)

    def _subscription(self, delivery: Delivery) -> Subscription | None:
        subscriptions = self._subscriptions.of(delivery.group_id)
        return next((one for one in subscriptions if one.url == delivery.url), None)

    def _is_hopeless(self, subscription: Subscription) -> bool:
        now = self._world.clock()
        subscription.failing_since = subscription.failing_since or now
        return now - subscription.failing_since >= self._policy.give_up_after

    def _post(self, delivery: Delivery) -> str:
        forwarded = self._policy.forwarded_for
        headers = {"Content-Type": "application/json;charset=utf-8"}
        try:
            answer = self._http().post(
                delivery.url,
                data=json.dumps(delivery.payload),
                headers=headers | ({"X-Forwarded-For": forwarded} if forwarded else {}),
                timeout=self._policy.answer_timeout.total_seconds(),
                allow_redirects=False,
            )
        except requests.RequestException as error:
            return type(error).__name__
        return str(answer.status_code)

    def _http(self) -> requests.Session:
        session: requests.Session | None = getattr(self._local, "session", None)
        if session is None:
            session = requests.Session()
            # A proxy of the environment must not see what is sent to a local server.
            session.trust_env = False
            self._local.session = session
        return session

    def _set(self, delivery: Delivery) -> None:
        self._deliveries[delivery.id] = delivery
        self.version += 1
