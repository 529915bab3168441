"""What VK's callback delivers goes through the door and becomes a message."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from bridge.channels import ChannelSettings
from bridge.ingest.port import MessageArrived, NothingToDo, SetAside
from bridge.ingest.vk import parse
from bridge.messages import Placement
from bridge.publish.vk import VkPublisher

SetUp = Callable[..., None]
SECRET = "shared secret"
ALL = {"wall_reply_new": 1, "wall_post_new": 1, "message_new": 1, "wall_reply_delete": 1}


@pytest.mark.clause("1.1", "2.1.1")
def test_citizens_comment_arrives_as_a_message(
    vk: Any, channel: ChannelSettings, door: Any, set_up_callback: SetUp
) -> None:
    set_up_callback(door.url, SECRET, **ALL)

    comment = vk.citizens_comment("Снег не убран")
    assert vk.sandbox.settle()

    (event,) = door.events
    parsed = parse(event.body, channel)
    assert isinstance(parsed, MessageArrived)
    assert parsed.message.text == "Снег не убран"
    assert parsed.message.address["comment_id"] == comment["id"]


def test_link_of_a_message_opens_the_citizens_comment(
    vk: Any, channel: ChannelSettings, door: Any, set_up_callback: SetUp
) -> None:
    set_up_callback(door.url, SECRET, **ALL)
    vk.citizens_comment("Снег у подъезда не убран")
    assert vk.sandbox.settle()

    parsed = parse(door.events[0].body, channel)

    assert isinstance(parsed, MessageArrived)
    assert "Снег у подъезда не убран" in vk.page(parsed.message.link)


@pytest.mark.scenario(15)
def test_own_answer_that_comes_back_is_set_aside(
    vk: Any,
    channel: ChannelSettings,
    publisher: VkPublisher,
    door: Any,
    set_up_callback: SetUp,
) -> None:
    comment = vk.citizens_comment()
    set_up_callback(door.url, SECRET, **ALL)
    address = {"owner_id": comment["owner_id"], "post_id": 1, "comment_id": comment["id"]}

    publisher.place(Placement("placement-1", address, "Здравствуйте! Уберём."))
    assert vk.sandbox.settle()

    assert [parse(event.body, channel) for event in door.events] == [SetAside(NothingToDo.OWN)]


@pytest.mark.scenario(13)
def test_repeated_delivery_has_the_same_id(vk: Any, door: Any, set_up_callback: SetUp) -> None:
    set_up_callback(door.url, SECRET, **ALL)
    vk.write("callbacks/faults", kind="duplicate", event="wall_reply_new")

    vk.citizens_comment()
    assert vk.sandbox.settle()

    first, second = door.events
    assert first == second


def test_delivery_with_a_wrong_secret_is_not_taken(
    vk: Any, door: Any, set_up_callback: SetUp
) -> None:
    set_up_callback(door.url, SECRET, **ALL)
    vk.write("callbacks/faults", kind="wrong_secret", event="wall_reply_new")

    vk.citizens_comment("forged")
    vk.citizens_comment("genuine")
    assert vk.sandbox.settle()

    (event,) = door.events
    assert json.loads(event.body)["object"]["text"] == "genuine"
