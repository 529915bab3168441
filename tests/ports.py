"""Free ports for servers of tests."""

import socket
from contextlib import closing


def find_free_port(address: str = "127.0.0.1") -> int:
    """A port of this machine that nobody uses now."""
    with closing(socket.socket()) as probe:
        probe.bind((address, 0))
        return int(probe.getsockname()[1])
