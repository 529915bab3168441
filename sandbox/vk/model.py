"""What a VK world consists of. Times are aware UTC; ids are VK's: communities own as -id."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

JsonObject = dict[str, Any]


@dataclass(frozen=True)
class Community:
    """A community with a wall; `id` is positive, its wall belongs to `owner_id`."""

    id: int
    name: str
    screen_name: str
    admin_id: int

    @property
    def owner_id(self) -> int:
        """The community as VK writes it among users: negative."""
        return -self.id


@dataclass(frozen=True)
class User:
    """A person."""

    id: int
    first_name: str
    last_name: str

    @property
    def name(self) -> str:
        """First and last name as pages show them."""
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True)
class CommentRules:
    """What the comments of a post are subject to; the default allows everything."""

    closed: bool = False
    links_forbidden: bool = False
    community_replies_limit: int | None = None


@dataclass(frozen=True)
class Post:
    """A post on a community's wall; `post_type` is `post` or `suggest`."""

    owner_id: int
    id: int
    from_id: int
    date: datetime
    text: str
    post_type: str = "post"
    signer_id: int | None = None
    attachments: tuple[JsonObject, ...] = ()
    comment_rules: CommentRules = CommentRules()


@dataclass(frozen=True)
class Comment:
    """A comment under a post; `parents_stack` is empty at the top level, else names its thread."""

    owner_id: int
    post_id: int
    id: int
    from_id: int
    date: datetime
    text: str
    parents_stack: tuple[int, ...] = ()
    reply_to_user: int | None = None
    reply_to_comment: int | None = None
    attachments: tuple[JsonObject, ...] = ()
    deleted: bool = False


class ItemKind(StrEnum):
    """What people comment on besides posts, by the word in the addresses of its pages."""

    PHOTO = "photo"
    VIDEO = "video"
    MARKET = "market"
    TOPIC = "topic"


@dataclass(frozen=True)
class Item:
    """A photo, a video, a thing for sale or a discussion of a community."""

    kind: ItemKind
    owner_id: int
    id: int
    title: str


@dataclass(frozen=True)
class ItemComment:
    """A comment below an item; in a discussion, a post."""

    item: Item
    id: int
    from_id: int
    date: datetime
    text: str
    reply_to_comment: int | None = None
    attachments: tuple[JsonObject, ...] = ()
    deleted: bool = False


@dataclass(frozen=True)
class PrivateMessage:
    """A message of a dialog between a community and a user; `out` is seen from the community.

    `extra` are further fields as VK shows them (`fwd_messages`, `reply_message`, `geo`). A
    `cropped` one is told shortened in its event.
    """

    id: int
    conversation_message_id: int
    peer_id: int
    from_id: int
    date: datetime
    text: str
    out: bool
    random_id: int = 0
    attachments: tuple[JsonObject, ...] = ()
    admin_author_id: int | None = None
    extra: JsonObject = field(default_factory=dict)
    cropped: bool = False


@dataclass(frozen=True)
class Event:
    """Something that VK tells a community's server about (A1 of the API facts)."""

    type: str
    group_id: int
    object: JsonObject
    event_id: str
