"""Comments under photos, videos and goods, and posts in discussions: read, answered, taken away."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bridge.channels import ChannelSettings
from bridge.ingest.port import MessageArrived, MessageDeleted
from bridge.ingest.vk import parse
from bridge.messages import Message, Placement
from bridge.publish.port import PublishError, Remedy
from bridge.publish.vk import VkPublisher
from bridge.publish.vk_items import create_method
from sandbox.vk.model import ItemKind
from tests.integration.vk.conftest import Door, without

Publish = Callable[[ChannelSettings], VkPublisher]
KINDS = pytest.mark.parametrize("kind", list(ItemKind))
Arrive = Callable[[ItemKind], Message]
ANSWER = "Спасибо, передали организаторам."


@pytest.fixture
def arrive(
    vk: Any, channel: ChannelSettings, door: Door, set_up_callback: Callable[..., None]
) -> Arrive:
    """Lets Anna comment, and gives the message as the bridge reads it from VK's callback."""

    def arrive(kind: ItemKind) -> Message:
        section = "board_post" if kind is ItemKind.TOPIC else f"{kind}_comment"
        set_up_callback(door.url, "shared secret", **{f"{section}_new": 1, f"{section}_delete": 1})
        vk.citizens_item_comment(kind)
        assert vk.sandbox.settle()
        parsed = parse(door.events[-1].body, channel)
        assert isinstance(parsed, MessageArrived), parsed
        return parsed.message

    return arrive


def answer(message: Message) -> Placement:
    return Placement("placement-1", message.address, ANSWER)


def failure(act: Callable[[], object]) -> PublishError:
    with pytest.raises(PublishError) as raised:
        act()
    return raised.value


def long_ago() -> datetime:
    return datetime.now(UTC) - timedelta(hours=1)


@KINDS
def test_link_of_the_message_opens_the_page_with_its_words(
    vk: Any, arrive: Arrive, kind: ItemKind
) -> None:
    assert "Красота!" in vk.page(arrive(kind).link)


@KINDS
def test_community_token_alone_leaves_the_answer_to_a_person(
    channel: ChannelSettings,
    publisher_with: Publish,
    arrive: Arrive,
    kind: ItemKind,
) -> None:
    message = arrive(kind)
    publisher = publisher_with(without(channel, "user_token"))

    raised = failure(lambda: publisher.place(answer(message)))

    assert (raised.remedy, raised.code) == (Remedy.BY_HAND, "no_user_token")
    assert message.link in raised.meaning


@KINDS
def test_persons_token_answers_there_as_the_community_once(
    vk: Any,
    publisher: VkPublisher,
    arrive: Arrive,
    kind: ItemKind,
) -> None:
    wanted = answer(arrive(kind))
    assert publisher.find(wanted, long_ago()) is None

    placed = publisher.place(wanted)

    assert publisher.place(wanted) == placed
    assert publisher.find(wanted, long_ago()) == placed
    assert [own.text for own in vk.own_item_comments(kind)] == [ANSWER]
    assert ANSWER in vk.page(placed.link)


@pytest.mark.scenario(12)
@KINDS
def test_answer_lost_on_the_way_back_is_looked_for_and_found(
    vk: Any,
    publisher: VkPublisher,
    arrive: Arrive,
    kind: ItemKind,
) -> None:
    wanted = answer(arrive(kind))
    vk.fail(create_method(kind), "drop_after_processing")

    assert failure(lambda: publisher.place(wanted)).remedy is Remedy.LOOK
    assert publisher.find(wanted, long_ago()) is not None


@KINDS
def test_placed_answer_is_taken_away_and_that_may_be_repeated(
    vk: Any,
    publisher: VkPublisher,
    arrive: Arrive,
    kind: ItemKind,
) -> None:
    message = arrive(kind)
    placed = publisher.place(answer(message))

    publisher.retract(message.address, placed)
    publisher.retract(message.address, placed)

    assert vk.own_item_comments(kind) == []


@KINDS
def test_own_answer_does_not_come_back_as_a_message(
    vk: Any,
    channel: ChannelSettings,
    publisher: VkPublisher,
    door: Door,
    arrive: Arrive,
    kind: ItemKind,
) -> None:
    publisher.place(answer(arrive(kind)))
    assert vk.sandbox.settle()

    arrived = [parse(event.body, channel) for event in door.events]
    assert sum(isinstance(parsed, MessageArrived) for parsed in arrived) == 1


@KINDS
def test_deletion_is_that_of_the_message(
    vk: Any,
    channel: ChannelSettings,
    door: Door,
    arrive: Arrive,
    kind: ItemKind,
) -> None:
    message = arrive(kind)
    number = message.address["comment_id"]
    vk.write(f"item-comments/{kind}/{message.address['owner_id']}/{number}/delete")
    assert vk.sandbox.settle()

    parsed = parse(door.events[-1].body, channel)

    assert isinstance(parsed, MessageDeleted)
    assert parsed.id == message.id
    assert json.loads(door.events[-1].body)["type"].endswith("_delete")
