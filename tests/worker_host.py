"""`bridge worker` as on a host of its own: with that host's name, calling from its address.

    python -m tests.worker_host NAME ADDRESS

Addresses of the loopback network need no rights to be called from, and no set-up.
"""

import socket
import sys
from typing import Any

from bridge.cli import main


def live_on(name: str, address: str) -> None:
    """Have this process be on that host, for everything that Python connects to."""

    class HostSocket(socket.socket):
        def connect(self, target: Any, /) -> None:
            if self.family == socket.AF_INET:
                self.bind((address, 0))
            super().connect(target)

    socket.socket = HostSocket  # type: ignore[misc]
    socket.gethostname = lambda: name


if __name__ == "__main__":
    live_on(*sys.argv[1:])
    main(["worker"])
