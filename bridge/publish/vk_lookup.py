"""Looks whether an answer is visible in VK, when a call's outcome is not known.

https://dev.vk.com/ru/method/wall.getComments, https://dev.vk.com/ru/method/messages.getHistory
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bridge.messages import Placed
from bridge.networks import vk_links
from bridge.networks.vk_address import DialogAddress, ItemAddress, WallAddress, item_comment_id
from bridge.networks.vk_api import VkClient, VkFailure
from bridge.networks.vk_settings import VkSettings
from bridge.publish.port import CannotLook
from bridge.publish.sameness import same_text
from bridge.publish.vk_errors import looking_failed

CLOCK_TOLERANCE = timedelta(minutes=2)
"""How far VK's clock and ours may differ."""

PAGE = 100
LONGEST_LOOK = 5_000
"""Items read at most, newest first; an answer deeper than that is for a person to find."""

Item = Mapping[str, Any]


class VkLookup:
    """Reads the walls with the token that may, and the dialogs with the community's own."""

    def __init__(self, vk: VkSettings, community: VkClient, reader: VkClient | None) -> None:
        self._vk = vk
        self._community = community
        self._reader = reader

    def comment(self, address: WallAddress, text: str, since: datetime) -> Placed | None:
        """The community's comment with this text, answering there, not older than `since`.

        Raises `CannotLook` or `PublishError`.
        """
        for item in self._comments(address, since):
            if self._is_own(item, since) and _answers(item, address) and _says(item, text):
                return placed_comment(self._vk, address, item["id"])
        return None

    def message(
        self, address: DialogAddress, text: str, random_id: int, since: datetime
    ) -> Placed | None:
        """The community's message with this `random_id`; where VK tells none, with this text.

        Raises `CannotLook` or `PublishError`.
        """
        for item in self._messages(address, since):
            if self._is_own(item, since) and _was_sent_as(item, random_id, text):
                return placed_message(self._vk, address, item["id"])
        return None

    def item_comment(
        self, address: ItemAddress, fetch: Callable[[int], Any], text: str, since: datetime
    ) -> Placed | None:
        """The community's comment below a thing; `fetch` gets the comments from one on.

        Raises `CannotLook` or `PublishError`.
        """
        for item in _newest_first(fetch, since):
            if self._is_own(item, since) and _answers(item, address) and _says(item, text):
                return placed_item_comment(self._vk, address, item["id"])
        return None

    def _comments(self, address: WallAddress, since: datetime) -> Iterator[Item]:
        reader = self._reader
        if reader is None:
            raise CannotLook("no read_token: a community token may not read comments")
        thread_id = address.answer_thread_id
        thread = {} if thread_id is None else {"comment_id": thread_id}

        def fetch(offset: int) -> Any:
            return reader.call(
                "wall.getComments",
                owner_id=address.owner_id,
                post_id=address.post_id,
                sort="desc",
                count=PAGE,
                offset=offset,
                preview_length=0,
                **thread,
            )

        return _newest_first(fetch, since)

    def _messages(self, address: DialogAddress, since: datetime) -> Iterator[Item]:
        def fetch(offset: int) -> Any:
            return self._community.call(
                "messages.getHistory", peer_id=address.peer_id, count=PAGE, offset=offset
            )

        return _newest_first(fetch, since)

    def _is_own(self, item: Item, since: datetime) -> bool:
        return item.get("from_id") == -self._vk.group_id and _posted_after(item, since)


def placed_comment(vk: VkSettings, address: WallAddress, comment_id: int) -> Placed:
    """A comment of ours as seen by people."""
    link = vk_links.wall_comment(
        vk.page_url, address.owner_id, address.post_id, comment_id, address.answer_thread_id
    )
    return Placed(f"wall{address.owner_id}_{address.post_id}_r{comment_id}", link)


def placed_item_comment(vk: VkSettings, address: ItemAddress, comment_id: int) -> Placed:
    """A comment of ours below a photo, a video, a thing for sale, or in a discussion."""
    own = replace(address, comment_id=comment_id)
    return Placed(item_comment_id(own), vk_links.item_comment(vk.page_url, own))


def placed_message(vk: VkSettings, address: DialogAddress, message_id: int) -> Placed:
    """A direct message of ours: only those who may read the community's dialogs can open it."""
    link = vk_links.community_dialog(vk.page_url, vk.group_id, address.peer_id)
    return Placed(f"im{vk.group_id}_{address.peer_id}_m{message_id}", link)


def _newest_first(fetch: Callable[[int], Any], since: datetime) -> Iterator[Item]:
    """Items page by page until they are older than `since`.

    New items that come while we read shift the pages: some are seen twice, none is missed.
    """
    for offset in range(0, LONGEST_LOOK, PAGE):
        page, count = _page(fetch, offset)
        yield from page
        if offset + PAGE >= count or not any(_posted_after(item, since) for item in page):
            return
    raise CannotLook(f"not among the newest {LONGEST_LOOK} items")


def _page(fetch: Callable[[int], Any], offset: int) -> tuple[list[Item], int]:
    try:
        answer = fetch(offset)
    except VkFailure as failure:
        raise looking_failed(failure) from failure
    if not isinstance(answer, dict) or not isinstance(answer.get("items"), list):
        raise CannotLook("VK's list is not readable")
    items: list[Item] = [item for item in answer["items"] if _has_id(item)]
    count = answer.get("current_level_count", answer.get("count"))
    return items, count if isinstance(count, int) else 0


def _has_id(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("id"), int)


def _posted_after(item: Item, since: datetime) -> bool:
    date = item.get("date")
    return isinstance(date, int) and date >= int((since - CLOCK_TOLERANCE).timestamp())


def _answers(item: Item, address: WallAddress | ItemAddress) -> bool:
    """VK may leave out what a comment answers; within the right thread that is no objection."""
    answered = item.get("reply_to_comment")
    return answered is None or answered == address.comment_id


def _was_sent_as(item: Item, random_id: int, text: str) -> bool:
    known_id = item.get("random_id")
    return known_id == random_id if known_id else _says(item, text)


def _says(item: Item, text: str) -> bool:
    seen = item.get("text")
    return isinstance(seen, str) and same_text(seen, text)
