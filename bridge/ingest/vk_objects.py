"""VK's event objects, as far as the bridge reads them; whatever else they hold is let be.

https://dev.vk.com/ru/api/community-events/json-schema
"""

from typing import Annotated, Any

from pydantic import AfterValidator, AliasChoices, BaseModel, ConfigDict, Field

from bridge.ingest.storable import storable

_LARGEST_ID = 2**53
_YEAR_2100 = 4_102_444_800

Text = Annotated[str, AfterValidator(storable)]
Id = Annotated[int, Field(gt=0, lt=_LARGEST_ID)]
OwnerId = Annotated[int, Field(gt=-_LARGEST_ID, lt=_LARGEST_ID)]
"""A user (positive) or a community (negative)."""
Instant = Annotated[int, Field(gt=0, lt=_YEAR_2100)]
"""Seconds since 1970, UTC."""


class VkObject(BaseModel):
    """Base: types as documented, no conversions, unknown fields ignored."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")


class Written(VkObject):
    """What every text of a person has."""

    from_id: OwnerId
    date: Instant
    text: Text = ""
    attachments: list[Any] = []


class Comment(Written):
    """A comment, new, edited or restored. `parents_stack` is empty at the top level."""

    id: Id
    post_id: Id
    owner_id: OwnerId
    parents_stack: list[Id] = []


class DeletedComment(VkObject):
    """`wall_reply_delete`. Who deleted is `deleter_id` by the pages, `user_id` by the schema."""

    id: Id
    post_id: Id
    owner_id: OwnerId
    deleter_id: int | None = None
    user_id: int | None = None


class ItemComment(Written):
    """A comment on something else than a post: the base of one class for each kind of thing."""

    id: Id
    owner_id: OwnerId
    item_id: Id
    parents_stack: list[Id] = []


class PhotoComment(ItemComment):
    """`photo_comment_new`, `_edit`, `_restore`."""

    owner_id: OwnerId = Field(validation_alias=AliasChoices("photo_owner_id", "owner_id"))
    item_id: Id = Field(validation_alias="photo_id")


class VideoComment(ItemComment):
    """`video_comment_new`, `_edit`, `_restore`."""

    owner_id: OwnerId = Field(validation_alias=AliasChoices("video_owner_id", "owner_id"))
    item_id: Id = Field(validation_alias="video_id")


class MarketComment(ItemComment):
    """`market_comment_new`, `_edit`, `_restore`."""

    owner_id: OwnerId = Field(validation_alias=AliasChoices("market_owner_id", "owner_id"))


class TopicPost(ItemComment):
    """`board_post_new`, `_edit`, `_restore`."""

    owner_id: OwnerId = Field(validation_alias="topic_owner_id")
    item_id: Id = Field(validation_alias="topic_id")


class DeletedItemComment(VkObject):
    """The `_delete` event of all four kinds; who deleted is not told in discussions."""

    id: Id
    owner_id: OwnerId = Field(validation_alias=AliasChoices("owner_id", "topic_owner_id"))
    item_id: Id = Field(
        validation_alias=AliasChoices("item_id", "photo_id", "video_id", "topic_id")
    )
    deleter_id: int | None = None
    user_id: int | None = None


class Post(Written):
    """`wall_post_new`: a post on the wall, or one suggested for it (`post_type` suggest)."""

    id: Id
    owner_id: OwnerId
    post_type: str = "post"
    geo: Any = None


class DirectMessage(Written):
    """The `message` of `message_new` (API 5.103 and later), and the object of `message_edit`.

    What it forwards and replies to is read leniently: it never costs the message.
    """

    peer_id: OwnerId
    conversation_message_id: Id
    out: int = 0
    fwd_messages: Any = None
    reply_message: Any = None
    geo: Any = None
    is_cropped: Any = None


class DirectMessageObject(VkObject):
    """The object of `message_new`."""

    message: DirectMessage
