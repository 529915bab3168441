"""What reading from a network gives: events as they come, then messages or reasons for none."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

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


@dataclass(frozen=True)
class Callback:
    """A request that a network sent, as far as it tells whether it is genuine.

    `key` is the secret part of the address it was sent to (`/hooks/ok/<channel>/<key>`), empty
    where the address has none. `headers` are by lower-case name. `sender` is the address that it
    came from; `received_at` is UTC.
    """

    body: bytes
    received_at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)
    key: str = ""
    sender: str = ""


class CallbackReader(Protocol):
    """Verifies the callbacks of one channel."""

    def read(self, callback: Callback) -> Confirmation | Event | tuple[Event, ...]:
        """Tell what came; one body may bring several events. Raises `Refused`."""


@dataclass(frozen=True)
class Polled:
    """What one look brought. `state` is kept in the transaction that makes the events durable.

    `more`: there is more to fetch at once, without a pause. `lost`: the network says that events
    are lost to this way; what the channel fetches by other ways is to be looked at without a pause.
    """

    events: tuple[Event, ...]
    state: Mapping[str, Any]
    more: bool = False
    lost: bool = False


class PollFailed(Exception):
    """A look did not succeed; nothing of it is lost, for the state stays as it was.

    `code` is the network's own error code ("timeout", "http 502" where there is none); `meaning`
    says in plain Russian, to an administrator, what happened and what to do. Neither carries a
    token. `down`: nothing will work until a person mends it.
    """

    def __init__(self, code: str, meaning: str, *, down: bool = False) -> None:
        super().__init__(f"{code}: {meaning}")
        self.code = code
        self.meaning = meaning
        self.down = down


class Poller(Protocol):
    """Fetches what nobody sends: a long poll, a page that is read again and again, a folder.

    A poller keeps nothing between two looks but connections: what it must remember is in the state,
    so that a look that was cut short is taken again with the same result.
    """

    @property
    def name(self) -> str:
        """What is polled, unique within the channel: `feed`, `long-poll`."""

    @property
    def pause(self) -> timedelta:
        """How long to rest between two looks; zero for a long poll, which waits by itself."""

    def poll(self, state: Mapping[str, Any]) -> Polled:
        """Look once. `state` is what the last look returned, empty before the first.

        Every call in it has a time limit, below a minute in all. Raises `PollFailed`.
        """


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


class MessageCompleter(Protocol):
    """Fetches what events do not tell: the author's name, the post that is commented on."""

    def complete(self, message: Message) -> Message:
        """The message with what the network tells in time; what it does not tell stays as it is.

        Never raises for the network's sake: a message that is not complete beats none.
        """
