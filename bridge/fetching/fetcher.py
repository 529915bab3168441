"""Fetches a file from an address that a citizen, or a network, has given."""

from dataclasses import dataclass, field
from typing import Final, Protocol

from bridge.calls import Calls, Outcome
from bridge.fetching.file_kinds import recognise
from bridge.fetching.file_names import safe_file_name
from bridge.fetching.guard import Guard
from bridge.fetching.refusals import NotFetched, Reason
from bridge.fetching.targets import read_target
from bridge.fetching.transfer import Deadline, Limits, request

MOST_REDIRECTS: Final = 3


def _outcome_of(error: Exception) -> Outcome | None:
    if not isinstance(error, NotFetched):
        return None
    return Outcome.UNAVAILABLE if error.is_passing else Outcome.REFUSED


_CALLS: Final = Calls("files", _outcome_of)


@dataclass(frozen=True)
class Fetched:
    """A file as it was fetched. `content_type` and the end of `name` are what it really is."""

    content: bytes = field(repr=False)
    content_type: str
    name: str


class Fetches(Protocol):
    """Where files come from."""

    def fetch(self, url: str, name: str) -> Fetched:
        """The file at the address, called by the name. Raises `NotFetched`."""


@dataclass(frozen=True)
class Fetcher:
    """Fetches over http and https, from the outside only, within the limits."""

    limits: Limits
    guard: Guard

    def fetch(self, url: str, name: str) -> Fetched:
        """See `Fetches`. Takes `limits.total` seconds at most, and what resolving names takes."""
        with Deadline(self.limits.total) as deadline:
            content = self._content(url, deadline)
        kind = recognise(content)
        return Fetched(content, kind.content_type, safe_file_name(name, kind.suffix))

    def _content(self, url: str, deadline: Deadline) -> bytes:
        target = read_target(url)
        for _ in range(MOST_REDIRECTS + 1):
            addresses = self.guard.addresses(target.origin)
            with _CALLS.to("fetch"):
                reply = request(target, addresses, self.limits, deadline)
            if not reply.location:
                return reply.content
            target = target.redirected(reply.location)
        raise NotFetched(Reason.TOO_MANY_REDIRECTS)
