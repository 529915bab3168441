"""Waiting, for a bounded time, until something is seen."""

import time
from collections.abc import Callable
from typing import TypeVar

import requests

from sandbox.demo.failure import DemoFailed

PAUSE_SECONDS = 0.1

Seen = TypeVar("Seen")


class NotYet(Exception):
    """What was looked for is not there. The text says what is there instead."""


def wait_for(
    what: str, look: Callable[[], Seen], seconds: float, pause: float = PAUSE_SECONDS
) -> Seen:
    """Return what `look` sees as soon as it does not raise `NotYet`; look every `pause` seconds.

    Raises `DemoFailed` after `seconds`, with `what` and the last reason. A server that does not
    answer is waited for, too.
    """
    deadline = time.monotonic() + seconds
    while True:
        try:
            return look()
        except (NotYet, requests.RequestException) as reason:
            if time.monotonic() > deadline:
                raise DemoFailed(f"{what}: not seen within {seconds:g} s. {reason}") from reason
        time.sleep(pause)
