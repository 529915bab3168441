"""SIGHUP: a process takes the configuration files anew, or goes on with those it has.

They are read first by a process of their own, the very program that would start: what is refused
has disturbed nothing.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import structlog

log = structlog.get_logger()

_READ_WITHIN_SECONDS = 60.0
_HANGUP = {signal.SIGHUP}


def postpone_reload() -> None:
    """Let a reload that is asked for while this process starts wait for `heed_reload`."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _HANGUP)


def heed_reload(reload: Callable[[], None]) -> None:
    """Have `reload` called in the main thread when SIGHUP comes and the files can be read."""

    def heed() -> None:
        if files_are_sound():
            log.info("reloading")
            reload()

    heed_hangup(heed)


def heed_hangup(handler: Callable[[], None]) -> None:
    """Have SIGHUP handled from now on, one that was postponed at once.

    Where it says that the terminal is gone in which the process was started, it means to stop.
    """
    terminal = Terminal()

    def heed(*_: object) -> None:
        if terminal.hung_up():
            os.kill(os.getpid(), signal.SIGTERM)
        else:
            handler()

    signal.signal(signal.SIGHUP, heed)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _HANGUP)


class Terminal:
    """The terminal that this process was started in, if it was in one."""

    def __init__(self) -> None:
        self._was_there = _has_terminal()

    def hung_up(self) -> bool:
        """Whether it was there and is no more."""
        return self._was_there and not _has_terminal()


def _has_terminal() -> bool:
    try:
        with Path("/dev/tty").open("rb"):
            return True
    except OSError:
        return False


def files_are_sound() -> bool:
    """Whether a process that started now could read its files; if not, the log says why."""
    try:
        reading = subprocess.run(
            [sys.executable, "-m", "bridge", "validate"],
            capture_output=True,
            text=True,
            check=False,
            timeout=_READ_WITHIN_SECONDS,
        )
    except subprocess.TimeoutExpired:
        log.error("reload refused, going on as before", why="reading the files takes too long")
        return False
    if reading.returncode:
        log.error("reload refused, going on as before", why=reading.stderr.strip())
    return reading.returncode == 0


def start_anew() -> NoReturn:
    """Become the same command again: the same process to whoever watches it, with new files."""
    postpone_reload()
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - what it was
