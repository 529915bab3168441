"""Which IP addresses a name may be asked at. A name is resolved once: a second look may lie."""

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from bridge.fetching.addresses import is_inside
from bridge.fetching.refusals import NotFetched, Reason
from bridge.fetching.targets import Origin

Resolve = Callable[[str, int], Sequence[str]]
"""The IP addresses of a host; raises `OSError` when there are none."""

_MOST_ADDRESSES: Final = 4


def resolve_by_system(host: str, port: int) -> Sequence[str]:
    """As this machine resolves names."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True)
class Guard:
    """Lets nothing through to the inside. `allowed`: servers that may stand there."""

    allowed: frozenset[Origin] = frozenset()
    resolve: Resolve = resolve_by_system

    def addresses(self, origin: Origin) -> Sequence[str]:
        """The checked IP addresses of the server, to be connected to as they are.

        Raises `NotFetched`; also when only one of several addresses is inside.
        """
        try:
            found = self.resolve(origin.host, origin.port)
        except (OSError, UnicodeError) as error:
            raise NotFetched(Reason.UNREACHABLE) from error
        if not found:
            raise NotFetched(Reason.UNREACHABLE)
        if origin not in self.allowed and any(is_inside(address) for address in found):
            raise NotFetched(Reason.INSIDE)
        return found[:_MOST_ADDRESSES]
