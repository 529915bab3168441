"""Tokens: which kinds there are, what they may, how often."""

from datetime import timedelta

import pytest

from sandbox.clock import ManualClock
from sandbox.vk.errors import VkError
from sandbox.vk.tokens import CALLS_PER_SECOND, RateLimit, Token, Tokens, TokenType, require_type


@pytest.mark.parametrize("token_type", TokenType)
def test_each_kind_of_token_has_its_calls_per_second(
    token_type: TokenType, clock: ManualClock
) -> None:
    limit, token = RateLimit(), Token("t", token_type, 1)
    for _ in range(CALLS_PER_SECOND[token_type]):
        limit.count(token, clock())
    with pytest.raises(VkError, match=r"\[6\] Too many requests per second"):
        limit.count(token, clock())

    clock.advance(timedelta(seconds=1))
    limit.count(token, clock())


def test_tokens_do_not_use_up_each_others_calls(clock: ManualClock) -> None:
    limit = RateLimit()
    for value in ("a", "b", "c", "d"):
        limit.count(Token(value, TokenType.SERVICE, 0), clock())


@pytest.mark.parametrize(
    ("token_type", "text"),
    [
        (
            TokenType.COMMUNITY,
            "[27] Group authorization failed: method is unavailable with group auth.",
        ),
        (
            TokenType.SERVICE,
            "[28] Application authorization failed: method is unavailable with service token.",
        ),
    ],
)
def test_the_wrong_kind_of_token_is_named_in_the_error(token_type: TokenType, text: str) -> None:
    with pytest.raises(VkError) as refusal:
        require_type(Token("t", token_type, 1), frozenset({TokenType.USER}))

    assert str(refusal.value) == text


def test_a_token_never_shows_its_value() -> None:
    token = Token("sandbox-secret", TokenType.USER, 1)

    assert "sandbox-secret" not in repr(token)
    assert Tokens([token]).find("sandbox-secret") is token
