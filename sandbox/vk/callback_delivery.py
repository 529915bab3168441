"""Delivers events to callback servers: handshake, retries, postponement, temporary stop (A1)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from sandbox.due_queue import DueQueue
from sandbox.vk.callback_answers import (
    RETRY_DELAYS,
    Accepted,
    Failed,
    Postponed,
    ServerRemoved,
    Verdict,
    VersionSwitched,
    judge,
)
from sandbox.vk.callback_faults import CallbackFaultBook, CallbackFaultKind
from sandbox.vk.callback_post import (
    FORGED_SECRET,
    Answer,
    CallbackPoster,
    confirmation_request,
    envelope,
)
from sandbox.vk.callback_servers import CallbackServer, CallbackServers, ServerStatus
from sandbox.vk.delivery_log import Attempt, Delivery, DeliveryLog, DeliveryState
from sandbox.vk.model import Event
from sandbox.vk.world import VkWorld


@dataclass(frozen=True)
class DeliveryPolicy:
    """What VK does not publish, and how fast its long pauses pass here.

    `time_scale` shortens all pauses between attempts (0.01: 10 s become 0.1 s), Retry-After
    included. After `errors_before_stop` errors in a row a server gets nothing for `stop_for`.
    """

    time_scale: float = 1.0
    answer_timeout: timedelta = timedelta(seconds=10)
    errors_before_stop: int = 20
    stop_for: timedelta = timedelta(minutes=10)


@dataclass(frozen=True)
class _Health:
    errors_in_row: int = 0
    stopped_until: datetime | None = None


class CallbackDelivery:
    """Takes events from the world and sends them in the background, several at a time.

    Several connections mean that order is not kept, which VK does not promise either.
    """

    def __init__(
        self, world: VkWorld, servers: CallbackServers, queue: DueQueue, policy: DeliveryPolicy
    ) -> None:
        self.faults = CallbackFaultBook()
        self.log = DeliveryLog()
        self._world = world
        self._servers = servers
        self._queue = queue
        self._policy = policy
        self._poster = CallbackPoster(policy.answer_timeout)
        self._health: dict[int, _Health] = {}
        self._held: list[int] = []
        self._to_reorder: list[int] = []

    def reset(self) -> None:
        """Forget everything on its way."""
        with self._world.lock:
            self._queue.clear()
            self.log.clear()
            self._clear_faults()
            self._health.clear()

    def confirm(self, server: CallbackServer) -> None:
        """Begin the handshake: the server's status becomes `ok` or `failed`."""
        self._queue.put(partial(self._shake_hands, server.id))

    def accept(self, event: Event) -> None:
        """Send `event` to every confirmed server of its community that wants its type."""
        for server in self._servers.of(event.group_id):
            if server.status is ServerStatus.OK and event.type in server.events:
                self._dispatch(server, event)

    def release(self) -> int:
        """Send what was held back or collected, in the order of its origin; returns how many."""
        with self._world.lock:
            waiting = sorted([*self._held, *self._to_reorder])
            self._held.clear()
            self._to_reorder.clear()
            for delivery_id in waiting:
                self._send((delivery_id,))
            return len(waiting)

    def end_faults(self) -> None:
        """Deliver as one should again, and send what was held back."""
        with self._world.lock:
            self.faults.clear()
            self.release()

    def _clear_faults(self) -> None:
        self.faults.clear()
        self._held.clear()
        self._to_reorder.clear()

    def _dispatch(self, server: CallbackServer, event: Event) -> None:
        fault, last = self.faults.take(event)
        forged = fault is CallbackFaultKind.WRONG_SECRET
        opened = partial(self.log.open, server.id, event, self._world.clock(), forged=forged)
        delivery = opened()
        match fault:
            case CallbackFaultKind.HOLD:
                self._hold(delivery, self._held)
            case CallbackFaultKind.REORDER:
                self._hold(delivery, self._to_reorder)
                if last:
                    self._send_reordered()
            case CallbackFaultKind.DUPLICATE:
                self._send((delivery.id,))
                self._send((opened().id,))
            case _:
                self._send((delivery.id,))

    def _hold(self, delivery: Delivery, waiting: list[int]) -> None:
        waiting.append(delivery.id)
        self.log.set_state(delivery.id, DeliveryState.HELD)

    def _send_reordered(self) -> None:
        self._send(tuple(reversed(self._to_reorder)))
        self._to_reorder.clear()

    def _send(self, delivery_ids: Sequence[int], delay: timedelta = timedelta(0)) -> None:
        for delivery_id in delivery_ids:
            self.log.set_state(delivery_id, DeliveryState.QUEUED)
        self._queue.put(partial(self._attempt_all, delivery_ids), delay.total_seconds())

    def _shake_hands(self, server_id: int) -> None:
        with self._world.lock:
            server = self._servers.find(server_id)
        if server is None:
            return
        answer = self._poster.post(server.url, confirmation_request(server), retry_counter=0)
        with self._world.lock:
            code = self._servers.confirmation_code(server.group_id).encode()
            right = answer.status == 200 and answer.body == code
            status = ServerStatus.OK if right else ServerStatus.FAILED
            self._servers.set_status(server_id, status)

    def _attempt_all(self, delivery_ids: Sequence[int]) -> None:
        for delivery_id in delivery_ids:
            self._attempt(delivery_id)

    def _attempt(self, delivery_id: int) -> None:
        ready = self._ready_to_send(delivery_id)
        if ready is None:
            return
        delivery, server = ready
        secret = FORGED_SECRET if delivery.forged else server.secret_key
        body = envelope(delivery.event, server, secret)
        at = self._world.clock()
        answer = self._poster.post(server.url, body, delivery.failed_attempts)
        verdict = self._judge(answer)
        with self._world.lock:
            self.log.add_attempt(delivery_id, _attempt(delivery, at, answer, verdict))
            self._conclude(delivery, verdict)

    def _ready_to_send(self, delivery_id: int) -> tuple[Delivery, CallbackServer] | None:
        with self._world.lock:
            delivery = self.log.find(delivery_id)
            if delivery is None:
                return None
            server = self._servers.find(delivery.server_id)
            if server is None:
                self.log.set_state(delivery_id, DeliveryState.SERVER_GONE)
                return None
            stopped_until = self._health.get(server.id, _Health()).stopped_until
            if stopped_until is not None and self._world.clock() < stopped_until:
                self._later(delivery, DeliveryState.POSTPONED, stopped_until - self._world.clock())
                return None
            return delivery, server

    def _judge(self, answer: Answer) -> Verdict:
        if answer.status is None:
            return Failed(answer.error)
        return judge(answer.status, answer.body, answer.retry_after, self._world.clock())

    def _conclude(self, delivery: Delivery, verdict: Verdict) -> None:
        if delivery.forged:
            self.log.set_state(delivery.id, DeliveryState.FORGED)
            return
        match verdict:
            case Postponed(delay):
                self._later(delivery, DeliveryState.POSTPONED, self._scaled(delay))
            case Failed():
                self._count_error(delivery.server_id)
                self._retry(delivery)
            case Accepted() | ServerRemoved() | VersionSwitched():
                self._health.pop(delivery.server_id, None)
                self.log.set_state(delivery.id, DeliveryState.DELIVERED)
                self._obey(delivery.server_id, verdict)

    def _obey(self, server_id: int, verdict: Verdict) -> None:
        server = self._servers.find(server_id)
        match verdict:
            case ServerRemoved():
                self._servers.delete(server_id)
            case VersionSwitched(version) if server is not None:
                self._servers.put(replace(server, api_version=version))

    def _count_error(self, server_id: int) -> None:
        errors = self._health.get(server_id, _Health()).errors_in_row + 1
        stopped_until = None
        if errors >= self._policy.errors_before_stop:
            errors = 0
            stopped_until = self._world.clock() + self._scaled(self._policy.stop_for)
        self._health[server_id] = _Health(errors, stopped_until)

    def _retry(self, delivery: Delivery) -> None:
        if delivery.failed_attempts >= len(RETRY_DELAYS):
            self.log.set_state(delivery.id, DeliveryState.GIVEN_UP)
            return
        delay = self._scaled(RETRY_DELAYS[delivery.failed_attempts])
        self.log.update(delivery.id, lambda d: replace(d, failed_attempts=d.failed_attempts + 1))
        self._later(delivery, DeliveryState.RETRYING, delay)

    def _later(self, delivery: Delivery, state: DeliveryState, delay: timedelta) -> None:
        self.log.set_state(delivery.id, state, self._world.clock() + delay)
        self._queue.put(partial(self._attempt, delivery.id), delay.total_seconds())

    def _scaled(self, pause: timedelta) -> timedelta:
        return pause * self._policy.time_scale


def _attempt(delivery: Delivery, at: datetime, answer: Answer, verdict: Verdict) -> Attempt:
    outcome = verdict.reason if isinstance(verdict, Failed) else type(verdict).__name__
    return Attempt(
        at=at,
        retry_counter=delivery.failed_attempts,
        seconds=round(answer.seconds, 3),
        status=answer.status,
        answer=answer.body.decode("utf-8", "replace")[:200],
        outcome=outcome,
    )
