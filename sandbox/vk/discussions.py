"""Comments below photos, videos and goods, and posts in discussions, with the events they cause."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sandbox.clock import Clock
from sandbox.vk.errors import VkError, bad_parameter
from sandbox.vk.model import Item, ItemComment, ItemKind, JsonObject
from sandbox.vk.payloads import item_comment_deleted_event, item_comment_event
from sandbox.vk.wall import Publish

EVENT_SECTIONS = {
    ItemKind.PHOTO: "photo_comment",
    ItemKind.VIDEO: "video_comment",
    ItemKind.MARKET: "market_comment",
    ItemKind.TOPIC: "board_post",
}
"""The beginning of the types of events that tell of them."""


@dataclass(frozen=True)
class ItemCommentDraft:
    """A comment before it is written; `guid` empty: nothing to recognise a repetition by."""

    from_id: int
    text: str
    reply_to_comment: int | None = None
    attachments: tuple[JsonObject, ...] = ()
    guid: str = ""


class Discussions:
    """All items and their comments. Ids of comments rise over all items together."""

    def __init__(self, clock: Clock, publish: Publish, items: Iterable[Item]) -> None:
        self._clock = clock
        self._publish = publish
        self._items = {(item.kind, item.owner_id, item.id): item for item in items}
        self._ids = itertools.count(1)
        self._comments: dict[tuple[Item, int], ItemComment] = {}
        self._by_guid: dict[tuple[Item, int, str], ItemComment] = {}

    def items(self, owner_id: int) -> list[Item]:
        """What a community has, to comment on."""
        return [item for item in self._items.values() if item.owner_id == owner_id]

    def item(self, kind: ItemKind, owner_id: int, item_id: int) -> Item:
        """The item; raises error 104 when there is none."""
        item = self._items.get((kind, owner_id, item_id))
        if item is None:
            raise VkError(104)
        return item

    def comments(self, item: Item) -> list[ItemComment]:
        """The visible comments below an item, oldest first."""
        return [each for each in self._comments.values() if each.item == item and not each.deleted]

    def find(self, kind: ItemKind, owner_id: int, comment_id: int) -> ItemComment:
        """The comment below any item of this kind and owner, deleted or not; raises error 211."""
        for (item, number), comment in self._comments.items():
            if (item.kind, item.owner_id, number) == (kind, owner_id, comment_id):
                return comment
        raise VkError(211)

    def comment(self, kind: ItemKind, owner_id: int, comment_id: int) -> ItemComment:
        """The visible comment; raises error 211 when it does not exist or is deleted."""
        comment = self.find(kind, owner_id, comment_id)
        if comment.deleted:
            raise VkError(211)
        return comment

    def add(self, item: Item, draft: ItemCommentDraft) -> ItemComment:
        """Write a comment, or return the one already written with this guid."""
        written = self._by_guid.get((item, draft.from_id, draft.guid)) if draft.guid else None
        if written is not None:
            return written
        if not draft.text and not draft.attachments:
            raise bad_parameter("message is undefined")
        comment = ItemComment(
            item=item,
            id=next(self._ids),
            from_id=draft.from_id,
            date=self._clock(),
            text=draft.text,
            reply_to_comment=draft.reply_to_comment,
            attachments=draft.attachments,
        )
        self._by_guid[item, draft.from_id, draft.guid] = comment
        return self._changed("new", comment)

    def edit(self, comment: ItemComment, text: str) -> ItemComment:
        """Change a comment's text and tell the subscribers."""
        return self._changed("edit", replace(comment, text=text))

    def delete(self, comment: ItemComment, deleter_id: int) -> ItemComment:
        """Delete a comment and tell the subscribers."""
        deleted = replace(comment, deleted=True)
        self._comments[comment.item, comment.id] = deleted
        event = item_comment_deleted_event(deleted, deleter_id)
        section = EVENT_SECTIONS[comment.item.kind]
        self._publish(f"{section}_delete", comment.item.owner_id, event)
        return deleted

    def restore(self, comment: ItemComment) -> ItemComment:
        """Bring a deleted comment back."""
        return self._changed("restore", replace(comment, deleted=False))

    def _changed(self, verb: str, comment: ItemComment) -> ItemComment:
        self._comments[comment.item, comment.id] = comment
        section = EVENT_SECTIONS[comment.item.kind]
        self._publish(f"{section}_{verb}", comment.item.owner_id, item_comment_event(comment))
        return comment
