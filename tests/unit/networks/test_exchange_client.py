"""The client of a system: bounded in time and size, and silent about its token."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
import requests
import responses
from pydantic import SecretStr

from bridge.networks import exchange_api
from bridge.networks.exchange_api import (
    ExchangeAnswer,
    ExchangeClient,
    ExchangeFailure,
    ExchangeNoAnswer,
    ExchangeNotReached,
)

URL = "http://incident.invalid/cards"
TOKEN = "token-of-the-system"


@pytest.fixture
def far_side() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


def client(monotonic: Callable[[], float] = lambda: 0.0) -> ExchangeClient:
    return ExchangeClient(URL, SecretStr(TOKEN), monotonic=monotonic)


@pytest.mark.parametrize(
    ("body", "contents", "is_empty"),
    [
        ("[1]", [1], False),
        ("", None, True),
        (" \n", None, True),
        ("<html>", None, False),
        ("[" * 100_000, None, False),
        (b"\xff\xfe", None, False),
    ],
)
def test_any_body_is_an_answer(
    far_side: responses.RequestsMock, body: Any, contents: Any, is_empty: bool
) -> None:
    far_side.get(URL, body=body)
    assert client().get(URL) == ExchangeAnswer(200, contents, is_empty)


def test_redirect_is_not_followed_with_the_token(far_side: responses.RequestsMock) -> None:
    far_side.get(URL, status=302, headers={"Location": "http://elsewhere.invalid/"})
    assert client().get(URL).status == 302


def test_answer_that_trickles_is_given_up(
    far_side: responses.RequestsMock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange_api, "_CHUNK", 1)
    seconds = count(step=10)
    far_side.get(URL, body="[1, 2, 3]")
    with pytest.raises(ExchangeNoAnswer, match="timeout"):
        client(lambda: float(next(seconds))).get(URL)


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (requests.exceptions.ConnectTimeout(TOKEN), ExchangeNotReached),
        (requests.exceptions.ReadTimeout(TOKEN), ExchangeNoAnswer),
        (requests.exceptions.ConnectionError(TOKEN), ExchangeNoAnswer),
        (requests.exceptions.SSLError(TOKEN), ExchangeNoAnswer),
        (requests.exceptions.ChunkedEncodingError(TOKEN), ExchangeNoAnswer),
    ],
)
def test_failures_say_what_they_leave_unknown_and_no_token(
    far_side: responses.RequestsMock, error: Exception, failure: type[ExchangeFailure]
) -> None:
    far_side.post(URL, body=error)
    with pytest.raises(failure) as failed:
        client().post(URL, {}, {})
    assert TOKEN not in str(failed.value)
    assert failed.value.__suppress_context__


def test_token_is_sent_as_a_header_and_no_login_of_the_machine_is(
    far_side: responses.RequestsMock,
) -> None:
    far_side.get(URL, json=[])
    far_side.get(URL, json=[])
    client().get(URL)
    ExchangeClient(URL, None).get(URL)
    with_token, without = (call.request.headers for call in far_side.calls)
    assert with_token["Authorization"] == f"Bearer {TOKEN}"
    assert "Authorization" not in without
