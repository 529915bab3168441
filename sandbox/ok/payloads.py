"""A comment as OK's API writes it."""

from zoneinfo import ZoneInfo

from sandbox.ok.model import Comment, JsonObject
from sandbox.ok.world import OkWorld

MOSCOW = ZoneInfo("Europe/Moscow")
"""Of `date`, as the documentation's sample shows."""


def comment_object(world: OkWorld, comment: Comment, *, extended: bool) -> JsonObject:
    """The comment; `extended` with what the parameter `fields` asks for."""
    shown: JsonObject = {
        "id": comment.id,
        "author_id": str(comment.author_id),
        "text": comment.text,
        "date": comment.date.astimezone(MOSCOW).strftime("%Y-%m-%d %H:%M:%S"),
        "type": "ACTIVE_MESSAGE",
        "like_count": 0,
        "liked_it": False,
        "attrs": {"flags": "l,s"},
    }
    if comment.reply_to:
        shown["reply_to_comment_id"] = comment.reply_to
    if extended:
        kind = "group" if comment.author_id in world.groups else "user"
        shown |= {
            "author_name": world.name_of(comment.author_id),
            "author_ref": f"{kind}:{comment.author_id}",
            "date_ms": int(comment.date.timestamp() * 1000),
        }
    return shown
