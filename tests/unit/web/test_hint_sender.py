"""Hints are given after the answer, together, and all of them."""

import threading
from collections.abc import Sequence
from queue import SimpleQueue

from bridge.web.hint_sender import HintSender

PATIENCE = 5.0


class SlowQueue:
    """Takes hints when it is allowed to."""

    def __init__(self) -> None:
        self.taken: SimpleQueue[list[int]] = SimpleQueue()
        self.may_take = threading.Event()

    def take(self, ids: Sequence[int]) -> None:
        self.may_take.wait(PATIENCE)
        self.taken.put(list(ids))


def test_hint_is_given_soon() -> None:
    queue = SlowQueue()
    queue.may_take.set()

    HintSender(queue.take).event(7)

    assert queue.taken.get(timeout=PATIENCE) == [7]


def test_no_one_waits_for_a_queue_that_does_not_answer() -> None:
    queue = SlowQueue()
    sender = HintSender(queue.take)

    for event_id in range(100):
        sender.event(event_id)

    assert queue.taken.empty()
    queue.may_take.set()


def test_hints_that_come_together_are_given_together_in_their_order() -> None:
    queue = SlowQueue()
    sender = HintSender(queue.take)
    for event_id in range(100):
        sender.event(event_id)
    queue.may_take.set()

    given: list[list[int]] = []
    while sum(map(len, given)) < 100:
        given.append(queue.taken.get(timeout=PATIENCE))

    assert [event_id for batch in given for event_id in batch] == list(range(100))
    assert len(given) < 10


def test_failure_to_give_hints_is_not_the_end_of_giving() -> None:
    given: SimpleQueue[list[int]] = SimpleQueue()
    failed = threading.Event()

    def fail_first(ids: Sequence[int]) -> None:
        if not failed.is_set():
            failed.set()
            raise RuntimeError("queue is broken")
        given.put(list(ids))

    sender = HintSender(fail_first)
    sender.event(1)
    assert failed.wait(PATIENCE)
    sender.event(2)

    assert given.get(timeout=PATIENCE) == [2]
