"""Wakes those who rest before their time: one ring, and each looks at once."""

import threading
from datetime import timedelta


class Bell:
    """Shared by threads. A ring that comes before somebody rests is not missed."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._rings = 0

    @property
    def rings(self) -> int:
        """How often it was rung; to be read before the work after which one rests."""
        with self._condition:
            return self._rings

    def ring(self) -> None:
        """Wake everybody."""
        with self._condition:
            self._rings += 1
            self._condition.notify_all()

    def rest(self, pause: timedelta, heard: int) -> None:
        """Rest for so long, or until it is rung once more than `heard` times."""
        with self._condition:
            self._condition.wait_for(lambda: self._rings != heard, pause.total_seconds())
