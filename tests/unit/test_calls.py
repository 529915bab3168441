"""Every call to a system outside is told of, with how it ended, whichever client made it."""

from collections.abc import Iterator

import pytest
import requests
import responses
from pydantic import SecretStr

from bridge.calls import Call, Calls, Outcome, listening, operation_of
from bridge.fetching.fetcher import Fetcher
from bridge.fetching.guard import Guard
from bridge.fetching.refusals import NotFetched
from bridge.fetching.targets import read_origin
from bridge.fetching.transfer import Limits
from bridge.helpdesk.port import HelpdeskError
from bridge.helpdesk.redmine_session import RedmineSession
from bridge.ingest.port import PollFailed
from bridge.ingest.vk_long_poll import VkLongPoll
from bridge.networks.exchange_api import ExchangeClient
from bridge.networks.ok_api import OkFailure, OkGraph
from bridge.networks.vk_api import VkClient, VkFailure
from bridge.networks.vk_settings import VkSettings
from bridge.secrets import SecretReference

URL = "https://outside.example"
NO_CONNECTION = requests.exceptions.ConnectTimeout()
CUT_SHORT = requests.exceptions.ReadTimeout()


@pytest.fixture
def told() -> Iterator[list[Call]]:
    calls: list[Call] = []
    with listening(calls.append):
        yield calls


def ended(told: list[Call]) -> list[tuple[str, str, str]]:
    return [(call.service, call.operation, call.outcome.value) for call in told]


def test_call_is_told_with_the_time_that_it_took(told: list[Call]) -> None:
    instants = iter((10.0, 12.5))
    with Calls("vk", lambda _: None, monotonic=lambda: next(instants)).to("wall.get"):
        assert told == []

    assert told == [Call("vk", "wall.get", Outcome.OK, 2.5)]


def test_call_that_ends_by_a_mistake_of_our_own_is_told_apart(told: list[Call]) -> None:
    with pytest.raises(LookupError), Calls("vk", lambda _: None).to("wall.get"):
        raise LookupError

    assert ended(told) == [("vk", "wall.get", "broken")]


@responses.activate
def test_calls_of_vk_by_how_they_ended(told: list[Call]) -> None:
    answer = f"{URL}/method/wall.get"
    responses.post(answer, json={"response": 1})
    responses.post(answer, json={"error": {"error_code": 5, "error_msg": "no"}})
    responses.post(answer, body=NO_CONNECTION)
    responses.post(answer, body=CUT_SHORT)
    client = VkClient(f"{URL}/method", SecretStr("token"), "5.199")

    client.call("wall.get")
    for _ in range(3):
        with pytest.raises(VkFailure):
            client.call("wall.get")

    assert [outcome for *_, outcome in ended(told)] == ["ok", "refused", "unavailable", "unknown"]
    assert {call.service for call in told} == {"vk"}


@responses.activate
def test_long_poll_without_an_answer_is_of_unknown_outcome(told: list[Call]) -> None:
    responses.get(f"{URL}/poll", body=CUT_SHORT)
    reference = SecretReference(env="NONE")
    vk = VkSettings(group_id=1, token=reference, transport="long_poll", api_url=f"{URL}/method")
    poller = VkLongPoll(vk, VkClient(vk.api_url, SecretStr("token"), "5.199"))

    with pytest.raises(PollFailed):
        poller.poll({"server": f"{URL}/poll", "key": "k", "ts": "1"})

    assert ended(told) == [("vk", "long_poll", "unknown")]


@responses.activate
def test_calls_of_ok_are_named_without_the_chat(told: list[Call]) -> None:
    responses.get(f"{URL}/me/messages/chat:C77", json=[])
    responses.get(f"{URL}/me/info", json={"error_code": 102, "error_msg": "PARAM_SESSION_EXPIRED"})
    graph = OkGraph(URL, SecretStr("token"))

    graph.get("me/messages/chat:C77")
    with pytest.raises(OkFailure):
        graph.get("me/info")

    assert ended(told) == [("ok", "GET me/messages/chat", "ok"), ("ok", "GET me/info", "refused")]


@responses.activate
def test_calls_of_a_system_with_cards_by_status(told: list[Call]) -> None:
    for status in (200, 403, 503):
        responses.get(f"{URL}/cards", status=status, json=[])
    client = ExchangeClient(URL, None, service="incident")

    for _ in range(3):
        client.get(f"{URL}/cards")

    assert ended(told) == [
        ("incident", "get", "ok"),
        ("incident", "get", "refused"),
        ("incident", "get", "unknown"),
    ]


@responses.activate
def test_calls_of_redmine_are_named_by_what_they_are_about(told: list[Call]) -> None:
    responses.get(f"{URL}/issues/17.json", json={"issue": {}})
    responses.get(f"{URL}/issues/18.json", status=404)
    responses.put(f"{URL}/issues/17.json", body=NO_CONNECTION)
    session = RedmineSession(URL, "key")

    session.get("/issues/17.json", "issue")
    with pytest.raises(HelpdeskError):
        session.get("/issues/18.json", "issue")
    with pytest.raises(HelpdeskError):
        session.put("/issues/17.json", {})

    assert ended(told) == [
        ("redmine", "get issues", "ok"),
        ("redmine", "get issues", "refused"),
        ("redmine", "put issues", "unavailable"),
    ]


def test_file_that_may_be_had_later_is_told_as_unavailable(told: list[Call]) -> None:
    nobody = "http://127.0.0.1:9"
    fetcher = Fetcher(Limits(1000), Guard(frozenset({read_origin(nobody)})))

    with pytest.raises(NotFetched):
        fetcher.fetch(f"{nobody}/photo.jpg", "photo")

    assert ended(told) == [("files", "fetch", "unavailable")]


@pytest.mark.parametrize(
    ("path", "operation"),
    [
        ("/issues.json", "get issues"),
        ("/projects/obrashcheniya/wiki/Неделя_47.json", "get projects"),
        ("/attachments/download/5/яма.jpg", "get attachments"),
    ],
)
def test_names_of_operations_are_few(path: str, operation: str) -> None:
    assert operation_of("GET", path) == operation
