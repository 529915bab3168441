"""Fetches chats' events, for an office that OK cannot reach.

https://apiok.ru/en/dev/methods/graph/graph.user/graph.user.subscribe (`longPolling`). OK documents
neither parameters nor form of `graph.user.updates`: those of its REST counterpart `events.updates`
are taken, and whatever comes is read with tolerance.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bridge.ingest.ok_events import MESSAGE_CREATED, sent_event
from bridge.ingest.ok_polling import polling_failed
from bridge.ingest.port import Event, Polled
from bridge.networks.ok_api import UNREADABLE, OkError, OkFailure, OkGraph, OkNoAnswer, Timeout
from bridge.networks.ok_codes import TOKEN_REFUSED

TYPES = (MESSAGE_CREATED, "MESSAGE_CALLBACK", "CHAT_SYSTEM")
WAIT_SECONDS = 25
TIMEOUT: Timeout = (3.05, WAIT_SECONDS + 10.0)
UPDATES_LIMIT = 100


@dataclass(frozen=True)
class OkLongPoll:
    """One group's updates. The state's `marker` is where the next look goes on."""

    graph: OkGraph
    wait_seconds: int = WAIT_SECONDS

    @property
    def name(self) -> str:
        """What is polled."""
        return "long-poll"

    @property
    def pause(self) -> timedelta:
        """None: OK waits by itself."""
        return timedelta(0)

    def poll(self, state: Mapping[str, Any]) -> Polled:
        """Look once. Raises `PollFailed`."""
        try:
            if not state.get("subscribed"):
                self._subscribe()
            answer = self._updates(state)
        except OkFailure as failure:
            raise polling_failed(failure) from None
        marker = answer.get("marker", state.get("marker"))
        events = _events_of(answer)
        kept = {"subscribed": True} | ({} if marker is None else {"marker": marker})
        return Polled(events, kept, more=len(events) >= UPDATES_LIMIT)

    def _subscribe(self) -> None:
        self.graph.post("me/subscribe", {"types": list(TYPES), "longPolling": True})

    def _updates(self, state: Mapping[str, Any]) -> Mapping[str, Any]:
        """The updates after the marker; when OK refuses, once more with a new subscription."""
        try:
            return self._ask(state)
        except OkError as error:
            if error.code in TOKEN_REFUSED:
                raise
        self._subscribe()
        return self._ask(state)

    def _ask(self, state: Mapping[str, Any]) -> Mapping[str, Any]:
        marker = state.get("marker")
        from_marker = {} if marker is None else {"marker": marker}
        answer = self.graph.get(
            "me/updates", count=UPDATES_LIMIT, timeout=self.wait_seconds, **from_marker
        )
        if not isinstance(answer, dict):
            raise OkNoAnswer("GET me/updates", UNREADABLE)
        return answer


def _events_of(answer: Mapping[str, Any]) -> tuple[Event, ...]:
    updates = answer.get("updates")
    listed = updates if isinstance(updates, list) else []
    return tuple(sent_event(update) for update in listed if isinstance(update, dict))
