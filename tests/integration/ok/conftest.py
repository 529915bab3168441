"""The OK sandbox on a real port with a clock of its own, and the channel that speaks to it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from flask import Flask, request

from bridge.channels import ChannelSettings, ChannelsFile
from bridge.config.document import parse_document
from bridge.ingest.ok_callback import callback_reader
from bridge.ingest.ok_feed import OkFeedPoller
from bridge.ingest.port import Callback, Event, Refused
from bridge.networks.ok_api import OkGraph, OkRestClient
from bridge.publish.ok import OkPublisher
from sandbox.clock import ManualClock
from sandbox.ok import OkSandbox, OkSandboxSettings
from sandbox.ok.delivery import WebhookPolicy
from sandbox.ok.model import ChatMessage, Comment
from sandbox.ok.seed import (
    ADMINISTRATION,
    APPLICATION_ID,
    APPLICATION_KEY,
    APPLICATION_SECRET,
    CITIZENS,
    FIRST_TOPIC_ID,
    REFRESH_TOKEN,
)
from sandbox.serving import served

NOW = datetime(2026, 11, 23, 13, 30, tzinfo=UTC)
SHORT = (1.0, 0.3)
"""Seconds, so that a test of a silent server is quick."""
TOPIC = FIRST_TOPIC_ID + 1
"""The administration's newer topic."""

CHANNEL = """
channels:
  - key: ok-administration
    network: ok
    title: Одноклассники
    policy: {{feed: administration, direct: administration}}
    limits: {{feed: 3000, direct: 3000}}
    ok:
      group_id: {group_id}
      token: {{env: TEST_OK_TOKEN}}
      transport: {transport}
      webhook:
        key: {{env: TEST_OK_WEBHOOK_KEY}}
        networks: [127.0.0.0/8]
      rest:
        application_key: {{env: TEST_OK_APPLICATION_KEY}}
        application_secret: {{env: TEST_OK_APPLICATION_SECRET}}
        access_token: {{env: TEST_OK_SESSION}}
        refresh: {{application_id: "{application_id}", token: {{env: TEST_OK_REFRESH}}}}
      feed: {{calls_per_look: {calls}}}
      graph_url: {url}/graph
      rest_url: {url}/fb.do
      oauth_url: {url}/oauth/token.do
      page_url: {url}
"""
SECRETS = {
    "TEST_OK_TOKEN": ADMINISTRATION.bot_token,
    "TEST_OK_WEBHOOK_KEY": "webhook-key",
    "TEST_OK_APPLICATION_KEY": APPLICATION_KEY,
    "TEST_OK_APPLICATION_SECRET": APPLICATION_SECRET,
    "TEST_OK_SESSION": ADMINISTRATION.access_token,
    "TEST_OK_REFRESH": REFRESH_TOKEN,
}


@dataclass(frozen=True)
class Ok:
    """The sandbox as citizens and tests reach it."""

    sandbox: OkSandbox
    url: str
    clock: ManualClock

    def control(self, verb: str, path: str, **fields: Any) -> Any:
        """A request to the sandbox's own API, which must accept it."""
        answer = requests.request(verb, f"{self.url}/sandbox/{path}", json=fields, timeout=10)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def page(self, link: str) -> str:
        """The page that a link opens."""
        answer = requests.get(link, timeout=5)
        answer.raise_for_status()
        return answer.text

    def comment(self, text: str = "Снег не убран", **fields: Any) -> str:
        """A citizen comments on a topic of the administration, a second later; the comment's id."""
        self.clock.advance(timedelta(seconds=1))
        wanted = {"topic_id": TOPIC, "author_id": CITIZENS[0].id, "text": text, **fields}
        comment_id: str = self.control("POST", "comments", **wanted)["id"]
        return comment_id

    def edit(self, comment_id: str, text: str) -> None:
        """The citizen changes a comment."""
        self.control("PUT", f"comments/{TOPIC}/{comment_id}", text=text)

    def delete(self, comment_id: str) -> None:
        """The citizen deletes a comment."""
        self.control("DELETE", f"comments/{TOPIC}/{comment_id}")

    def restore(self, comment_id: str) -> None:
        """The comment is brought back."""
        self.control("POST", f"comments/{TOPIC}/{comment_id}:restore")

    def message(self, text: str = "Куда обратиться?", **fields: Any) -> dict[str, str]:
        """A citizen writes to the administration: `mid` and `chat_id`."""
        wanted = {"group_id": ADMINISTRATION.id, "user_id": CITIZENS[0].id, "text": text, **fields}
        message: dict[str, str] = self.control("POST", "messages", **wanted)
        return message

    def fail(self, method: str, kind: str, **fields: Any) -> None:
        """Let the next call of the method go wrong."""
        self.control("POST", "faults", method=method, kind=kind, **fields)

    def close_method(self, method: str) -> None:
        """OK closes a method."""
        self.control("PUT", "methods", method=method, closed=True)

    def expire_session(self) -> None:
        """The session's token expires."""
        self.control("POST", "sessions/expire", access_token=ADMINISTRATION.access_token)

    def calls(self, method: str = "") -> list[dict[str, Any]]:
        """The calls of a method so far; of all methods."""
        query = f"?method={method}" if method else ""
        seen: list[dict[str, Any]] = self.control("GET", f"calls{query}")["calls"]
        return seen

    def own_comments(self) -> list[Comment]:
        """Everything the administration wrote under the topic, that is shown."""
        comments = self.sandbox.world.discussions.comments(TOPIC)
        return [one for one in comments if one.author_id == ADMINISTRATION.id]

    def own_messages(self, chat_id: str) -> list[ChatMessage]:
        """Everything the administration wrote in a chat."""
        messages = self.sandbox.world.chats.messages(chat_id)
        return [one for one in messages if one.sender.startswith("group:")]


@pytest.fixture(scope="module")
def running_ok() -> Iterator[Ok]:
    """One server for a module's tests."""
    clock = ManualClock(NOW)
    policy = WebhookPolicy(time_scale=0.0005, answer_timeout=timedelta(seconds=0.5))
    sandbox = OkSandbox(OkSandboxSettings(policy), clock)
    with sandbox.running() as url:
        yield Ok(sandbox, url, clock)


@pytest.fixture
def ok(running_ok: Ok) -> Ok:
    """The sandbox as it starts."""
    running_ok.clock.now = NOW
    running_ok.sandbox.reset()
    return running_ok


ChannelWith = Callable[..., ChannelSettings]


@pytest.fixture
def channel_with(ok: Ok, monkeypatch: pytest.MonkeyPatch) -> ChannelWith:
    """Makes the administration's channel with another transport or budget."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)

    def make(transport: str = "webhook", calls: int = 20) -> ChannelSettings:
        text = CHANNEL.format(
            group_id=ADMINISTRATION.id,
            application_id=APPLICATION_ID,
            url=ok.url,
            transport=transport,
            calls=calls,
        )
        return parse_document(text, ChannelsFile, "channels.yaml").channels[0]

    return make


@pytest.fixture
def channel(channel_with: ChannelWith) -> ChannelSettings:
    """The administration's group in the sandbox."""
    return channel_with()


@dataclass
class Door:
    """A web edge that reads webhooks below `address`; `events` are those it took in."""

    address: str
    events: list[Event] = field(default_factory=list)
    refusals: list[int] = field(default_factory=list)
    failing: int = 0
    """So many of the next requests are answered with 500."""


@contextmanager
def open_door(channel: ChannelSettings) -> Iterator[Door]:
    """The channel's webhook reader behind a real port."""
    reader = callback_reader(channel)
    assert reader is not None
    app, door = Flask("door"), Door("")

    @app.post("/hooks/ok/ok-administration/<key>")
    def take(key: str) -> tuple[str, int]:
        if door.failing:
            door.failing -= 1
            return "", 500
        sender = request.remote_addr or ""
        try:
            event = reader.read(Callback(request.get_data(), NOW, {}, key, sender))
        except Refused as refused:
            door.refusals.append(refused.status)
            return refused.reason, refused.status
        door.events.append(event)
        return "ok", 200

    with served(app, "127.0.0.1", 0) as url:
        door.address = f"{url}/hooks/ok/ok-administration"
        yield door


@pytest.fixture
def door(channel: ChannelSettings) -> Iterator[Door]:
    """Where the administration's webhooks go."""
    with open_door(channel) as door:
        yield door


@pytest.fixture
def poller_of(ok: Ok) -> Callable[[ChannelSettings], OkFeedPoller]:
    """Makes the poller of a channel's feed."""

    def make(channel: ChannelSettings) -> OkFeedPoller:
        section = channel.ok_section
        rest = OkRestClient.of_group(section, SHORT)
        assert rest is not None
        return OkFeedPoller(channel.key, section, rest, ok.clock)

    return make


@pytest.fixture
def poller(
    channel: ChannelSettings, poller_of: Callable[[ChannelSettings], OkFeedPoller]
) -> OkFeedPoller:
    """The poller of the administration's feed."""
    return poller_of(channel)


@pytest.fixture
def waits() -> list[float]:
    """How long the publisher waited, in seconds, instead of waiting."""
    return []


PublisherWith = Callable[[ChannelSettings], OkPublisher]


@pytest.fixture
def publisher_with(waits: list[float]) -> PublisherWith:
    """Makes a publisher with short time limits."""

    def make(channel: ChannelSettings) -> OkPublisher:
        section = channel.ok_section
        graph, rest = OkGraph.of_group(section, SHORT), OkRestClient.of_group(section, SHORT)
        return OkPublisher(section, graph, rest, waits.append)

    return make


@pytest.fixture
def publisher(channel: ChannelSettings, publisher_with: PublisherWith) -> OkPublisher:
    """The administration's publisher."""
    return publisher_with(channel)
