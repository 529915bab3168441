"""OK's events become messages: those it sends of chats, and those that are made of its comments.

https://apiok.ru/en/dev/graph_api/bot_api
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from bridge.channels import ChannelSettings
from bridge.ingest import ok_events
from bridge.ingest.ok_attachments import attachments_of
from bridge.ingest.ok_objects import ChatMessage, CommentEvent, DeletedCommentEvent, Topic
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
from bridge.messages import (
    Author,
    Message,
    MessageId,
    Network,
    Surroundings,
    Visibility,
)
from bridge.networks import ok_address, ok_links
from bridge.networks.ok_address import ChatAddress, CommentAddress, comment_key
from bridge.networks.ok_discussions import posted_ms
from bridge.networks.ok_group import author_of, is_own
from bridge.networks.ok_settings import OkSettings

_YEAR_2100_MS = 4_102_444_800_000


def parse(body: bytes, channel: ChannelSettings) -> Parsed:
    """Read a stored event. Never raises for what the event holds: see `Unreadable`."""
    try:
        envelope = json.loads(body)
    except (ValueError, RecursionError):
        return Unreadable("not JSON", "")
    if not isinstance(envelope, dict):
        return Unreadable("not a JSON object", "")
    reader = _reader_of(envelope)
    if reader is None:
        return SetAside(NothingToDo.NOT_A_MESSAGE)
    try:
        return reader(envelope, _Group(channel.key, channel.ok_section))
    except ValidationError as error:
        return _unreadable(error)


@dataclass(frozen=True)
class _Group:
    """The group whose event is read."""

    channel: str
    ok: OkSettings

    def author(self, reference: str, name: str | None) -> Author:
        """The author, with a name where the event tells it."""
        author_id = author_of(reference)
        return Author(author_id, name or "", ok_links.profile(self.ok.page_url, author_id))


_Reader = Callable[[Mapping[str, Any], _Group], Parsed]


def _reader_of(envelope: Mapping[str, Any]) -> _Reader | None:
    if "feed" in envelope:
        kind = envelope["feed"]
        return _FEED_READERS.get(kind) if isinstance(kind, str) else None
    return _read_chat if ok_events.sent_kind(envelope) == ok_events.MESSAGE_CREATED else None


def _read_chat(envelope: Mapping[str, Any], group: _Group) -> Parsed:
    event = ChatMessage.model_validate(envelope)
    if is_own(group.ok, event.sender.user_id):
        return SetAside(NothingToDo.OWN)
    chat_id, author = event.recipient.chat_id, group.author(event.sender.user_id, event.sender.name)
    return MessageArrived(
        Message(
            channel=group.channel,
            network=Network.OK,
            visibility=Visibility.DIRECT,
            external_id=_chat_message_id(chat_id, event.message.mid),
            author=author,
            text=event.message.text or "",
            link=ok_links.chat(group.ok.page_url, group.ok.group_id, chat_id),
            posted_at=_instant(event.timestamp),
            address=ok_address.write(ChatAddress(chat_id, author.external_id)),
            attachments=attachments_of(event.message.attachments),
            conversation=chat_id,
        )
    )


def _chat_message_id(chat_id: str, mid: str) -> str:
    """Unique over all chats: a `mid` that was seen begins with its chat's id."""
    chat, message = chat_id.removeprefix("chat:"), mid.removeprefix("mid:")
    return message if message.startswith(f"{chat}.") else f"{chat}.{message}"[:190]


def _read_comment(envelope: Mapping[str, Any], group: _Group) -> Parsed:
    event = CommentEvent.model_validate(envelope)
    comment = event.comment
    reference = comment.author_ref or comment.author_id
    if reference is None:
        return Unreadable("an author is expected", "comment.author_id")
    posted = posted_ms(envelope["comment"])
    if posted is None or posted >= _YEAR_2100_MS:
        return Unreadable("a date is expected", "comment.date_ms")
    if is_own(group.ok, reference) or is_own(group.ok, comment.author_id or reference):
        return SetAside(NothingToDo.OWN)
    ok, topic = group.ok, event.topic
    return MessageArrived(
        Message(
            channel=group.channel,
            network=Network.OK,
            visibility=Visibility.FEED,
            external_id=comment_key(topic.id, comment.id),
            author=group.author(reference, comment.author_name),
            text=comment.text or "",
            link=ok_links.comment(ok.page_url, ok.group_id, topic.id, comment.id),
            posted_at=_instant(posted),
            address=ok_address.write(CommentAddress(topic.id, comment.id)),
            attachments=attachments_of(comment.attachments),
            # OK's discussions are flat: what somebody writes below a topic is one talk.
            conversation=f"topic{topic.id}",
            surroundings=_surroundings(ok, topic, event.answered),
        )
    )


def _surroundings(ok: OkSettings, topic: Topic, answered: str) -> Surroundings:
    """The topic, and the comment that this one replies to where the poller saw it."""
    text = "\n\n".join(filter(None, (topic.text, answered)))
    return Surroundings(text, ok_links.topic(ok.page_url, ok.group_id, topic.id))


def _read_edited_comment(envelope: Mapping[str, Any], group: _Group) -> Parsed:
    parsed = _read_comment(envelope, group)
    return MessageEdited(parsed.message) if isinstance(parsed, MessageArrived) else parsed


def _read_restored_comment(envelope: Mapping[str, Any], group: _Group) -> Parsed:
    parsed = _read_comment(envelope, group)
    return MessageRestored(parsed.message) if isinstance(parsed, MessageArrived) else parsed


def _read_deleted_comment(envelope: Mapping[str, Any], _group: _Group) -> Parsed:
    """OK does not tell who deleted it."""
    deleted = DeletedCommentEvent.model_validate(envelope)
    external_id = comment_key(deleted.topic.id, deleted.comment_id)
    return MessageDeleted(MessageId(Network.OK, Visibility.FEED, external_id), "")


_FEED_READERS: Mapping[str, _Reader] = {
    ok_events.COMMENT_NEW: _read_comment,
    ok_events.COMMENT_EDIT: _read_edited_comment,
    ok_events.COMMENT_RESTORE: _read_restored_comment,
    ok_events.COMMENT_DELETE: _read_deleted_comment,
}


def _instant(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _unreadable(error: ValidationError) -> Unreadable:
    """The first mistake only, and without the value: it may be what a citizen wrote."""
    mistake = error.errors(include_url=False, include_context=False, include_input=False)[0]
    return Unreadable(mistake["msg"], ".".join(str(part) for part in mistake["loc"]))
