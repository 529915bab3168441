"""Where an answer goes in VK: written when a message is read, read when its answer is placed."""

from dataclasses import dataclass

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
class DialogAddress:
    """In the dialog with one person, in answer to one of its messages."""

    peer_id: int
    conversation_message_id: int


VkAddress = WallAddress | DialogAddress


def write(address: VkAddress) -> Address:
    """As kept with the message: absent parts are left out."""
    return {name: value for name, value in vars(address).items() if value is not None}


def read(address: Address) -> VkAddress:
    """The reverse of `write`. Raises `TypeError` for an address that `write` did not make."""
    numbers = {name: int(value) for name, value in address.items()}
    return DialogAddress(**numbers) if "peer_id" in numbers else WallAddress(**numbers)
