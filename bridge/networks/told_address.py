"""Addresses that a network's API tells the bridge to call: upload servers, long polls.

The API is believed about everything but this: an answer that was tampered with must not make the
bridge call the inside of the office. Such an address is asked over TLS, at the usual port, by a
name: whatever the name leads to, only a server that has a certificate for it hears the request.
Networks change their servers' names, so there is no list of them.
"""

import re
from typing import Any, Final

from bridge.fetching.refusals import NotFetched
from bridge.fetching.targets import Origin, read_origin, read_target

_PUBLIC_NAME: Final = re.compile(r"(?:[a-z0-9_-]+\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{2,59})")
_USUAL_PORTS: Final = {"http": 80, "https": 443}


class NotToBeCalled(Exception):
    """The address is none that a network would tell. The text repeats nothing of it."""


def told_address(told: Any, api_url: str) -> str:
    """The address as it is to be called: over https, or below the API's own server as told.

    Raises `NotToBeCalled`.
    """
    if not isinstance(told, str):
        raise NotToBeCalled("no address")
    try:
        target = read_target(told)
    except NotFetched:
        raise NotToBeCalled("not an address") from None
    if target.origin == read_origin(api_url):
        return target.url
    _require_public(target.origin)
    return f"https://{target.origin.host}{target.path}"


def _require_public(origin: Origin) -> None:
    if origin.port != _USUAL_PORTS[origin.scheme]:
        raise NotToBeCalled("not the usual port")
    if not _PUBLIC_NAME.fullmatch(origin.host):
        raise NotToBeCalled("not a name of the public network")
