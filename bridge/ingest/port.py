"""What reading from a network gives: events as they come, then messages or reasons for none."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bridge.messages import Author, Message, MessageId


@dataclass(frozen=True)
class Confirmation:
    """The network asks whether this server is ours: answer with `code` as bare text."""

    code: str


@dataclass(frozen=True)
class Event:
    """An event to be stored before it is acknowledged.

    `external_id` is unique within the channel; `body` is UTF-8 JSON without the shared secret.
    """

    external_id: str
    kind: str
    body: bytes


class Refused(Exception):
    """A callback that must not be stored. `status` is the HTTP status to answer with.

    `reason` is English, for the log and a counter, and safe to send: it repeats nothing of the
    body, so that it can never be read as a command.
    """

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"{status}: {reason}")
        self.status = status
        self.reason = reason


class CallbackReader(Protocol):
    """Verifies the callbacks of one channel."""

    def read(self, body: bytes) -> Confirmation | Event:
        """Tell what came. Raises `Refused`."""


@dataclass(frozen=True)
class MessageArrived:
    """The event is a message that somebody may have to answer."""

    message: Message


@dataclass(frozen=True)
class MessageEdited:
    """The author changed a message; `message` is as it reads now."""

    message: Message


@dataclass(frozen=True)
class MessageDeleted:
    """A message was deleted, by whom the network tells; `deleter` is empty when it does not."""

    id: MessageId
    deleter: str


@dataclass(frozen=True)
class MessageRestored:
    """A deleted message is there again."""

    message: Message


class NothingToDo(StrEnum):
    """Why an event that was understood makes no ticket."""

    OWN = "own"
    """Written by the community itself."""
    ELSEWHERE = "elsewhere"
    """Under a post of a wall that is not the community's, or in a chat of many."""
    UNANSWERABLE = "unanswerable"
    """A citizen's words at a place where the API lets no community answer: under a photo, a video,
    an item of the market, in a discussion board."""
    NOT_A_MESSAGE = "not a message"
    """An event of a kind that tells of no citizen's message: a like, somebody who joined."""


@dataclass(frozen=True)
class SetAside:
    """The event is kept and needs nothing."""

    reason: NothingToDo


@dataclass(frozen=True)
class Unreadable:
    """The event is kept for a person. `where` is the path of the wrong field, `object.from_id`."""

    reason: str
    where: str


Parsed = MessageArrived | MessageEdited | MessageDeleted | MessageRestored | SetAside | Unreadable

Parse = Callable[[bytes], Parsed]


class AuthorDirectory(Protocol):
    """Names of authors, which callbacks do not tell."""

    def find(self, external_id: str) -> Author:
        """The author, without a name when the network does not tell it in time."""
