"""How often an address may knock: who guesses is turned away, a network that is genuine never is.

Counted in this process alone: a door must not wait for Redis, nor stand open while it is away. A
bridge with two web processes lets twice as many through.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

import structlog
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from bridge.fetching.addresses import is_inside

log = structlog.get_logger()

_ONE_SUBSCRIBERS_NETWORK: Final = 64
"""Bits of an IPv6 address that a provider gives one customer: the others he may choose freely."""


class Excess(StrEnum):
    """What an address did too often."""

    REFUSED = "refused"
    REQUESTS = "requests"


@dataclass(frozen=True)
class TurnedAway:
    """A request that is not looked at."""

    excess: Excess
    retry_after: int
    """Seconds, at least one."""


class Admission:
    """Counts requests and refusals by address and by what was asked for.

    An address inside is never turned away: it is the office's own, or that of a reverse proxy which
    `BRIDGE_TRUSTED_PROXIES` does not name, behind which the networks stand together with everybody
    else.
    """

    def __init__(
        self, requests: int, refusals: int, clock: Callable[[], float] = time.time
    ) -> None:
        """How many of them a minute. `clock` must be the one that `limits` goes by."""
        self._requests = RateLimitItemPerMinute(requests, namespace=Excess.REQUESTS)
        self._refusals = RateLimitItemPerMinute(refusals, namespace=Excess.REFUSED)
        self._limiter = FixedWindowRateLimiter(MemoryStorage())
        self._clock = clock

    def look(self, sender: str, target: str) -> TurnedAway | None:
        """Count a request before anything of it is read; None when it may come in."""
        group = _group(sender)
        if group is None:
            return None
        if not self._limiter.test(self._refusals, target, group):
            return self._turned_away(Excess.REFUSED, self._refusals, target, group)
        if not self._limiter.hit(self._requests, target, group):
            return self._turned_away(Excess.REQUESTS, self._requests, target, group)
        return None

    def refused(self, sender: str, target: str) -> None:
        """Count a request that turned out to be a stranger's; the last one allowed is logged."""
        group = _group(sender)
        if group is None:
            return
        self._limiter.hit(self._refusals, target, group)
        if not self._limiter.test(self._refusals, target, group):
            log.warning("a sender is turned away for a minute", sender=group, target=target)

    def _turned_away(
        self, excess: Excess, rate: RateLimitItemPerMinute, target: str, group: str
    ) -> TurnedAway:
        ends = self._limiter.get_window_stats(rate, target, group).reset_time
        return TurnedAway(excess, max(1, round(ends - self._clock())))


@lru_cache(maxsize=4096)
def _group(sender: str) -> str | None:
    """Whose requests are counted together; None for an address that is not limited."""
    try:
        address = ip_address(sender)
    except ValueError:
        return None
    if is_inside(sender):
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is None:
        return str(ip_network((address, _ONE_SUBSCRIBERS_NETWORK), strict=False))
    return str(address)
