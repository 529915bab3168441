"""VK's events become messages.

https://dev.vk.com/ru/api/community-events/json-schema
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from bridge.channels import ChannelSettings
from bridge.ingest.port import (
    MessageArrived,
    MessageDeleted,
    MessageEdited,
    MessageRestored,
    NothingToDo,
    Parsed,
    SetAside,
    Unreadable,
)
from bridge.ingest.vk_attachments import attachments_of
from bridge.ingest.vk_objects import (
    Comment,
    DeletedComment,
    DirectMessage,
    DirectMessageObject,
    Post,
)
from bridge.messages import Author, Message, MessageId, Network, Visibility
from bridge.networks import vk_address, vk_links
from bridge.networks.vk_address import DialogAddress, WallAddress
from bridge.networks.vk_settings import VkSettings

FIRST_CHAT_PEER = 2_000_000_000
"""Peers from here on are chats of many people, not direct messages in the sense of 1.2.4."""


def parse(body: bytes, channel: ChannelSettings) -> Parsed:
    """Read a stored event. Never raises for what the event holds: see `Unreadable`."""
    try:
        envelope = json.loads(body)
    except (ValueError, RecursionError):
        return Unreadable("not JSON", "")
    if not isinstance(envelope, dict):
        return Unreadable("not a JSON object", "")
    kind = envelope.get("type")
    if not isinstance(kind, str):
        return Unreadable("a name is expected", "type")
    reader = _READERS.get(kind)
    if reader is None:
        return SetAside(_reason_for(kind))
    try:
        return reader(envelope.get("object"), _Page(channel.key, channel.vk_section))
    except ValidationError as error:
        return _unreadable(error)


@dataclass(frozen=True)
class _Page:
    """The community whose event is read."""

    channel: str
    vk: VkSettings

    @property
    def owner_id(self) -> int:
        """The community as an author and as the owner of its wall."""
        return -self.vk.group_id

    def author(self, author_id: int) -> Author:
        """The author, whose name no event tells."""
        link = vk_links.profile(self.vk.page_url, author_id)
        return Author(external_id=str(author_id), link=link)


def _read_comment(contents: Any, page: _Page) -> Parsed:
    comment = Comment.model_validate(contents)
    if comment.from_id == page.owner_id:
        return SetAside(NothingToDo.OWN)
    if comment.owner_id != page.owner_id:
        return SetAside(NothingToDo.ELSEWHERE)
    thread_id = comment.parents_stack[0] if comment.parents_stack else None
    return MessageArrived(
        Message(
            channel=page.channel,
            network=Network.VK,
            visibility=Visibility.FEED,
            external_id=_comment_id(comment),
            author=page.author(comment.from_id),
            text=comment.text,
            link=vk_links.wall_comment(
                page.vk.page_url, comment.owner_id, comment.post_id, comment.id, thread_id
            ),
            posted_at=_instant(comment.date),
            address=vk_address.write(
                WallAddress(comment.owner_id, comment.post_id, comment.id, thread_id)
            ),
            attachments=attachments_of(comment.attachments),
            conversation=f"wall{comment.owner_id}_{comment.post_id}/r{thread_id or comment.id}",
        )
    )


def _comment_id(comment: Comment | DeletedComment) -> str:
    return f"wall{comment.owner_id}_{comment.post_id}_r{comment.id}"


def _read_edited_comment(contents: Any, page: _Page) -> Parsed:
    return _as_edit(_read_comment(contents, page))


def _read_restored_comment(contents: Any, page: _Page) -> Parsed:
    parsed = _read_comment(contents, page)
    return MessageRestored(parsed.message) if isinstance(parsed, MessageArrived) else parsed


def _read_deleted_comment(contents: Any, page: _Page) -> Parsed:
    """VK tells neither the author nor the text."""
    deleted = DeletedComment.model_validate(contents)
    if deleted.owner_id != page.owner_id:
        return SetAside(NothingToDo.ELSEWHERE)
    deleter = deleted.deleter_id or deleted.user_id
    return MessageDeleted(
        MessageId(Network.VK, Visibility.FEED, _comment_id(deleted)), str(deleter or "")
    )


def _as_edit(parsed: Parsed) -> Parsed:
    return MessageEdited(parsed.message) if isinstance(parsed, MessageArrived) else parsed


def _read_post(contents: Any, page: _Page) -> Parsed:
    """A citizen's post or a suggested one.

    When the community publishes a suggested post, the published one comes as another event with
    another id, written by the community: it is the community's own.
    """
    post = Post.model_validate(contents)
    if post.from_id == page.owner_id:
        return SetAside(NothingToDo.OWN)
    if post.owner_id != page.owner_id:
        return SetAside(NothingToDo.ELSEWHERE)
    return MessageArrived(
        Message(
            channel=page.channel,
            network=Network.VK,
            visibility=Visibility.FEED,
            external_id=f"wall{post.owner_id}_{post.id}",
            conversation=f"wall{post.owner_id}_{post.id}",
            author=page.author(post.from_id),
            text=post.text,
            link=vk_links.wall_post(page.vk.page_url, post.owner_id, post.id),
            posted_at=_instant(post.date),
            address=vk_address.write(WallAddress(post.owner_id, post.id)),
            attachments=attachments_of(post.attachments),
        )
    )


def _read_direct_message(contents: Any, page: _Page) -> Parsed:
    return _direct_message(DirectMessageObject.model_validate(contents).message, page)


def _read_edited_direct_message(contents: Any, page: _Page) -> Parsed:
    """VK announces the community's own edits only; should it tell of a citizen's, it is read."""
    return _as_edit(_direct_message(DirectMessage.model_validate(contents), page))


def _direct_message(message: DirectMessage, page: _Page) -> Parsed:
    if message.from_id == page.owner_id or message.out:
        return SetAside(NothingToDo.OWN)
    if message.peer_id >= FIRST_CHAT_PEER:
        return SetAside(NothingToDo.ELSEWHERE)
    number = message.conversation_message_id
    return MessageArrived(
        Message(
            channel=page.channel,
            network=Network.VK,
            visibility=Visibility.DIRECT,
            external_id=f"im{page.vk.group_id}_{message.peer_id}_{number}",
            conversation=f"im{page.vk.group_id}_{message.peer_id}",
            author=page.author(message.from_id),
            text=message.text,
            link=vk_links.community_dialog(page.vk.page_url, page.vk.group_id, message.peer_id),
            posted_at=_instant(message.date),
            address=vk_address.write(DialogAddress(message.peer_id, number)),
            attachments=attachments_of(message.attachments),
        )
    )


_READERS: Mapping[str, Callable[[Any, _Page], Parsed]] = {
    "wall_reply_new": _read_comment,
    "wall_reply_edit": _read_edited_comment,
    "wall_reply_delete": _read_deleted_comment,
    "wall_reply_restore": _read_restored_comment,
    "wall_post_new": _read_post,
    "message_new": _read_direct_message,
    "message_edit": _read_edited_direct_message,
}


_UNANSWERABLE = frozenset(
    {"photo_comment_new", "video_comment_new", "market_comment_new", "board_post_new"}
)


def _reason_for(kind: str) -> NothingToDo:
    return NothingToDo.UNANSWERABLE if kind in _UNANSWERABLE else NothingToDo.NOT_A_MESSAGE


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _unreadable(error: ValidationError) -> Unreadable:
    """The first mistake only, and without the value: it may be what a citizen wrote."""
    mistake = error.errors(include_url=False, include_context=False, include_input=False)[0]
    where = ".".join(["object", *(str(part) for part in mistake["loc"])])
    return Unreadable(mistake["msg"], where)
