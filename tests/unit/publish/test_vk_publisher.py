"""What the VK publisher sends, and what a channel is said to be able to do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.channels import ChannelSettings, ChannelsFile
from bridge.config.document import parse_document
from bridge.messages import Placement, Visibility
from bridge.networks import vk_address
from bridge.networks.rate_limit import Unhurried
from bridge.networks.vk_address import (
    DialogAddress,
    ItemAddress,
    ItemKind,
    SuggestedPostAddress,
    WallAddress,
)
from bridge.publish.port import PublishError, Remedy
from bridge.publish.vk import VkPublisher, capabilities, random_id

CHANNEL = """
channels:
  - key: vk-administration
    network: vk
    title: ВКонтакте
    policy: {feed: administration, direct: administration}
    limits: {feed: 1500}
    vk:
      group_id: 1001
      token: {env: TEST_VK_TOKEN}
      read_token: {env: TEST_VK_READ_TOKEN}
      callback: {secret: {env: TEST_VK_SECRET}}
"""
ID = st.integers(min_value=1, max_value=2**40)
ADDRESS = (
    st.builds(WallAddress, ID.map(lambda number: -number), ID, st.none() | ID, st.none() | ID)
    | st.builds(DialogAddress, ID, ID, st.none() | st.just(1))
    | st.builds(SuggestedPostAddress, ID, ID)
    | st.builds(ItemAddress, st.sampled_from(ItemKind), ID, ID, ID)
)


def channel(text: str) -> ChannelSettings:
    return parse_document(text, ChannelsFile, "channels.yaml").channels[0]


@given(key=st.text())
def test_random_id_is_the_same_for_every_try_and_accepted_by_vk(key: str) -> None:
    assert random_id(key) == random_id(key)
    assert 0 < random_id(key) < 2**31


def test_different_answers_have_different_random_ids() -> None:
    keys = [f"placement-{number}" for number in range(1000)]

    assert len({random_id(key) for key in keys}) == len(keys)


@given(address=ADDRESS)
def test_address_survives_being_kept(address: vk_address.VkAddress) -> None:
    assert vk_address.read(vk_address.write(address)) == address


def test_foreign_address_is_refused() -> None:
    with pytest.raises(TypeError):
        vk_address.read({"discussion_id": 5})


def test_comments_can_be_looked_up_only_with_a_token_that_reads() -> None:
    with_token = capabilities(channel(CHANNEL)).by_visibility
    without = "\n".join(line for line in CHANNEL.splitlines() if "read_token" not in line)
    without_token = capabilities(channel(without)).by_visibility

    assert with_token[Visibility.FEED].verify
    assert not without_token[Visibility.FEED].verify
    assert without_token[Visibility.DIRECT].verify


def test_limits_are_the_channels() -> None:
    offered = capabilities(channel(CHANNEL)).by_visibility

    assert [offered[visibility].limit for visibility in Visibility] == [1500, 9000]


def test_persons_token_reads_comments_and_takes_them_away() -> None:
    person = CHANNEL.replace("read_token: {env: TEST_VK_READ_TOKEN}", "user_token: {env: X}")
    alone = "\n".join(line for line in CHANNEL.splitlines() if "read_token" not in line)

    feed = capabilities(channel(person)).by_visibility[Visibility.FEED]
    feed_alone = capabilities(channel(alone)).by_visibility[Visibility.FEED]

    assert (feed.verify, feed.retract) == (True, True)
    assert (feed_alone.verify, feed_alone.retract) == (False, False)


@pytest.mark.clause("3.4")
@pytest.mark.parametrize(
    ("line", "photos", "limit"),
    [
        ("", True, 10),
        ("comment_pictures: document", True, 10),
        ("comment_pictures: by_hand", False, 0),
    ],
)
def test_comments_show_pictures_unless_the_office_wants_to_place_them(
    line: str, photos: bool, limit: int
) -> None:
    feed = capabilities(channel(CHANNEL + f"      {line}\n")).by_visibility[Visibility.FEED]

    assert (feed.photos, feed.pictures_limit) == (photos, limit)


def test_answer_to_a_suggested_post_is_for_a_person_with_the_reason(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TEST_VK_TOKEN", "token")
    monkeypatch.setenv("TEST_VK_READ_TOKEN", "token")
    publisher = VkPublisher.of_channel(channel(CHANNEL), Unhurried())
    address = vk_address.write(SuggestedPostAddress(-1001, 42))

    with pytest.raises(PublishError) as raised:
        publisher.place(Placement("key", address, "Ответ"))

    assert (raised.value.remedy, raised.value.code) == (Remedy.BY_HAND, "suggested_post")
    assert "https://vk.com/wall-1001_42" in raised.value.meaning
