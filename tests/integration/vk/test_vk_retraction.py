"""Answers that were placed in the VK sandbox are taken away again."""

from collections.abc import Callable
from typing import Any

import pytest

from bridge.channels import ChannelSettings
from bridge.messages import Address, Placed, Placement, Visibility
from bridge.publish.port import PublishError, Remedy
from bridge.publish.vk import VkPublisher, capabilities
from bridge.publish.vk_retraction import DELETE_COMMENT, DELETE_MESSAGE
from tests.integration.vk.conftest import without

Publish = Callable[[ChannelSettings], VkPublisher]
DIRECT: Address = {"peer_id": 501, "conversation_message_id": 1}


def placed_comment(vk: Any, publisher: VkPublisher) -> tuple[Address, Placed]:
    comment = vk.citizens_comment()
    address = {"owner_id": comment["owner_id"], "post_id": 1, "comment_id": comment["id"]}
    return address, publisher.place(Placement("placement-1", address, "Часть первая."))


def placed_message(vk: Any, publisher: VkPublisher) -> tuple[Address, Placed]:
    vk.citizens_message()
    return DIRECT, publisher.place(Placement("placement-1", DIRECT, "Часть первая."))


def test_comment_is_taken_away_and_that_may_be_repeated(vk: Any, publisher: VkPublisher) -> None:
    address, placed = placed_comment(vk, publisher)

    publisher.retract(address, placed)
    publisher.retract(address, placed)

    assert vk.own_comments() == []


def test_message_is_taken_away_for_both_and_that_may_be_repeated(
    vk: Any, publisher: VkPublisher
) -> None:
    address, placed = placed_message(vk, publisher)

    publisher.retract(address, placed)
    publisher.retract(address, placed)

    assert vk.own_messages() == []


@pytest.mark.parametrize("fault", ["drop_before_processing", "drop_after_processing", "garbage"])
def test_retraction_with_an_unknown_outcome_is_simply_repeated(
    vk: Any, publisher: VkPublisher, fault: str
) -> None:
    for method, place in ((DELETE_COMMENT, placed_comment), (DELETE_MESSAGE, placed_message)):
        address, placed = place(vk, publisher)
        vk.fail(method, fault)
        with pytest.raises(PublishError) as raised:
            publisher.retract(address, placed)
        assert raised.value.remedy is Remedy.RETRY
        publisher.retract(address, placed)

    assert (vk.own_comments(), vk.own_messages()) == ([], [])


def test_comment_that_vk_does_not_let_go_is_for_a_person(vk: Any, publisher: VkPublisher) -> None:
    address, placed = placed_comment(vk, publisher)
    vk.fail(DELETE_COMMENT, "error", code=211)

    with pytest.raises(PublishError) as raised:
        publisher.retract(address, placed)
    assert (raised.value.remedy, raised.value.code) == (Remedy.BY_HAND, "211")


def test_message_that_is_too_old_to_be_taken_away_is_for_a_person(
    vk: Any, publisher: VkPublisher
) -> None:
    address, placed = placed_message(vk, publisher)
    vk.fail(DELETE_MESSAGE, "error", code=924)

    with pytest.raises(PublishError) as raised:
        publisher.retract(address, placed)
    assert raised.value.remedy is Remedy.BY_HAND


def test_community_without_a_persons_token_cannot_take_comments_away(
    vk: Any, channel: ChannelSettings, publisher_with: Publish
) -> None:
    alone = without(channel, "user_token")
    publisher = publisher_with(alone)
    address, placed = placed_comment(vk, publisher)

    with pytest.raises(PublishError) as raised:
        publisher.retract(address, placed)

    assert (raised.value.remedy, raised.value.code) == (Remedy.BY_HAND, "no_user_token")
    assert placed.link in raised.value.meaning
    offered = capabilities(alone).by_visibility
    assert [offered[each].retract for each in Visibility] == [False, True]
