"""What a world of OK consists of. Times are aware UTC; ids are OK's: numbers without a kind."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

JsonObject = dict[str, Any]


@dataclass(frozen=True)
class Group:
    """A group with its topics and chats."""

    id: int
    name: str
    admin_id: int


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
class Topic:
    """A topic of a group."""

    id: int
    group_id: int
    date: datetime
    text: str


@dataclass(frozen=True)
class Comment:
    """A comment below a topic; `number` orders them. A group's own has its id as `author_id`."""

    id: str
    number: int
    topic_id: int
    author_id: int
    date: datetime
    text: str
    reply_to: str = ""
    removed: bool = False


@dataclass(frozen=True)
class ChatMessage:
    """A message of the chat between a group and a person; `sender` is `user:1` or `group:1`."""

    mid: str
    seq: int
    chat_id: str
    sender: str
    date: datetime
    text: str
    reply_to: str = ""
    attachments: tuple[JsonObject, ...] = ()


@dataclass(frozen=True)
class Chat:
    """A chat of a group with one person."""

    id: str
    group_id: int
    user_id: int


@dataclass(frozen=True)
class ChatEvent:
    """What OK tells a group's bot about."""

    group_id: int
    payload: JsonObject
