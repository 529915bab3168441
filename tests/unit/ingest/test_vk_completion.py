"""What VK's events do not tell is fetched, and never costs the message."""

import json
from collections.abc import Callable

import pytest
import requests
import responses
from pydantic import SecretStr

from bridge.channels import ChannelSettings
from bridge.ingest.port import MessageArrived
from bridge.ingest.vk import parse
from bridge.ingest.vk_completion import VkCompleter
from bridge.ingest.vk_quotation import LONGEST_CONTEXT
from bridge.messages import Message, Surroundings
from bridge.networks.rate_limit import Unhurried
from bridge.networks.vk_api import VkClient
from bridge.networks.vk_clients import VkClients

API = "http://vk.invalid/method"
USERS = f"{API}/users.get"
POST = f"{API}/wall.getById"
WHOLE = f"{API}/messages.getByConversationMessageId"
ANNA = [{"id": 501, "first_name": "Анна", "last_name": "Мальцева"}]
Payload = Callable[[str], bytes]


@pytest.fixture
def read(channel: ChannelSettings, payload: Payload) -> Callable[[str], Message]:
    """Reads a recorded event as a message."""

    def read(name: str) -> Message:
        parsed = parse(payload(name), channel)
        assert isinstance(parsed, MessageArrived)
        return parsed.message

    return read


@pytest.fixture
def completer(channel: ChannelSettings) -> VkCompleter:
    """With a token that reads the wall."""
    tokens = (VkClient(API, SecretStr(token), "5.199") for token in ("token-c", "token-r"))
    return VkCompleter(channel, VkClients(*tokens))


@responses.activate
@pytest.mark.parametrize("wrap", [lambda posts: {"items": posts}, lambda posts: posts])
def test_comment_stands_below_its_post(
    completer: VkCompleter, read: Callable[[str], Message], wrap: Callable[[object], object]
) -> None:
    posts = [{"id": 2, "owner_id": -1001, "text": "За выходные выпало 14 сантиметров снега."}]
    responses.post(USERS, json={"response": ANNA})
    responses.post(POST, json={"response": wrap(posts)})

    message = completer.complete(read("comment"))

    assert message.author.name == "Анна Мальцева"
    assert message.surroundings == Surroundings(posts[0]["text"], "https://vk.com/wall-1001_2")


@responses.activate
def test_post_of_many_comments_is_asked_for_once_and_shortened(
    completer: VkCompleter, read: Callable[[str], Message]
) -> None:
    responses.post(USERS, json={"response": ANNA})
    asked = responses.post(POST, json={"response": {"items": [{"text": "снег " * 1000}]}})

    texts = {completer.complete(read("comment")).surroundings for _ in range(3)}

    (surroundings,) = texts
    assert surroundings is not None
    assert len(surroundings.text) <= LONGEST_CONTEXT
    assert asked.call_count == 1


@responses.activate
@pytest.mark.parametrize(
    "failure",
    [
        {"json": {"error": {"error_code": 15, "error_msg": "Access denied"}}},
        {"json": {"response": {"items": []}}},
        {"json": {"response": [7]}},
        {"body": requests.ReadTimeout()},
        {"status": 502, "body": "<html>"},
    ],
)
def test_post_that_is_not_told_costs_nothing(
    completer: VkCompleter, read: Callable[[str], Message], failure: dict[str, object]
) -> None:
    responses.post(USERS, json={"response": ANNA})
    responses.post(POST, **failure)  # type: ignore[arg-type]

    message = completer.complete(read("comment"))

    assert message.surroundings is None
    assert message.author.name == "Анна Мальцева"


@responses.activate
def test_without_a_token_that_reads_the_wall_no_post_is_asked_for(
    channel: ChannelSettings, read: Callable[[str], Message]
) -> None:
    responses.post(USERS, json={"response": ANNA})

    message = VkCompleter.of_channel(channel, Unhurried()).complete(read("comment"))

    assert message.surroundings is None
    assert len(responses.calls) == 1


@responses.activate
def test_shortened_message_is_fetched_whole(
    completer: VkCompleter, read: Callable[[str], Message], payload: Payload
) -> None:
    short = json.loads(payload("message_cropped"))["object"]["message"]
    whole = {**short, "text": "Очень длинное обращение о дворах", "is_cropped": False}
    responses.post(USERS, json={"response": ANNA})
    responses.post(WHOLE, json={"response": {"count": 1, "items": [whole]}})

    message = completer.complete(read("message_cropped"))

    assert message.text == "Очень длинное обращение о дворах"
    assert message.author.name == "Анна Мальцева"
    assert message.id == read("message_cropped").id


@responses.activate
@pytest.mark.parametrize(
    "failure",
    [
        {"json": {"error": {"error_code": 917, "error_msg": "no access"}}},
        {"json": {"response": {"items": []}}},
        {"json": {"response": {"items": [{"text": 5}]}}},
        {"body": requests.ConnectionError()},
    ],
)
def test_shortened_message_that_is_not_told_stays_as_it_came(
    completer: VkCompleter, read: Callable[[str], Message], failure: dict[str, object]
) -> None:
    responses.post(USERS, json={"response": ANNA})
    responses.post(WHOLE, **failure)  # type: ignore[arg-type]

    assert completer.complete(read("message_cropped")).text == "Очень длинное обращение о"
