"""Answers below photos, videos and goods, and in discussions, which only a person's token may give.

https://dev.vk.com/ru/method/photos.createComment, https://dev.vk.com/ru/method/video.createComment,
https://dev.vk.com/ru/method/market.createComment, https://dev.vk.com/ru/method/board.createComment
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bridge.networks.vk_address import ItemAddress, ItemKind
from bridge.networks.vk_api import VkClient

PAGE = 100


@dataclass(frozen=True)
class _Section:
    """A section of the API; `item` is what it calls the thing that is commented on."""

    name: str
    item: str


_SECTIONS: Mapping[ItemKind, _Section] = {
    ItemKind.PHOTO: _Section("photos", "photo_id"),
    ItemKind.VIDEO: _Section("video", "video_id"),
    ItemKind.MARKET: _Section("market", "item_id"),
    ItemKind.TOPIC: _Section("board", "topic_id"),
}


def create_method(kind: ItemKind) -> str:
    """The method by which a comment is written there."""
    return f"{_SECTIONS[kind].name}.createComment"


def create(
    client: VkClient, address: ItemAddress, text: str, guid: str, attached: Mapping[str, str]
) -> Any:
    """Answer there as the community; VK answers with the comment's id. Raises `VkFailure`."""
    answered = {} if _is_topic(address) else {"reply_to_comment": address.comment_id}
    return client.call(
        create_method(address.item_kind),
        **_where(address),
        message=text,
        from_group=1,
        guid=guid,
        **answered,
        **attached,
    )


def fetcher(client: VkClient, address: ItemAddress) -> Callable[[int], Any]:
    """Gets a page of the comments there, newest first, from one on. It raises `VkFailure`."""

    def fetch(offset: int) -> Any:
        method = f"{_SECTIONS[address.item_kind].name}.getComments"
        return client.call(method, **_where(address), sort="desc", count=PAGE, offset=offset)

    return fetch


def delete(client: VkClient, address: ItemAddress, comment_id: int) -> None:
    """Take a comment away. Raises `VkFailure`."""
    where = _where(address) if _is_topic(address) else {"owner_id": address.owner_id}
    method = f"{_SECTIONS[address.item_kind].name}.deleteComment"
    client.call(method, **where, comment_id=comment_id)


def may_stand(client: VkClient, address: ItemAddress, comment_id: int) -> bool:
    """Whether the comment is among the newest there, or deeper than those. Raises `VkFailure`."""
    answer = fetcher(client, address)(0)
    items = answer.get("items") if isinstance(answer, dict) else None
    if not isinstance(items, list) or len(items) >= PAGE:
        return True
    return any(isinstance(item, dict) and item.get("id") == comment_id for item in items)


def _where(address: ItemAddress) -> Mapping[str, int]:
    """Discussions name the community, everything else an owner."""
    item = {_SECTIONS[address.item_kind].item: address.item_id}
    if _is_topic(address):
        return {"group_id": -address.owner_id, **item}
    return {"owner_id": address.owner_id, **item}


def _is_topic(address: ItemAddress) -> bool:
    return address.item_kind is ItemKind.TOPIC
