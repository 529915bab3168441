"""OK's objects, as far as the bridge reads them; whatever else they hold is let be.

https://apiok.ru/en/dev/graph_api/bot_api,
https://apiok.ru/en/dev/methods/rest/discussions/discussions.getComments
"""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bridge.ingest.storable import storable

_YEAR_2100_MS = 4_102_444_800_000
_LONGEST_NAME = 200

Text = Annotated[str, AfterValidator(storable)]
Name = Annotated[str, AfterValidator(lambda name: storable(name).strip()[:_LONGEST_NAME])]
Reference = Annotated[str, Field(pattern=r"^(?:[a-z]{1,10}:)?[0-9A-Za-z_-]{1,50}$")]
"""`user:123`, `group:123`, or the bare number."""
Identifier = Annotated[str, Field(pattern=r"^[\x21-\x7e]{1,120}$")]
"""Opaque: `mid:C3e.15c`, base64. Long enough for all that were seen, short enough for the store."""
ChatId = Annotated[str, Field(pattern=r"^chat:[0-9A-Za-z_-]{1,60}$")]
Milliseconds = Annotated[int, Field(gt=0, lt=_YEAR_2100_MS)]
"""Since 1970, UTC."""


class OkObject(BaseModel):
    """Base: types as documented, no conversions, unknown fields ignored."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")


class Sender(OkObject):
    """Who wrote."""

    user_id: Reference
    name: Name | None = None


class Recipient(OkObject):
    """Where it was written."""

    chat_id: ChatId


class ChatText(OkObject):
    """What was written. `text` may stay away where there is only an attachment."""

    mid: Identifier
    text: Text | None = None
    attachments: Any = None


class ChatMessage(OkObject):
    """A webhook's `MESSAGE_CREATED`, or an update of the long poll."""

    sender: Sender
    recipient: Recipient
    message: ChatText
    timestamp: Milliseconds


class Topic(OkObject):
    """The topic of a comment, as the poller puts it beside it."""

    id: Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,60}$")]
    text: Text = ""


class FeedComment(OkObject):
    """A comment of `discussions.getComments`. A group's own has its id as `author_id`."""

    id: Identifier
    author_id: Reference | None = None
    author_ref: Reference | None = None
    author_name: Name | None = None
    text: Text | None = None
    attachments: Any = None


class CommentEvent(OkObject):
    """What the poller makes of a comment. `answered`: the text of the comment it replies to."""

    topic: Topic
    comment: FeedComment
    answered: Text = ""


class DeletedCommentEvent(OkObject):
    """A comment that is no longer there."""

    topic: Topic
    comment_id: Identifier
