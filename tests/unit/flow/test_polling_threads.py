"""The poll process ends without waiting for the networks, and whoever comes next goes on."""

import threading
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bridge.backoff import Backoff
from bridge.flow.polling import Polling
from bridge.flow.polling_threads import PollingThreads
from bridge.ingest.port import Event, Polled
from bridge.store.database import Store
from tests.unit.flow.desk import Watch
from tests.unit.flow.test_polling import Told

LEASE = timedelta(seconds=90)


class LongPoll:
    """Answers when it is let; a long poll takes half a minute."""

    name = "long-poll"
    pause = timedelta(seconds=30)

    def __init__(self) -> None:
        self.asked, self.may_answer = threading.Event(), threading.Event()

    def poll(self, state: Mapping[str, Any]) -> Polled:  # noqa: ARG002 - the port's signature
        self.asked.set()
        assert self.may_answer.wait(15)
        return Polled((Event("late", "comment_new", b"{}"),), {"seen": 1}, more=False, lost=False)


def polling(store: Store, poller: LongPoll, owner: str) -> Polling:
    backoff = Backoff(timedelta(seconds=2), timedelta(minutes=5))
    return Polling(store, Told(), "vk-head", poller, backoff, LEASE, Watch(), owner=owner)


def ended(threads: PollingThreads, when: threading.Event) -> threading.Thread:
    running = threading.Thread(target=threads.run)
    running.start()
    assert when.wait(15)
    threads.end()
    running.join(15)
    return running


def test_a_look_that_takes_long_is_left_behind_and_can_keep_nothing(store: Store) -> None:
    slow, next_one = LongPoll(), LongPoll()
    left = polling(store, slow, "first")
    threads = PollingThreads([left], patience=timedelta(0))

    running = ended(threads, slow.asked)

    assert not running.is_alive()
    next_one.may_answer.set()
    assert polling(store, next_one, "second").look() == LongPoll.pause
    slow.may_answer.set()
    (thread,) = (one for one in threading.enumerate() if one.name == LongPoll.name)
    thread.join(15)
    assert isinstance(left.hints, Told)
    assert left.hints.ids == []


def test_a_look_that_ends_in_time_is_kept(store: Store) -> None:
    poller = LongPoll()
    poller.may_answer.set()
    looking = polling(store, poller, "first")

    running = ended(PollingThreads([looking], patience=timedelta(seconds=15)), poller.asked)

    assert not running.is_alive()
    assert isinstance(looking.hints, Told)
    assert len(looking.hints.ids) == 1
