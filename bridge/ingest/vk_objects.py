"""VK's event objects, as far as the bridge reads them; whatever else they hold is let be.

https://dev.vk.com/ru/api/community-events/json-schema
"""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

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


class Comment(VkObject):
    """A comment, new, edited or restored. `parents_stack` is empty at the top level."""

    id: Id
    from_id: OwnerId
    date: Instant
    text: Text = ""
    post_id: Id
    owner_id: OwnerId
    parents_stack: list[Id] = []
    attachments: list[Any] = []


class DeletedComment(VkObject):
    """`wall_reply_delete`. Who deleted is `deleter_id` by the pages, `user_id` by the schema."""

    id: Id
    post_id: Id
    owner_id: OwnerId
    deleter_id: int | None = None
    user_id: int | None = None


class Post(VkObject):
    """`wall_post_new`: a post on the wall, or one suggested for it."""

    id: Id
    from_id: OwnerId
    owner_id: OwnerId
    date: Instant
    text: Text = ""
    attachments: list[Any] = []


class DirectMessage(VkObject):
    """The `message` of `message_new` (API 5.103 and later), and the object of `message_edit`."""

    from_id: OwnerId
    peer_id: OwnerId
    date: Instant
    text: Text = ""
    conversation_message_id: Id
    out: int = 0
    attachments: list[Any] = []


class DirectMessageObject(VkObject):
    """The object of `message_new`."""

    message: DirectMessage
