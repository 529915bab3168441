"""Where an answer goes in VK: written when a message is read, read when its answer is placed."""

from dataclasses import dataclass
from enum import StrEnum

from bridge.messages import Address


@dataclass(frozen=True)
class WallAddress:
    """Under a post, or, with `comment_id`, under a comment of it.

    `thread_id` is the top-level comment whose thread holds the comment, when it is not itself one.
    """

    owner_id: int
    post_id: int
    comment_id: int | None = None
    thread_id: int | None = None

    @property
    def answer_thread_id(self) -> int | None:
        """The thread in which an answer appears; None: at the top level, under the post."""
        return self.thread_id or self.comment_id


@dataclass(frozen=True)
class SuggestedPostAddress:
    """At a post that was suggested to the community and is not published.

    VK lets nobody comment on it; once it is published it is another post with another number.
    """

    owner_id: int
    suggested_post_id: int


class ItemKind(StrEnum):
    """What people comment on besides posts, by VK's own word in addresses of pages."""

    PHOTO = "photo"
    VIDEO = "video"
    MARKET = "market"
    TOPIC = "topic"


@dataclass(frozen=True)
class ItemAddress:
    """Under a comment on a photo, a video or an item of the market, or in a discussion."""

    item_kind: ItemKind
    owner_id: int
    item_id: int
    comment_id: int


def item_comment_id(address: ItemAddress) -> str:
    """The comment's number as the bridge keeps it, after the addresses of VK's pages."""
    mark = "p" if address.item_kind is ItemKind.TOPIC else "r"
    item = f"{address.item_kind}{address.owner_id}_{address.item_id}"
    return f"{item}_{mark}{address.comment_id}"


@dataclass(frozen=True)
class DialogAddress:
    """In the dialog with one person, in answer to one of its messages.

    `is_cropped` is 1 for a message that VK told shortened: it is fetched whole when taken in.
    """

    peer_id: int
    conversation_message_id: int
    is_cropped: int | None = None


VkAddress = WallAddress | SuggestedPostAddress | ItemAddress | DialogAddress


def write(address: VkAddress) -> Address:
    """As kept with the message: absent parts are left out."""
    return {name: value for name, value in vars(address).items() if value is not None}


def read(address: Address) -> VkAddress:
    """The reverse of `write`. Raises `TypeError` for an address that `write` did not make."""
    numbers = {name: int(value) for name, value in address.items() if name != "item_kind"}
    if "item_kind" in address:
        return ItemAddress(ItemKind(str(address["item_kind"])), **numbers)
    if "peer_id" in numbers:
        return DialogAddress(**numbers)
    if "suggested_post_id" in numbers:
        return SuggestedPostAddress(**numbers)
    return WallAddress(**numbers)
