"""The VK sandbox on a real port, and the channel and publisher that speak to it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from flask import Flask, request
from pydantic import SecretStr

from bridge.channels import ChannelSettings, ChannelsFile
from bridge.config.document import parse_document
from bridge.ingest.port import Callback, Confirmation, Event, Refused
from bridge.ingest.vk_callback import VkCallbackReader
from bridge.networks.rate_limit import Unhurried
from bridge.networks.vk_api import VkClient
from bridge.networks.vk_clients import VkClients
from bridge.publish.vk import VkPublisher
from sandbox.serving import served
from sandbox.vk.model import ItemComment, ItemKind, PrivateMessage
from sandbox.vk.seed import ADMINISTRATION
from sandbox.vk.server import VkSandbox
from tests.outside import outside

CHANNEL = """
channels:
  - key: vk-administration
    network: vk
    title: ВКонтакте
    policy: {{feed: administration, direct: administration}}
    vk:
      group_id: {group_id}
      api_url: {url}/method
      page_url: {url}
      token: {{env: TEST_VK_TOKEN}}
      read_token: {{env: TEST_VK_READ_TOKEN}}
      user_token: {{env: TEST_VK_USER_TOKEN}}
      callback: {{secret: {{env: TEST_VK_SECRET}}}}
"""


OUTSIDE = outside()


class UnhurriedClock:
    """Half a second goes by between any two calls: a person's key has three in a second."""

    def __init__(self) -> None:
        self._passed = timedelta()

    def __call__(self) -> datetime:
        self._passed += timedelta(seconds=0.5)
        return datetime.now(UTC) + self._passed


SHORT = (1.0, 0.3)
"""Seconds, so that a test of a silent server is quick."""


@dataclass(frozen=True)
class Vk:
    """The sandbox as citizens and tests reach it."""

    sandbox: VkSandbox
    url: str

    def write(self, path: str, **fields: Any) -> Any:
        """A request to the sandbox's own API, which must accept it."""
        answer = requests.post(f"{self.url}/sandbox/{path}", json=fields, timeout=5)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def page(self, link: str) -> str:
        """The page that a link opens."""
        answer = requests.get(link, timeout=5)
        answer.raise_for_status()
        return answer.text

    def citizens_comment(self, text: str = "Снег не убран", **fields: Any) -> dict[str, Any]:
        """Anna comments on the administration's first post."""
        where = {"owner_id": ADMINISTRATION.owner_id, "post_id": 1, "from_id": 501}
        comment: dict[str, Any] = self.write("comments", **where, text=text, **fields)
        return comment

    def citizens_message(self, text: str = "Куда обратиться?", **fields: Any) -> dict[str, Any]:
        """Anna writes to the administration."""
        message: dict[str, Any] = self.write(
            "messages", group_id=ADMINISTRATION.id, from_id=501, text=text, **fields
        )
        return message

    def citizens_item_comment(self, kind: str, text: str = "Красота!") -> dict[str, Any]:
        """Anna comments on something of the administration's that is no post."""
        comment: dict[str, Any] = self.write(
            "item-comments", kind=kind, owner_id=ADMINISTRATION.owner_id, from_id=501, text=text
        )
        return comment

    def own_item_comments(self, kind: ItemKind) -> list[ItemComment]:
        """Everything the administration wrote below that thing."""
        discussions = self.sandbox.world.discussions
        item = discussions.item(kind, ADMINISTRATION.owner_id, 1)
        return [each for each in discussions.comments(item) if each.from_id < 0]

    def own_messages(self) -> list[PrivateMessage]:
        """Everything the administration wrote to Anna."""
        messages = self.sandbox.world.dialogs.messages(ADMINISTRATION.id, 501)
        return [message for message in messages if message.out]

    def enable_long_poll(self, *events: str) -> None:
        """What the community's administrator sets."""
        admin = VkClient(f"{self.url}/method", SecretStr(ADMINISTRATION.admin_token), "5.199")
        switches = dict.fromkeys(events, 1)
        group = {"group_id": ADMINISTRATION.id}
        admin.call("groups.setLongPollSettings", **group, enabled=1, **switches)

    def fail(self, method: str, kind: str, **fields: Any) -> None:
        """Let the next call of the method go wrong."""
        self.write("faults", method=method, kind=kind, **fields)

    def own_comments(self) -> list[dict[str, Any]]:
        """Everything the administration wrote under its first post."""
        reader = VkClient(f"{self.url}/method", SecretStr(ADMINISTRATION.admin_token), "5.199")
        answer = reader.call(
            "wall.getComments",
            owner_id=ADMINISTRATION.owner_id,
            post_id=1,
            count=100,
            thread_items_count=10,
        )
        replies = [reply for item in answer["items"] for reply in item["thread"]["items"]]
        everything = [*answer["items"], *replies]
        return [item for item in everything if item["from_id"] == ADMINISTRATION.owner_id]


@pytest.fixture(scope="module")
def running_vk() -> Iterator[Vk]:
    """One server for a module's tests."""
    sandbox = VkSandbox(clock=UnhurriedClock())
    with sandbox.running() as url:
        yield Vk(sandbox, url)


@pytest.fixture
def vk(running_vk: Vk) -> Vk:
    """The sandbox as it starts."""
    running_vk.sandbox.reset()
    return running_vk


def without(channel: ChannelSettings, *settings: str, **others: Any) -> ChannelSettings:
    """The same community without some of its settings, and with others."""
    changes = {**dict.fromkeys(settings), **others}
    return channel.model_copy(update={"vk": channel.vk_section.model_copy(update=changes)})


@pytest.fixture
def channel(vk: Vk, monkeypatch: pytest.MonkeyPatch) -> ChannelSettings:
    """The administration's page in the sandbox."""
    monkeypatch.setenv("TEST_VK_TOKEN", ADMINISTRATION.community_token)
    monkeypatch.setenv("TEST_VK_READ_TOKEN", ADMINISTRATION.service_token)
    monkeypatch.setenv("TEST_VK_USER_TOKEN", ADMINISTRATION.admin_token)
    monkeypatch.setenv("TEST_VK_SECRET", "shared secret")
    text = CHANNEL.format(group_id=ADMINISTRATION.id, url=vk.url)
    return parse_document(text, ChannelsFile, "channels.yaml").channels[0]


@dataclass(frozen=True)
class Door:
    """A web edge that reads callbacks, at `url`; `events` are those it took in."""

    url: str
    events: list[Event]


@pytest.fixture
def door(channel: ChannelSettings) -> Iterator[Door]:
    """The channel's callback reader behind a real port."""
    reader, events = VkCallbackReader(channel), list[Event]()
    app = Flask("door")

    @app.post("/hooks/vk/vk-administration")
    def take() -> tuple[str, int]:
        try:
            read = reader.read(Callback(request.get_data(), datetime.now(UTC)))
        except Refused as refused:
            return refused.reason, refused.status
        if isinstance(read, Confirmation):
            return read.code, 200
        events.append(read)
        return "ok", 200

    with served(app, "127.0.0.1", 0) as url:
        yield Door(f"{url}/hooks/vk/vk-administration", events)


@pytest.fixture
def set_up_callback(vk: Vk) -> Callable[..., None]:
    """Sets a callback server up as the community's administrator does."""

    def set_up(url: str, secret: str, **events: int) -> None:
        admin = VkClient(f"{vk.url}/method", SecretStr(ADMINISTRATION.admin_token), "5.199")
        group = {"group_id": ADMINISTRATION.id}
        added = admin.call(
            "groups.addCallbackServer", **group, url=url, title="bridge", secret_key=secret
        )
        admin.call("groups.setCallbackSettings", **group, **added, **events)
        assert vk.sandbox.settle()

    return set_up


@pytest.fixture
def publisher_with() -> Callable[[ChannelSettings], VkPublisher]:
    """Makes a publisher with short time limits."""

    def make(channel: ChannelSettings) -> VkPublisher:
        vk = channel.vk_section
        return VkPublisher(vk, VkClients.of(vk, Unhurried(), SHORT))

    return make


@pytest.fixture
def publisher(
    channel: ChannelSettings, publisher_with: Callable[[ChannelSettings], VkPublisher]
) -> VkPublisher:
    """The administration's publisher."""
    return publisher_with(channel)
