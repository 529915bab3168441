"""Where a group's chat events go: webhooks by their address, or the long poll."""

import threading
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.ok.model import ChatEvent, JsonObject
from sandbox.ok.world import OkWorld

HISTORY = 1000
"""Updates kept for a group's long poll; how many OK keeps is not documented."""


@dataclass
class Subscription:
    """One address that a group's events are sent to."""

    url: str
    time: datetime
    failing_since: datetime | None = None


@dataclass
class _Feed:
    enabled: bool = False
    first: int = 1
    updates: list[JsonObject] = field(default_factory=list)

    @property
    def marker(self) -> int:
        return self.first + len(self.updates)


class Subscriptions:
    """The subscriptions of all groups. Used with the world's lock held."""

    def __init__(self, world: OkWorld) -> None:
        self._world = world
        self._changed = threading.Condition(world.lock)
        self._webhooks: dict[int, list[Subscription]] = {}
        self._feeds: dict[int, _Feed] = {}
        self._closed = False

    def of(self, group_id: int) -> list[Subscription]:
        """A group's webhooks."""
        return self._webhooks.setdefault(group_id, [])

    def add(self, group_id: int, url: str) -> None:
        """Send the group's events to `url`, once."""
        if all(one.url != url for one in self.of(group_id)):
            self.of(group_id).append(Subscription(url, self._world.clock()))

    def remove(self, group_id: int, url: str) -> None:
        """Send nothing to `url` any more."""
        self._webhooks[group_id] = [one for one in self.of(group_id) if one.url != url]

    def enable_long_poll(self, group_id: int) -> None:
        """Keep the group's events for who fetches them."""
        self._feed(group_id).enabled = True

    def accept(self, event: ChatEvent) -> None:
        """Keep an event for the long poll, where that is on."""
        feed = self._feed(event.group_id)
        if feed.enabled:
            feed.updates.append(event.payload)
            if len(feed.updates) > HISTORY:
                feed.updates.pop(0)
                feed.first += 1
            self._changed.notify_all()

    def updates(self, group_id: int, marker: int | None, count: int, wait: float) -> JsonObject:
        """What came after `marker` (None: all that is kept), after at most `wait` seconds."""
        feed = self._feed(group_id)
        after = feed.first if marker is None else max(marker, feed.first)
        with self._changed:
            self._changed.wait_for(lambda: self._closed or feed.marker > after, wait)
            news = feed.updates[after - feed.first :][:count]
            return {"marker": after + len(news), "updates": news}

    def is_long_poll(self, group_id: int) -> bool:
        """Whether the group's long poll is on."""
        return self._feed(group_id).enabled

    def reset(self) -> None:
        """Forget all subscriptions."""
        with self._changed:
            self._webhooks.clear()
            self._feeds.clear()
            self._changed.notify_all()

    def close(self) -> None:
        """Answer all waiting readers."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def _feed(self, group_id: int) -> _Feed:
        return self._feeds.setdefault(group_id, _Feed())
