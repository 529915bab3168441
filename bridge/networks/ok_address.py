"""Where an answer goes in OK: written when a message is read, read when its answer is placed."""

from dataclasses import dataclass

from bridge.messages import Address


@dataclass(frozen=True)
class CommentAddress:
    """Under a topic of the group, in answer to one of its comments."""

    topic_id: str
    comment_id: str


def comment_key(topic_id: str, comment_id: str) -> str:
    """The number of a comment, as messages and placed answers have it: `topic5_cMTM5`."""
    return f"topic{topic_id}_c{comment_id}"


def comment_id_of(key: str) -> str:
    """OK's id of the comment that `comment_key` made a number of."""
    return key.partition("_c")[2]


@dataclass(frozen=True)
class ChatAddress:
    """In the chat of one person with the group. `user_id` tells that person from the group."""

    chat_id: str
    user_id: str


OkAddress = CommentAddress | ChatAddress


def write(address: OkAddress) -> Address:
    """As kept with the message."""
    return dict(vars(address))


def read(address: Address) -> OkAddress:
    """The reverse of `write`. Raises `TypeError` for an address that `write` did not make."""
    texts = {name: str(value) for name, value in address.items()}
    return ChatAddress(**texts) if "chat_id" in texts else CommentAddress(**texts)
