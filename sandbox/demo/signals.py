"""Ctrl-C and its like, as an exception that unwinds what was set up."""

import signal
from types import FrameType

_NUMBERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(BaseException):
    """Somebody wants it to stop. Raised in the main thread, wherever that is."""


def raise_interrupted() -> None:
    """From now on the first of these signals raises `Interrupted`; further ones are ignored.

    So that an impatient second Ctrl-C does not break off the stopping of what was started.
    """
    for number in _NUMBERS:
        signal.signal(number, _interrupt)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    for number in _NUMBERS:
        signal.signal(number, signal.SIG_IGN)
    raise Interrupted
