"""One HTTP request to a checked IP address, within limits of time and size.

The connection goes to the very address that was checked; the server must show a certificate for
its name all the same. Nothing is taken from the environment: a proxy would resolve the name anew.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

from requests.utils import DEFAULT_CA_BUNDLE_PATH

from bridge.fetching.refusals import NotFetched, Reason
from bridge.fetching.targets import Origin, Target

_CHUNK: Final = 65_536
_HEADERS: Final = {
    "Accept": "*/*",
    "Accept-Encoding": "identity",
    "Connection": "close",
    "User-Agent": "bridge",
}
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_GONE: Final = frozenset({404, 410})
_FORBIDDEN: Final = frozenset({401, 403, 451})
_TRY_LATER: Final = frozenset({408, 425, 429})


@dataclass(frozen=True)
class Limits:
    """`size` in bytes; the rest in seconds: to connect, between two pieces, and for all of it."""

    size: int
    connect: float = 3.05
    read: float = 10.0
    total: float = 60.0


@dataclass(frozen=True)
class Reply:
    """What a server answered: a redirect, or a content."""

    location: str
    content: bytes


class Deadline:
    """Cuts the connection when the time is up, whatever it is waiting for.

    Time limits between pieces are no limit for a server that drips.
    """

    def __init__(self, seconds: float) -> None:
        self._lock = threading.Lock()
        self._watched: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self.passed = False

    def __enter__(self) -> Self:
        """Let the time run."""
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Forget it."""
        self._timer.cancel()

    def watch(self, connection: socket.socket) -> None:
        """The connection that is to be cut from now on. Raises `NotFetched` when it is too late."""
        with self._lock:
            if self.passed:
                raise NotFetched(Reason.TIMED_OUT)
            self._watched = connection

    def _cut(self) -> None:
        with self._lock:
            self.passed = True
            if self._watched:
                with suppress(OSError):
                    # As a plain socket: the TLS layer must not be torn down by another thread.
                    socket.socket.shutdown(self._watched, socket.SHUT_RDWR)


def request(target: Target, addresses: Sequence[str], limits: Limits, deadline: Deadline) -> Reply:
    """Ask for the target at the first of the addresses that can be reached. Raises `NotFetched`."""
    try:
        return _ask(target, addresses, limits, deadline)
    except NotFetched as refusal:
        reason = refusal.reason
    except (OSError, http.client.HTTPException) as error:
        reason = _reason(error)
    # A connection that was cut ends in any of these ways.
    raise NotFetched(Reason.TIMED_OUT if deadline.passed else reason)


def _ask(target: Target, addresses: Sequence[str], limits: Limits, deadline: Deadline) -> Reply:
    with closing(_connected(target.origin, addresses, limits, deadline)) as connection:
        connection.request("GET", target.path, headers=_HEADERS)
        with closing(connection.getresponse()) as response:
            reply = _read(response, limits.size)
    if deadline.passed:
        raise NotFetched(Reason.TIMED_OUT)
    return reply


class _PinnedConnection(http.client.HTTPConnection):
    """To one IP address, in the server's name."""

    def __init__(self, origin: Origin, address: str, limits: Limits, deadline: Deadline) -> None:
        super().__init__(origin.host, origin.port)
        self._origin = origin
        self._address = address
        self._limits = limits
        self._deadline = deadline
        if origin.scheme == "https":
            self.default_port = http.client.HTTPS_PORT

    def connect(self) -> None:
        """Connect to the address. Raises `OSError`, `NotFetched`."""
        plain = socket.create_connection((self._address, self.port), self._limits.connect)
        plain.settimeout(self._limits.read)
        self.sock = plain
        self._deadline.watch(plain)
        if self._origin.scheme == "https":
            self._secure(plain)

    def _secure(self, plain: socket.socket) -> None:
        secure = _trust().wrap_socket(
            plain, server_hostname=self._origin.host, do_handshake_on_connect=False
        )
        self.sock = secure
        self._deadline.watch(secure)
        secure.do_handshake()


def _trust() -> ssl.SSLContext:
    """The machine's own authorities, and those that come with requests."""
    context = ssl.create_default_context()
    context.load_verify_locations(DEFAULT_CA_BUNDLE_PATH)
    return context


def _connected(
    origin: Origin, addresses: Sequence[str], limits: Limits, deadline: Deadline
) -> _PinnedConnection:
    """A name may have addresses of a kind that this machine has no way to."""
    failure: OSError = OSError("no address")
    for address in addresses:
        connection = _PinnedConnection(origin, address, limits, deadline)
        try:
            connection.connect()
        except ssl.SSLCertVerificationError:
            connection.close()
            raise
        except OSError as error:
            connection.close()
            failure = error
        except NotFetched:
            connection.close()
            raise
        else:
            return connection
    raise failure


def _reason(error: Exception) -> Reason:
    match error:
        case TimeoutError():
            return Reason.TIMED_OUT
        case ssl.SSLCertVerificationError():
            return Reason.NOT_TRUSTED
        case http.client.InvalidURL():
            return Reason.NOT_AN_ADDRESS
        case http.client.HTTPException():
            return Reason.INTERRUPTED
        case _:
            return Reason.UNREACHABLE


def _read(response: http.client.HTTPResponse, size: int) -> Reply:
    status = response.status
    location = response.headers.get("Location", "")
    if status in _REDIRECTS and location:
        return Reply(location, b"")
    if status == http.client.OK:
        return Reply("", _content(response, size))
    if status in _GONE:
        raise NotFetched(Reason.GONE)
    if status in _FORBIDDEN:
        raise NotFetched(Reason.FORBIDDEN)
    if status in _TRY_LATER or status >= http.client.INTERNAL_SERVER_ERROR:
        raise NotFetched(Reason.SERVER_TROUBLE)
    raise NotFetched(Reason.REFUSED)


def _content(response: http.client.HTTPResponse, size: int) -> bytes:
    """At most one piece is read above the size, whatever length the server told."""
    told = response.length
    if told is not None and told > size:
        raise NotFetched(Reason.TOO_LARGE)
    content = bytearray()
    while told is None or len(content) < told:
        piece = response.read1(_CHUNK)
        if not piece:
            break
        content += piece
        if len(content) > size:
            raise NotFetched(Reason.TOO_LARGE)
    if told is not None and len(content) < told:
        raise NotFetched(Reason.INTERRUPTED)
    return bytes(content)
