"""Fetches what nobody sends: looks, keeps the events and where it came to, and rests.

Events and state are one transaction: a look that was cut short is taken again, and what it brings
twice is known by its external id.
"""

import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from bridge.backoff import Backoff
from bridge.flow.bell import Bell
from bridge.flow.queue import Hints
from bridge.ingest.port import Event, Polled, Poller, PollFailed
from bridge.store import channel_switches, inbox, polls
from bridge.store.database import Store, StoreUnavailable
from bridge.store.inbox import Arrival
from bridge.store.leases import LeaseLost
from bridge.store.polls import PollKey
from bridge.tracing import trace_of

log = structlog.get_logger()


@dataclass(frozen=True)
class Polling:
    """One channel's poller at work in this process.

    `lease` must outlast a look: whoever finds it run out takes over. `owner` is this process.
    """

    store: Store
    hints: Hints
    channel: str
    poller: Poller
    backoff: Backoff
    lease: timedelta
    now: Callable[[], datetime]
    owner: str = field(default_factory=lambda: uuid.uuid4().hex)
    bell: Bell = field(default_factory=Bell)
    """Shared with the channel's other pollers: rung where one of them lost events."""

    @property
    def key(self) -> PollKey:
        """Which poll this is."""
        return PollKey(self.channel, self.poller.name)

    def look(self) -> timedelta:
        """Look once, if no other process does; return how long to rest."""
        if self._is_off():
            return self.poller.pause or self.backoff.first
        with self.store.writing() as session:
            row = polls.acquire(session, self.key, self.owner, self.now(), self._until())
        if row is None:
            return self.lease / 2
        try:
            polled = self.poller.poll(row.state)
        except PollFailed as failure:
            return self._failed(failure, row.failures)
        self._keep(polled)
        if polled.lost:
            log.warning("events lost", channel=self.channel, poll=self.poller.name)
            self.bell.ring()
        return timedelta(0) if polled.more else self.poller.pause

    def _is_off(self) -> bool:
        with self.store.reading() as session:
            return channel_switches.switch_of(session, self.channel) is not None

    def leave(self) -> None:
        """Let another process look at once."""
        with self.store.writing() as session:
            polls.release(session, self.key, self.owner)

    def _until(self) -> datetime:
        return self.now() + self.lease

    def _keep(self, polled: Polled) -> None:
        arrivals = [self._arrival(event) for event in polled.events]
        with self.store.writing() as session:
            polls.keep(session, self.key, self.owner, polled.state, self.now())
            ids = inbox.record_all(session.connection(), arrivals) if arrivals else ()
        new = [event_id for event_id in ids if event_id is not None]
        if new:
            log.info("polled", channel=self.channel, poll=self.poller.name, events=len(new))
            for event_id in new:
                log.info("event stored", trace=trace_of(event_id), channel=self.channel)
            self.hints.events(new)

    def _arrival(self, event: Event) -> Arrival:
        return Arrival(self.channel, event.external_id, event.kind, event.body, self.now())

    def _failed(self, failure: PollFailed, failures: int) -> timedelta:
        with self.store.writing() as session:
            polls.fail(session, self.key, self.owner, self.now(), failure.code, failure.meaning)
        tell = log.error if failures == 0 else log.info
        tell(
            "poll failed",
            channel=self.channel,
            poll=self.poller.name,
            code=failure.code,
            down=failure.down,
        )
        return self.backoff.longest if failure.down else self.backoff.after(failures + 1)


def keep_looking(polling: Polling, stop: threading.Event) -> None:
    """Look until `stop` is set and the bell rung. What goes wrong costs a rest, never the loop."""
    while not stop.is_set():
        heard = polling.bell.rings
        polling.bell.rest(_rest_after_look(polling), heard)
    polling.leave()


def _rest_after_look(polling: Polling) -> timedelta:
    try:
        return polling.look()
    except LeaseLost:
        log.warning("poll taken over", channel=polling.channel, poll=polling.poller.name)
        return polling.lease / 2
    except StoreUnavailable as error:
        log.error("store unavailable", why=str(error))
        return polling.backoff.longest
    except Exception:
        log.exception("poll broke", channel=polling.channel, poll=polling.poller.name)
        return polling.backoff.longest
