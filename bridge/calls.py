"""Calls to the systems outside: how long each took and how it ended, for whoever counts them."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_NUMBERS: Final = re.compile(r"\d+")


class Outcome(StrEnum):
    """How a call ended."""

    OK = "ok"
    REFUSED = "refused"
    """The other side answered that it did not do what was asked."""
    UNAVAILABLE = "unavailable"
    """Nothing was sent, so nothing was done; of a file, that it may be had later."""
    UNKNOWN = "unknown"
    """It was sent and nothing readable came back: it may or may not have been done."""
    BROKEN = "broken"
    """It ended by a mistake of the bridge's own, or by the time limit of a job."""


@dataclass(frozen=True)
class Call:
    """One call that has ended. `seconds`: how long it took, retries of the connection included.

    `service` and `operation` are few and say nothing of whom a call was about.
    """

    service: str
    operation: str
    outcome: Outcome
    seconds: float


Listener = Callable[[Call], None]

_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Have each call of this process told to `listener` when it has ended; it must not raise."""
    _listeners.append(listener)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """The same while the block runs."""
    listen(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


@dataclass
class OpenCall:
    """A call under way. `outcome` is for clients whose refusals are answers and no exceptions."""

    outcome: Outcome = Outcome.OK


@dataclass(frozen=True)
class Calls:
    """The calls of one client. `outcome_of` knows the client's own exceptions, None for others."""

    service: str
    outcome_of: Callable[[Exception], Outcome | None]
    monotonic: Callable[[], float] = time.monotonic

    @contextmanager
    def to(self, operation: str) -> Iterator[OpenCall]:
        """The block is one call, which ends as the block does."""
        began, call = self.monotonic(), OpenCall()
        try:
            yield call
        except Exception as error:
            call.outcome = self.outcome_of(error) or Outcome.BROKEN
            raise
        finally:
            ended = Call(self.service, operation, call.outcome, self.monotonic() - began)
            for listener in _listeners:
                listener(ended)


def operation_of(verb: str, path: str) -> str:
    """A name for what is done at a path, the same for every thing of its kind: `get issues`."""
    first = path.strip("/").partition("/")[0]
    return f"{verb.lower()} {_NUMBERS.sub('', first.partition('.')[0])}"
