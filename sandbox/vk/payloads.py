"""The world's things as VK's JSON objects (wall_comment, wallpost, message of the schema)."""

from collections.abc import Sequence
from datetime import datetime

from sandbox.vk.model import (
    Comment,
    Community,
    ItemComment,
    ItemKind,
    JsonObject,
    Post,
    PrivateMessage,
    User,
)

CLIENT_INFO: JsonObject = {
    "button_actions": ["text", "callback", "open_link"],
    "keyboard": True,
    "inline_keyboard": True,
    "carousel": False,
    "lang_id": 0,
}


def unixtime(moment: datetime) -> int:
    """Seconds since 1970, as all dates of VK."""
    return int(moment.timestamp())


def comment_object(comment: Comment) -> JsonObject:
    """A comment without its thread, which differs between events and answers."""
    fields: JsonObject = {
        "id": comment.id,
        "from_id": comment.from_id,
        "date": unixtime(comment.date),
        "text": comment.text,
        "post_id": comment.post_id,
        "owner_id": comment.owner_id,
        "parents_stack": list(comment.parents_stack),
    }
    if comment.reply_to_user is not None:
        fields["reply_to_user"] = comment.reply_to_user
    if comment.reply_to_comment is not None:
        fields["reply_to_comment"] = comment.reply_to_comment
    if comment.attachments:
        fields["attachments"] = list(comment.attachments)
    if comment.deleted:
        fields |= {"deleted": True, "text": "", "from_id": 0}
    return fields


def comment_event(comment: Comment, replies: int) -> JsonObject:
    """The object of wall_reply_new, _edit and _restore."""
    return comment_object(comment) | {
        "thread": {"count": replies},
        "post_owner_id": comment.owner_id,
    }


def comment_deleted_event(comment: Comment, deleter_id: int) -> JsonObject:
    """The object of wall_reply_delete."""
    return {
        "owner_id": comment.owner_id,
        "id": comment.id,
        "deleter_id": deleter_id,
        "post_id": comment.post_id,
    }


_ITEM_FIELDS = {
    ItemKind.PHOTO: ("photo_owner_id", "photo_id"),
    ItemKind.VIDEO: ("video_owner_id", "video_id"),
    ItemKind.MARKET: ("market_owner_id", "item_id"),
    ItemKind.TOPIC: ("topic_owner_id", "topic_id"),
}
"""How an event names the thing that was commented on: its owner, and its id."""


def item_comment_object(comment: ItemComment) -> JsonObject:
    """A comment below an item, as the methods list it."""
    fields: JsonObject = {
        "id": comment.id,
        "from_id": comment.from_id,
        "date": unixtime(comment.date),
        "text": comment.text,
    }
    if comment.item.kind is not ItemKind.TOPIC:
        fields["parents_stack"] = []
    if comment.reply_to_comment is not None:
        fields["reply_to_comment"] = comment.reply_to_comment
    if comment.attachments:
        fields["attachments"] = list(comment.attachments)
    return fields


def item_comment_event(comment: ItemComment) -> JsonObject:
    """The object of `photo_comment_new` and its like."""
    owner, item = _ITEM_FIELDS[comment.item.kind]
    named = {owner: comment.item.owner_id, item: comment.item.id}
    return item_comment_object(comment) | named


def item_comment_deleted_event(comment: ItemComment, deleter_id: int) -> JsonObject:
    """The object of `photo_comment_delete` and its like; discussions do not tell who deleted."""
    owner, item = _ITEM_FIELDS[comment.item.kind]
    if comment.item.kind is ItemKind.TOPIC:
        return {owner: comment.item.owner_id, item: comment.item.id, "id": comment.id}
    return {
        "owner_id": comment.item.owner_id,
        "id": comment.id,
        "user_id": comment.from_id,
        "deleter_id": deleter_id,
        item: comment.item.id,
    }


def post_object(post: Post, comments: int) -> JsonObject:
    """A post with the number of its comments."""
    fields: JsonObject = {
        "id": post.id,
        "from_id": post.from_id,
        "owner_id": post.owner_id,
        "date": unixtime(post.date),
        "text": post.text,
        "post_type": post.post_type,
        "attachments": list(post.attachments),
        "comments": {"count": comments, "can_post": int(not post.comment_rules.closed)},
        "marked_as_ads": 0,
    }
    if post.signer_id is not None:
        fields["signer_id"] = post.signer_id
    return fields


def message_object(message: PrivateMessage) -> JsonObject:
    """A private message; also the whole object of message_reply."""
    fields: JsonObject = {
        "date": unixtime(message.date),
        "from_id": message.from_id,
        "id": message.id,
        "version": 10_000_000 + message.id,
        "out": int(message.out),
        "fwd_messages": [],
        "important": False,
        "is_hidden": False,
        "attachments": list(message.attachments),
        "conversation_message_id": message.conversation_message_id,
        "text": message.text,
        "peer_id": message.peer_id,
        "random_id": message.random_id,
    }
    if message.admin_author_id is not None:
        fields["admin_author_id"] = message.admin_author_id
    return fields | message.extra


_SHOWN_OF_CROPPED = 40
"""Characters of a shortened message; how much VK leaves is not documented."""


def message_event(message: PrivateMessage) -> JsonObject:
    """The `message` of message_new, shortened where VK would."""
    fields = message_object(message)
    if not message.cropped:
        return fields
    shown = {"text": message.text[:_SHOWN_OF_CROPPED], "fwd_messages": [], "is_cropped": True}
    return fields | shown


def conversation_object(messages: Sequence[PrivateMessage]) -> JsonObject:
    """A dialog with its newest message, as messages.getConversations lists it."""
    last = messages[-1]
    peer = {"id": last.peer_id, "type": "user", "local_id": last.peer_id}
    conversation = {
        "peer": peer,
        "last_message_id": last.id,
        "last_conversation_message_id": last.conversation_message_id,
        "can_write": {"allowed": True},
    }
    return {"conversation": conversation, "last_message": message_object(last)}


def user_object(user: User) -> JsonObject:
    """A person as users.get and `profiles` show them."""
    return {
        "id": user.id,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "can_access_closed": True,
        "is_closed": False,
    }


def community_object(community: Community) -> JsonObject:
    """A community as groups.getById and `groups` show it."""
    return {
        "id": community.id,
        "name": community.name,
        "screen_name": community.screen_name,
        "is_closed": 0,
        "type": "page",
    }


def listed(items: Sequence[JsonObject]) -> JsonObject:
    """VK's usual `{count, items}`."""
    return {"count": len(items), "items": list(items)}
