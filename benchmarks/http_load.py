"""A light HTTP client for load: one thread, kept connections, requests made beforehand.

It takes a few per cent of a core, so that on a small machine the server is what is measured.
"""

import math
import selectors
import socket
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

ANSWER_SECONDS = 30.0
_CHUNK = 65536


class LoadFailed(Exception):
    """An answer was not the expected one, or none came: the figures would mean nothing."""


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that so many per cent of the values do not exceed."""
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100) - 1)]


@dataclass(frozen=True)
class Load:
    """What a load run saw: how long it took, and each answer's latency, in seconds."""

    seconds: float
    latencies: tuple[float, ...]

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds

    def percentile(self, percent: float) -> float:
        """The latency that so many per cent of the requests did not exceed, in seconds."""
        return percentile(self.latencies, percent)


def post_request(url: str, body: bytes, **headers: str) -> bytes:
    """The bytes of a POST with a JSON body; a header's name is given with underscores."""
    parts = urlsplit(url)
    fields = {
        "Host": parts.netloc,
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    lines = [f"POST {parts.path} HTTP/1.1", *(f"{name}: {fields[name]}" for name in fields)]
    return "\r\n".join([*lines, "", ""]).encode() + body


def as_fast_as_answered(url: str, requests: Sequence[bytes], connections: int) -> Load:
    """Send each request as soon as a connection is free. Raises `LoadFailed`."""
    waiting = deque(requests)
    with _opened(url, connections) as pool:
        started = time.perf_counter()
        for connection in pool.connections:
            if waiting:
                connection.send(waiting.popleft(), time.perf_counter())
        latencies: list[float] = []
        while len(latencies) < len(requests):
            for connection in pool.answered(ANSWER_SECONDS):
                latencies.append(time.perf_counter() - connection.since)
                if waiting:
                    connection.send(waiting.popleft(), time.perf_counter())
        return Load(time.perf_counter() - started, tuple(latencies))


def at_a_rate(url: str, requests: Sequence[bytes], connections: int, per_second: float) -> Load:
    """Send the requests at fixed times, whatever the server does. Raises `LoadFailed`.

    A latency counts from the moment at which the request was due, so that a server that stalls
    is charged for every request that had to wait meanwhile.
    """
    with _opened(url, connections) as pool:
        started = time.perf_counter()
        due = deque((started + n / per_second, request) for n, request in enumerate(requests))
        free = deque(pool.connections)
        latencies: list[float] = []
        while len(latencies) < len(requests):
            while due and free and due[0][0] <= time.perf_counter():
                instant, request = due.popleft()
                free.popleft().send(request, instant)
            pause = max(0.0, due[0][0] - time.perf_counter()) if due and free else ANSWER_SECONDS
            for connection in pool.answered(pause, idle_allowed=bool(due and free)):
                latencies.append(time.perf_counter() - connection.since)
                free.append(connection)
        return Load(time.perf_counter() - started, tuple(latencies))


class _Connection:
    """One kept connection with at most one request under way."""

    def __init__(self, host: str, port: int) -> None:
        self.socket = socket.create_connection((host, port), timeout=ANSWER_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.since = 0.0
        self._received = b""

    def send(self, request: bytes, since: float) -> None:
        self.since = since
        self._received = b""
        self.socket.sendall(request)

    def has_answer(self) -> bool:
        """Read what came; True when the answer is whole. Raises `LoadFailed` on a refusal."""
        piece = self.socket.recv(_CHUNK)
        self._received += piece
        head, separator, body = self._received.partition(b"\r\n\r\n")
        if not piece or (separator and not head.startswith(b"HTTP/1.1 2")):
            raise LoadFailed(f"answer: {self._received[:200]!r}")
        return bool(separator) and len(body) >= _length(head)


class _Pool:
    def __init__(self, connections: Sequence[_Connection]) -> None:
        self.connections = connections
        self._selector = selectors.DefaultSelector()
        for connection in connections:
            self._selector.register(connection.socket, selectors.EVENT_READ, connection)

    def answered(self, timeout: float, *, idle_allowed: bool = False) -> list[_Connection]:
        """The connections whose answers became whole, after at most `timeout` seconds."""
        ready = self._selector.select(timeout)
        if not ready and not idle_allowed:
            raise LoadFailed(f"no answer within {timeout} s")
        return [key.data for key, _ in ready if key.data.has_answer()]

    def close(self) -> None:
        self._selector.close()
        for connection in self.connections:
            connection.socket.close()


@contextmanager
def _opened(url: str, connections: int) -> Iterator[_Pool]:
    parts = urlsplit(url)
    host, port = parts.hostname or "127.0.0.1", parts.port or 80
    pool = _Pool([_Connection(host, port) for _ in range(connections)])
    try:
        yield pool
    finally:
        pool.close()


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    raise LoadFailed("the answer has no Content-Length")
