"""Access tokens: who calls, what kind of token it is, and how often it may call."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sandbox.vk.errors import VkError


class TokenType(StrEnum):
    """The three kinds of the schema's `access_token_type`."""

    COMMUNITY = "community"
    USER = "user"
    SERVICE = "service"


CALLS_PER_SECOND = {TokenType.COMMUNITY: 20, TokenType.USER: 3, TokenType.SERVICE: 3}
"""https://dev.vk.com/ru/api/api-requests, limits per token."""


@dataclass(frozen=True)
class Token:
    """A token; `subject_id` is the community's or the user's id, 0 for a service token."""

    value: str = field(repr=False)
    type: TokenType
    subject_id: int


_WRONG_TYPE = {
    TokenType.COMMUNITY: (27, "method is unavailable with group auth."),
    TokenType.SERVICE: (28, "method is unavailable with service token."),
    TokenType.USER: (5, "method is unavailable with user auth."),
}


def require_type(token: Token, allowed: frozenset[TokenType]) -> None:
    """Raise VK's error when a method does not take this kind of token (A3 of the API facts)."""
    if token.type not in allowed:
        raise VkError(*_WRONG_TYPE[token.type])


class Tokens:
    """The tokens that are valid in this world."""

    def __init__(self, tokens: Iterable[Token]) -> None:
        self._tokens = {token.value: token for token in tokens}

    def find(self, value: str) -> Token:
        """The token with this value; raises error 5 when there is none."""
        if not value:
            raise VkError(5, "no access_token passed.")
        token = self._tokens.get(value)
        if token is None:
            raise VkError(5, "invalid access_token (4).")
        return token


class RateLimit:
    """Counts the calls of each token within the last second."""

    def __init__(self) -> None:
        self._recent: dict[str, deque[datetime]] = {}

    def count(self, token: Token, now: datetime) -> None:
        """Count one call; raises error 6 when the token has used up its second."""
        recent = self._recent.setdefault(token.value, deque())
        while recent and now - recent[0] >= timedelta(seconds=1):
            recent.popleft()
        if len(recent) >= CALLS_PER_SECOND[token.type]:
            raise VkError(6)
        recent.append(now)
