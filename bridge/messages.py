"""The shared vocabulary: what a citizen wrote, where, and what is placed in answer.

Rules and flows speak of these and never ask which network a message came from.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final


class Network(StrEnum):
    """The four external systems of the regulation, clause 1.1."""

    VK = "vk"
    OK = "ok"
    INCIDENT = "incident"
    MSS = "mss"


class Visibility(StrEnum):
    """Where a message stands: clauses 1.2.3 (feed) and 1.2.4 (direct)."""

    FEED = "feed"
    DIRECT = "direct"


@dataclass(frozen=True)
class Author:
    """Who wrote a message. `name` is empty when the network did not tell it."""

    external_id: str
    name: str = ""
    link: str = ""


_PAGES: Final = frozenset(
    {
        "album",
        "article",
        "contact",
        "event",
        "geo",
        "link",
        "location",
        "market",
        "market_album",
        "page",
        "podcast",
        "poll",
        "share",
        "story",
        "topic",
        "video",
        "wall",
        "wall_reply",
    }
)
"""Kinds of attachments whose address is a page to be opened, not a file."""


@dataclass(frozen=True)
class Attachment:
    """A picture or file of a message. `url` may expire soon: networks sign their links."""

    kind: str
    url: str
    title: str = ""

    @property
    def is_file(self) -> bool:
        """Whether there is a file to be had at the address."""
        return bool(self.url) and self.kind not in _PAGES


@dataclass(frozen=True)
class Surroundings:
    """What a message stands below: the post that it comments on, the message that it replies to.

    It makes the message understood; nobody is to answer it.
    """

    text: str
    link: str = ""


@dataclass(frozen=True)
class Picture:
    """A picture that belongs to an answer (clause 3.4), as staff attached it to the ticket."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


Address = Mapping[str, int | str]


@dataclass(frozen=True)
class MessageId:
    """Which message is meant: `external_id` is unique within (network, visibility)."""

    network: Network
    visibility: Visibility
    external_id: str


@dataclass(frozen=True)
class Message:
    """One message of a citizen, the same for every network.

    `external_id` is unique within (network, visibility). `conversation` is the talk that it belongs
    to (a thread, a dialog), unique there too; empty where a network has none. The name of a part of
    a wider conversation begins with that one's and a slash: the thread of a post. `address` is what
    the channel's publisher needs to answer there; nobody else reads it. `posted_at` is the instant
    from which the message counts as there, UTC: of posting on the page, or of its registration in
    the system that sent it (clause 3.1).

    `also_known_as` are external numbers of the same message elsewhere: an incident's card names the
    comment that it is about. `topics` and `district` are the sender's own words for the matter.
    """

    channel: str
    network: Network
    visibility: Visibility
    external_id: str
    author: Author
    text: str
    link: str
    posted_at: datetime
    address: Address
    attachments: tuple[Attachment, ...] = ()
    conversation: str = ""
    surroundings: Surroundings | None = None
    also_known_as: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    district: str = ""

    @property
    def id(self) -> MessageId:
        """Which message this is."""
        return MessageId(self.network, self.visibility, self.external_id)

    @property
    def external_number(self) -> str:
        """The number by which the ticket is found in the helpdesk; unique over all networks."""
        return external_number(self.id)


def external_number(message: MessageId) -> str:
    """The number by which a message is known, unique over all networks."""
    return f"{message.network}:{message.visibility}:{message.external_id}"


@dataclass(frozen=True)
class Placement:
    """An answer, or one part of a long one, to be made visible once.

    `idempotency_key` is stored before the first try and sent with every try. `text` is ready to
    show: rendered, plain, within the channel's limit. `pictures` are shown with it. `stands_at` is
    where the same answer stands on a page already, for a system that is told; else empty.
    """

    idempotency_key: str
    address: Address
    text: str
    pictures: tuple[Picture, ...] = ()
    stands_at: str = ""


@dataclass(frozen=True)
class Placed:
    """An answer seen where the message was."""

    external_id: str
    link: str


@dataclass(frozen=True)
class Capabilities:
    """What a channel can do, as data, for one visibility.

    `limit` is the longest text of one answer in characters; `verify` says that an answer can be
    looked up after an unknown outcome, `retract` that it can be taken away again; `pictures_limit`
    is how many pictures one answer takes.
    `self_placement`: a department may place its answer there itself, as in social networks and in
    Incident, not in MSS (clause 2.1.4). `is_told_where`: an answer is entered there together with a
    link to where it stands on a page, so the pages come first.
    """

    place: bool
    photos: bool
    edit: bool
    verify: bool
    limit: int
    self_placement: bool = True
    pictures_limit: int = 0
    is_told_where: bool = False
    retract: bool = False


@dataclass(frozen=True)
class ChannelCapabilities:
    """Capabilities by visibility; a visibility that is absent is not offered."""

    by_visibility: Mapping[Visibility, Capabilities] = field(default_factory=dict)
