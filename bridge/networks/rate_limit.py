"""Keeps all workers within what a network allows one token: in VK 20 or 3 calls a second.

The count is in Redis, which every worker shares. While Redis is away each worker counts for itself:
the network's own refusal, which is retried with a pause, is the guarantee.
"""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

import structlog
from limits import RateLimitItemPerSecond
from limits.storage import MemoryStorage, RedisStorage, Storage
from limits.strategies import MovingWindowRateLimiter
from pydantic import SecretStr
from redis.exceptions import RedisError

log = structlog.get_logger()

LONGEST_WAIT: Final = 10.0
"""Seconds after which a call goes out anyway: a lease must not run out over a wait."""

_SHORTEST_SLEEP: Final = 0.005


@dataclass(frozen=True)
class Allowance:
    """How many calls a second one token may make."""

    token: SecretStr
    per_second: int

    @property
    def key(self) -> str:
        """What names the token where secrets must not stand."""
        return hashlib.sha256(self.token.get_secret_value().encode()).hexdigest()[:16]


class Pace(Protocol):
    """Holds calls back until their token allows them."""

    def wait(self, allowance: Allowance) -> None:
        """Return when the next call of the token may go out."""


class Unhurried:
    """For single calls by hand, in commands and probes: nobody is held back."""

    def wait(self, allowance: Allowance) -> None:
        """Return at once."""


class RateLimiter:
    """Lets calls through at the pace that a token allows, over all processes that share Redis."""

    def __init__(
        self,
        redis_url: str,
        longest_wait: float = LONGEST_WAIT,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`longest_wait` is in seconds."""
        self._shared = _limiter(RedisStorage(limits_storage_url(redis_url)))
        self._own = _limiter(MemoryStorage())
        self._longest_wait = longest_wait
        self._sleep = sleep
        self._clock = clock

    def wait(self, allowance: Allowance) -> None:
        """Return when the next call of the token may go out, or has waited for long enough."""
        until = self._clock() + self._longest_wait
        while (left := until - self._clock()) > 0:
            rest = self._rest(allowance)
            if rest is None:
                return
            self._sleep(min(rest, left))
        log.warning("rate limit outwaited", token=allowance.key)

    def _rest(self, allowance: Allowance) -> float | None:
        """Seconds until it is worth asking again; None when the call was let through."""
        try:
            return self._ask(self._shared, allowance)
        except RedisError as error:
            log.info("rate is limited here only", error=type(error).__name__)
            return self._ask(self._own, allowance)

    def _ask(self, limiter: MovingWindowRateLimiter, allowance: Allowance) -> float | None:
        rate = RateLimitItemPerSecond(allowance.per_second)
        if limiter.hit(rate, allowance.key):
            return None
        ends = limiter.get_window_stats(rate, allowance.key).reset_time
        return max(_SHORTEST_SLEEP, min(ends - self._clock(), 1.0))


def _limiter(storage: Storage) -> MovingWindowRateLimiter:
    return MovingWindowRateLimiter(storage)


def limits_storage_url(redis_url: str) -> str:
    """A Redis URL as `limits` writes it: a Unix socket is called differently there."""
    return redis_url.replace("unix://", "redis+unix://", 1)
