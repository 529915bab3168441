"""photos, video, market and board: comments below items (https://dev.vk.com/ru/method/photos).

None of them takes a community's token (A3 of the API facts).
"""

from dataclasses import dataclass

from sandbox.vk.discussions import ItemCommentDraft
from sandbox.vk.errors import VkError
from sandbox.vk.methods.call import USER, Call, Method
from sandbox.vk.model import Item, ItemKind, JsonObject
from sandbox.vk.payloads import item_comment_object


@dataclass(frozen=True)
class _Section:
    """A section of the API with its methods for comments."""

    name: str
    kind: ItemKind
    item_parameter: str

    def methods(self) -> tuple[Method, ...]:
        """The section's methods."""
        return (
            Method(f"{self.name}.createComment", USER, self._create),
            Method(f"{self.name}.getComments", USER, self._list),
            Method(f"{self.name}.deleteComment", USER, self._delete),
        )

    def _create(self, call: Call) -> int:
        item, parameters = self._item(call), call.parameters
        draft = ItemCommentDraft(
            from_id=_author_id(call, item),
            text=parameters.text("message"),
            reply_to_comment=parameters.integer("reply_to_comment"),
            attachments=call.attachments("attachments"),
            guid=parameters.text("guid"),
        )
        return call.world.discussions.add(item, draft).id

    def _list(self, call: Call) -> JsonObject:
        comments = call.world.discussions.comments(self._item(call))
        newest_first = call.parameters.choice("sort", ("asc", "desc")) == "desc"
        ordered = comments[::-1] if newest_first else comments
        offset = call.parameters.count("offset", default=0, maximum=1_000_000)
        count = call.parameters.count("count", default=20, maximum=100)
        page = ordered[offset : offset + count]
        return {"count": len(comments), "items": [item_comment_object(each) for each in page]}

    def _delete(self, call: Call) -> int:
        comment_id = call.parameters.required_integer("comment_id")
        comment = call.world.discussions.comment(self.kind, self._owner_id(call), comment_id)
        call.require_manager(call.world.communities[-comment.item.owner_id])
        call.world.discussions.delete(comment, call.token.subject_id)
        return 1

    def _item(self, call: Call) -> Item:
        item_id = call.parameters.required_integer(self.item_parameter)
        return call.world.discussions.item(self.kind, self._owner_id(call), item_id)

    def _owner_id(self, call: Call) -> int:
        """Discussions name the community, everything else an owner."""
        if self.kind is ItemKind.TOPIC:
            return -call.parameters.required_integer("group_id")
        return call.parameters.required_integer("owner_id")


def _author_id(call: Call, item: Item) -> int:
    if not call.parameters.flag("from_group"):
        return call.token.subject_id
    community = call.world.communities.get(-item.owner_id)
    if community is None:
        raise VkError(15)
    call.require_manager(community)
    return community.owner_id


_SECTIONS = (
    _Section("photos", ItemKind.PHOTO, "photo_id"),
    _Section("video", ItemKind.VIDEO, "video_id"),
    _Section("market", ItemKind.MARKET, "item_id"),
    _Section("board", ItemKind.TOPIC, "topic_id"),
)

METHODS = tuple(method for section in _SECTIONS for method in section.methods())
