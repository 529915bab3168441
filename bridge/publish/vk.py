"""Places answers in VK: comments under the citizen's comment, and direct messages.

https://dev.vk.com/ru/method/wall.createComment, https://dev.vk.com/ru/method/messages.send
"""

import hashlib
from datetime import datetime
from typing import Any, Self

from bridge.channels import ChannelSettings
from bridge.messages import Capabilities, ChannelCapabilities, Placed, Placement, Visibility
from bridge.networks import vk_address
from bridge.networks.vk_address import DialogAddress, WallAddress
from bridge.networks.vk_api import VkClient, VkFailure, VkNoAnswer
from bridge.networks.vk_settings import VkSettings
from bridge.publish.vk_errors import placing_failed
from bridge.publish.vk_lookup import VkLookup, placed_comment, placed_message

CREATE_COMMENT = "wall.createComment"
SEND_MESSAGE = "messages.send"


def capabilities(channel: ChannelSettings) -> ChannelCapabilities:
    """What a VK community can do with the tokens it has.

    A community token may neither edit its comments nor attach photos to them; direct messages it
    may edit and read back.
    """
    vk = channel.vk_section
    return ChannelCapabilities(
        {
            Visibility.FEED: Capabilities(
                place=True,
                photos=False,
                edit=False,
                verify=vk.read_token is not None,
                limit=channel.limits.feed,
            ),
            Visibility.DIRECT: Capabilities(
                place=True, photos=True, edit=True, verify=True, limit=channel.limits.direct
            ),
        }
    )


def random_id(idempotency_key: str) -> int:
    """The key as VK's `random_id`: the same for every try, positive, 31 bits, never 0.

    VK refuses a repeated `random_id` within a dialog for an hour; 0 would switch that off.
    """
    digest = hashlib.sha256(idempotency_key.encode()).digest()
    return int.from_bytes(digest[:4], "big") % (2**31 - 1) + 1


class VkPublisher:
    """One community's way out. Keep one per worker."""

    def __init__(self, vk: VkSettings, community: VkClient, reader: VkClient | None) -> None:
        self._vk = vk
        self._community = community
        self._lookup = VkLookup(vk, community, reader)

    @classmethod
    def of_channel(cls, channel: ChannelSettings) -> Self:
        """The publisher of this channel. Raises `SecretMissing`."""
        vk = channel.vk_section
        return cls(vk, VkClient.of_community(vk), VkClient.of_reader(vk))

    def place(self, placement: Placement) -> Placed:
        """Make the answer visible. Raises `PublishError`."""
        address = vk_address.read(placement.address)
        try:
            if isinstance(address, WallAddress):
                return self._comment(address, placement)
            return self._send(address, placement)
        except VkFailure as failure:
            raise placing_failed(failure) from failure

    def find(self, placement: Placement, since: datetime) -> Placed | None:
        """The answer if it stands there. Raises `CannotLook` or `PublishError`."""
        address = vk_address.read(placement.address)
        if isinstance(address, WallAddress):
            return self._lookup.comment(address, placement.text, since)
        key = random_id(placement.idempotency_key)
        return self._lookup.message(address, placement.text, key, since)

    def _comment(self, address: WallAddress, placement: Placement) -> Placed:
        answered = {} if address.comment_id is None else {"reply_to_comment": address.comment_id}
        response = self._community.call(
            CREATE_COMMENT,
            owner_id=address.owner_id,
            post_id=address.post_id,
            from_group=self._vk.group_id,
            message=placement.text,
            guid=placement.idempotency_key,
            **answered,
        )
        comment_id = response.get("comment_id") if isinstance(response, dict) else None
        return placed_comment(self._vk, address, _id(CREATE_COMMENT, comment_id))

    def _send(self, address: DialogAddress, placement: Placement) -> Placed:
        response = self._community.call(
            SEND_MESSAGE,
            peer_id=address.peer_id,
            random_id=random_id(placement.idempotency_key),
            message=placement.text,
            disable_mentions=1,
        )
        return placed_message(self._vk, address, _id(SEND_MESSAGE, response))


def _id(method: str, value: Any) -> int:
    """VK said yes, but to what? Without an id that is an unknown outcome."""
    if not isinstance(value, int):
        raise VkNoAnswer(method, "unreadable answer")
    return value
