"""Comments under photos, videos and goods, and posts in discussions, become messages of the feed.

https://dev.vk.com/ru/api/community-events/json-schema
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bridge.ingest.port import MessageArrived, MessageDeleted, NothingToDo, Parsed, SetAside
from bridge.ingest.vk_attachments import attachments_of
from bridge.ingest.vk_objects import (
    DeletedItemComment,
    ItemComment,
    MarketComment,
    PhotoComment,
    TopicPost,
    VideoComment,
)
from bridge.ingest.vk_page import Page, as_edit, as_restoration, instant
from bridge.messages import Message, MessageId, Network, Visibility
from bridge.networks import vk_address, vk_links
from bridge.networks.vk_address import ItemAddress, ItemKind, item_comment_id

ReadItem = Callable[[Any, Page], Parsed]


@dataclass(frozen=True)
class ItemReader:
    """Reads the four events of one kind of thing. All raise pydantic's `ValidationError`."""

    kind: ItemKind
    model: type[ItemComment]

    def new(self, contents: Any, page: Page) -> Parsed:
        """A new comment."""
        comment = self.model.model_validate(contents)
        if comment.from_id == page.owner_id:
            return SetAside(NothingToDo.OWN)
        if comment.owner_id != page.owner_id:
            return SetAside(NothingToDo.ELSEWHERE)
        return MessageArrived(self._message(comment, page))

    def edited(self, contents: Any, page: Page) -> Parsed:
        """A comment as it reads now."""
        return as_edit(self.new(contents, page))

    def restored(self, contents: Any, page: Page) -> Parsed:
        """A comment that is there again."""
        return as_restoration(self.new(contents, page))

    def deleted(self, contents: Any, page: Page) -> Parsed:
        """VK tells neither the author nor the text."""
        deleted = DeletedItemComment.model_validate(contents)
        if deleted.owner_id != page.owner_id:
            return SetAside(NothingToDo.ELSEWHERE)
        address = ItemAddress(self.kind, deleted.owner_id, deleted.item_id, deleted.id)
        gone = MessageId(Network.VK, Visibility.FEED, item_comment_id(address))
        return MessageDeleted(gone, str(deleted.deleter_id or deleted.user_id or ""))

    def _message(self, comment: ItemComment, page: Page) -> Message:
        address = ItemAddress(self.kind, comment.owner_id, comment.item_id, comment.id)
        return Message(
            channel=page.channel,
            network=Network.VK,
            visibility=Visibility.FEED,
            external_id=item_comment_id(address),
            author=page.author(comment.from_id),
            text=comment.text,
            link=vk_links.item_comment(page.vk.page_url, address),
            posted_at=instant(comment.date),
            address=vk_address.write(address),
            attachments=attachments_of(comment.attachments),
            conversation=self._conversation(comment),
        )

    def _conversation(self, comment: ItemComment) -> str:
        """A thread below a thing; a discussion is one talk and has no threads."""
        item = f"{self.kind}{comment.owner_id}_{comment.item_id}"
        if self.kind is ItemKind.TOPIC:
            return item
        return f"{item}/r{comment.parents_stack[0] if comment.parents_stack else comment.id}"


_READERS: Mapping[str, ItemReader] = {
    "photo_comment": ItemReader(ItemKind.PHOTO, PhotoComment),
    "video_comment": ItemReader(ItemKind.VIDEO, VideoComment),
    "market_comment": ItemReader(ItemKind.MARKET, MarketComment),
    "board_post": ItemReader(ItemKind.TOPIC, TopicPost),
}

ITEM_READERS: Mapping[str, ReadItem] = {
    f"{section}_{verb}": read
    for section, reader in _READERS.items()
    for verb, read in (
        ("new", reader.new),
        ("edit", reader.edited),
        ("restore", reader.restored),
        ("delete", reader.deleted),
    )
}
"""By the event's type."""
