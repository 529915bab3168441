"""A polled list: page by page from a cursor, and a look that fails loses nothing."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests
import responses
from responses import matchers

from bridge.ingest.exchange_pull import PullPoller
from bridge.ingest.port import PollFailed
from bridge.networks import exchange_api
from tests.exchange_channel import exchange_channel

URL = "http://incident.invalid/cards"
TOKEN = "token-of-the-system"


def card(number: int) -> dict[str, Any]:
    return {"number": number, "text": "Яма", "registered_at": "24.11.2026 16:20"}


@pytest.fixture
def far_side() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


@pytest.fixture
def poller(monkeypatch: pytest.MonkeyPatch) -> PullPoller:
    monkeypatch.setenv("TEST_PULL_TOKEN", TOKEN)
    pull = {"url": URL, "token": {"env": "TEST_PULL_TOKEN"}, "size": 2}
    poller = PullPoller.of_channel(exchange_channel(pull=pull))
    assert poller
    return poller


def test_pages_are_read_one_after_the_other_from_the_cursor(
    far_side: responses.RequestsMock, poller: PullPoller
) -> None:
    pages = [
        ({"limit": "2"}, {"cards": [card(1), card(2)], "next_cursor": "c2"}),
        ({"limit": "2", "cursor": "c2"}, {"cards": [card(3)], "next_cursor": 3}),
        ({"limit": "2", "cursor": "3"}, {"cards": [], "next_cursor": 3}),
    ]
    for query, page in pages:
        matched = [matchers.query_param_matcher(query)]
        far_side.get(URL, json=page, match=matched)
    state: Any = {}
    read = []
    for more in (True, True, False):
        polled = poller.poll(state)
        assert polled.more is more
        state = polled.state
        read += [event.external_id for event in polled.events if event.kind == "card_registered"]
    assert read == ["card:1", "card:2", "card:3"]
    assert far_side.calls[0].request.headers["Authorization"] == f"Bearer {TOKEN}"


@pytest.mark.scenario(13)
def test_list_without_cursors_is_read_again_and_brings_the_same_events(
    far_side: responses.RequestsMock, poller: PullPoller
) -> None:
    far_side.get(URL, json=[card(1)])
    first = poller.poll({})
    assert not first.more
    assert poller.poll(first.state) == first


def test_bad_card_costs_none_of_its_neighbours(
    far_side: responses.RequestsMock, poller: PullPoller
) -> None:
    far_side.get(URL, json=[card(1), {"number": 2}, 7, card(3)])
    kinds = [event.kind for event in poller.poll({}).events]
    assert kinds.count("card_unreadable") == 2
    assert kinds.count("card_registered") == 2


@pytest.mark.parametrize(
    ("answer", "code", "down"),
    [
        ({"status": 401}, "http 401", True),
        ({"status": 403}, "http 403", True),
        ({"status": 404}, "http 404", True),
        ({"status": 302}, "http 302", True),
        ({"status": 429}, "http 429", False),
        ({"status": 502}, "http 502", False),
        ({"body": "<html>"}, "unreadable answer", False),
        ({"json": 5}, "unreadable answer", False),
        ({"json": {"cards": [], "next_cursor": "c" * 2000}}, "unreadable answer", False),
        ({"body": requests.exceptions.ReadTimeout()}, "timeout", False),
        ({"body": requests.exceptions.ConnectionError()}, "connection", False),
    ],
)
@pytest.mark.scenario(16)
def test_failed_look_says_in_russian_what_to_do(
    far_side: responses.RequestsMock,
    poller: PullPoller,
    answer: dict[str, Any],
    code: str,
    down: bool,
) -> None:
    far_side.get(URL, **answer)
    with pytest.raises(PollFailed) as failed:
        poller.poll({"cursor": "c1"})
    assert (failed.value.code, failed.value.down) == (code, down)
    assert failed.value.meaning.startswith(("Система", "В системе"))
    assert TOKEN not in str(failed.value)


def test_missing_token_is_told_and_read_again_at_the_next_look(
    far_side: responses.RequestsMock, poller: PullPoller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TEST_PULL_TOKEN")
    with pytest.raises(PollFailed, match="bridge check") as failed:
        poller.poll({})
    assert failed.value.down
    monkeypatch.setenv("TEST_PULL_TOKEN", TOKEN)
    far_side.get(URL, json=[])
    assert poller.poll({}).events == ()


def test_endless_answer_is_given_up(
    far_side: responses.RequestsMock, poller: PullPoller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange_api, "LARGEST_ANSWER", 100)
    far_side.get(URL, body="[" + " " * 1000 + "]")
    with pytest.raises(PollFailed, match="too large"):
        poller.poll({})


def test_channel_that_fetches_nothing_has_no_such_poller() -> None:
    assert PullPoller.of_channel(exchange_channel()) is None
