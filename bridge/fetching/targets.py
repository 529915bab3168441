"""Where a request goes: an address taken apart once, so that what is checked is what is asked."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

from urllib3.exceptions import LocationParseError
from urllib3.util.url import Url, parse_url

from bridge.fetching.refusals import NotFetched, Reason

_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Origin:
    """A server: `host` is a name or an IP address, without brackets."""

    scheme: str
    host: str
    port: int


@dataclass(frozen=True)
class Target:
    """What to ask of which server. `path` is ready to be sent, with its query."""

    origin: Origin
    path: str
    url: str

    def redirected(self, location: str) -> "Target":
        """Where a redirect leads. Raises `NotFetched`."""
        try:
            url = urljoin(self.url, location)
        except ValueError as error:
            raise NotFetched(Reason.NOT_AN_ADDRESS) from error
        return read_target(url)


def read_target(url: str) -> Target:
    """Take an address apart. Raises `NotFetched` for anything but http and https."""
    try:
        parts = parse_url(url.strip())
    except LocationParseError as error:
        raise NotFetched(Reason.NOT_AN_ADDRESS) from error
    if parts.auth is not None or parts.port == 0:
        raise NotFetched(Reason.NOT_AN_ADDRESS)
    return Target(_origin(parts), parts.request_uri, url.strip())


def read_origin(url: str) -> Origin:
    """The server that an address names. Raises `NotFetched` when it names none."""
    return read_target(url).origin


def _origin(parts: Url) -> Origin:
    scheme = parts.scheme or ""
    if scheme not in _PORTS or not parts.host:
        raise NotFetched(Reason.NOT_AN_ADDRESS)
    return Origin(scheme, parts.host.strip("[]"), parts.port or _PORTS[scheme])
