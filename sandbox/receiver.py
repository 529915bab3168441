"""A server that takes HTTP callbacks, remembers them, and answers as it was told."""

import threading
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, request

from sandbox.serving import served


@dataclass(frozen=True)
class Answer:
    """What to answer one callback."""

    body: bytes = b"ok"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Received:
    """One callback as it came."""

    body: dict[str, Any]
    headers: Mapping[str, str]


class Receiver:
    """Answers callbacks by the planned answers in turn, then by `usual`."""

    def __init__(self, usual: Answer | None = None) -> None:
        self.usual = usual or Answer()
        self._planned: deque[Answer] = deque()
        self._received: list[Received] = []
        self._changed = threading.Condition()

    def plan(self, *answers: Answer) -> None:
        """Answer the next callbacks by these."""
        with self._changed:
            self._planned.extend(answers)

    @property
    def received(self) -> list[Received]:
        """What has come so far, in order."""
        with self._changed:
            return list(self._received)

    def wait_for(self, count: int, timeout: float = 10.0) -> list[Received]:
        """What has come, once there are `count`; `TimeoutError` after `timeout` seconds."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._received) >= count, timeout):
                raise TimeoutError(f"{len(self._received)} of {count} callbacks came")
            return list(self._received)

    @contextmanager
    def running(self, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
        """Serve while the block runs; yields the URL to send callbacks to."""
        app = Flask(__name__)
        app.post("/callback")(self._take)
        with served(app, host, port) as url:
            yield f"{url}/callback"

    def _take(self) -> Response:
        received = Received(request.get_json(), dict(request.headers))
        with self._changed:
            self._received.append(received)
            answer = self._planned.popleft() if self._planned else self.usual
            self._changed.notify_all()
        return Response(answer.body, answer.status, headers=dict(answer.headers))
