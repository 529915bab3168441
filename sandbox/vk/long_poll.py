"""Bots long poll: the events of a community since a point that the reader names (A2)."""

import secrets
import threading
from dataclasses import dataclass, field

from sandbox.vk.callback_servers import API_VERSION
from sandbox.vk.model import Event, JsonObject
from sandbox.vk.world import VkWorld

HISTORY = 1000
"""Events kept for a community; how many VK keeps is not documented."""


@dataclass
class Feed:
    """A community's long poll: its settings, and the events kept since `first`."""

    enabled: bool = False
    api_version: str = API_VERSION
    event_types: frozenset[str] = frozenset()
    key: str = field(default_factory=lambda: secrets.token_hex(20), repr=False)
    first: int = 1
    updates: list[JsonObject] = field(default_factory=list)
    lost: bool = False

    @property
    def ts(self) -> int:
        """The point after the newest event."""
        return self.first + len(self.updates)


class LongPoll:
    """The long poll feeds of all communities, each enabled and filtered by its settings."""

    def __init__(self, world: VkWorld) -> None:
        self._world = world
        self._changed = threading.Condition(world.lock)
        self._feeds: dict[int, Feed] = {}
        self._closed = False

    def accept(self, event: Event) -> None:
        """Append `event` to its community's feed when it is switched on there."""
        feed = self.feed(event.group_id)
        if not feed.enabled or event.type not in feed.event_types:
            return
        update: JsonObject = {
            "group_id": event.group_id,
            "type": event.type,
            "event_id": event.event_id,
            "v": feed.api_version,
            "object": event.object,
        }
        feed.updates.append(update)
        if len(feed.updates) > HISTORY:
            feed.updates.pop(0)
            feed.first += 1
        self._changed.notify_all()

    def feed(self, group_id: int) -> Feed:
        """The community's feed; used with the world's lock held."""
        return self._feeds.setdefault(group_id, Feed())

    def open(self, group_id: int) -> tuple[str, str]:
        """The key and the ts that a new reader begins with."""
        feed = self.feed(group_id)
        feed.lost = False
        return feed.key, str(feed.ts)

    def expire_key(self, group_id: int) -> None:
        """Let readers get `failed: 2`: they need a new key and keep their ts."""
        with self._changed:
            self.feed(group_id).key = secrets.token_hex(20)
            self._changed.notify_all()

    def drop_history(self, group_id: int) -> None:
        """Let readers that are behind get `failed: 1` with the ts to go on from."""
        with self._changed:
            feed = self.feed(group_id)
            feed.first, feed.updates = feed.ts, []
            self._changed.notify_all()

    def lose(self, group_id: int) -> None:
        """Let readers get `failed: 3` until one asks for a new key and a new ts."""
        with self._changed:
            feed = self.feed(group_id)
            feed.first, feed.updates, feed.lost = feed.ts, [], True
            self._changed.notify_all()

    def reset(self) -> None:
        """Forget all feeds and their settings."""
        with self._changed:
            self._feeds.clear()
            self._changed.notify_all()

    def close(self) -> None:
        """Answer all waiting readers."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def check(self, group_id: int, key: str, ts: str, wait: float) -> JsonObject:
        """What `act=a_check` answers, after at most `wait` seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._has_answer(group_id, key, ts), wait)
            return self._failure(group_id, key, ts) or self._news(group_id, int(ts))

    def _has_answer(self, group_id: int, key: str, ts: str) -> bool:
        if self._closed or self._failure(group_id, key, ts):
            return True
        return int(ts) < self.feed(group_id).ts

    def _failure(self, group_id: int, key: str, ts: str) -> JsonObject | None:
        feed = self.feed(group_id)
        if key != feed.key:
            return {"failed": 2}
        if feed.lost or not ts.isdecimal() or int(ts) > feed.ts:
            return {"failed": 3}
        if int(ts) < feed.first:
            return {"failed": 1, "ts": feed.ts}
        return None

    def _news(self, group_id: int, ts: int) -> JsonObject:
        feed = self.feed(group_id)
        return {"ts": str(feed.ts), "updates": feed.updates[ts - feed.first :]}
