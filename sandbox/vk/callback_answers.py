"""What VK makes of a server's answer to an event (A1: answers, retries)."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

RETRY_DELAYS = (
    timedelta(seconds=10),
    timedelta(minutes=3),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=1),
)
"""How long after its first, second … failed attempt an event is sent again; then never more."""

_POSTPONING_STATUSES = frozenset({410, 429, 503})
_LONGEST_POSTPONEMENT = timedelta(hours=3)
_VERSION_SWITCH = re.compile(rb"version (\d+\.\d+)")


@dataclass(frozen=True)
class Accepted:
    """The event has arrived."""


@dataclass(frozen=True)
class ServerRemoved:
    """The body `remove`: the server takes itself off the list."""


@dataclass(frozen=True)
class VersionSwitched:
    """The body `version 5.x`: events are to come in that version from now on."""

    version: str


@dataclass(frozen=True)
class Postponed:
    """The server asked for a later attempt; that the attempt is not counted is an assumption."""

    delay: timedelta


@dataclass(frozen=True)
class Failed:
    """The attempt failed for `reason`."""

    reason: str


Verdict = Accepted | ServerRemoved | VersionSwitched | Postponed | Failed


def judge(status: int, body: bytes, retry_after: str | None, now: datetime) -> Verdict:
    """What the answer means; a byte order mark before `ok` makes it wrong, as with VK."""
    if status in _POSTPONING_STATUSES and retry_after is not None:
        return _postponement(retry_after, now)
    if status != 200:
        return Failed(f"Incorrect response code: {status}")
    if body == b"ok":
        return Accepted()
    if body == b"remove":
        return ServerRemoved()
    if switch := _VERSION_SWITCH.fullmatch(body):
        return VersionSwitched(switch[1].decode())
    return Failed("Incorrect response text")


def _postponement(retry_after: str, now: datetime) -> Verdict:
    delay = _delay(retry_after, now)
    if delay is None or not timedelta(0) <= delay < _LONGEST_POSTPONEMENT:
        return Failed(f"Incorrect Retry-After: {retry_after}")
    return Postponed(delay)


def _delay(retry_after: str, now: datetime) -> timedelta | None:
    if retry_after.isdecimal():
        return timedelta(seconds=int(retry_after))
    try:
        moment = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return max(moment.replace(tzinfo=moment.tzinfo or UTC) - now, timedelta(0))
