"""Events of OK as the inbox keeps them: those that OK sends, and those the comments are made into.

OK sends chats' events only. What happens in the feed is found by reading it again and again, and
told as `comment_new`, `comment_edit`, `comment_delete`, `comment_restore`. Their ids are made of
what they tell, so a look that is taken twice tells the same events.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from bridge.ingest.port import Event
from bridge.networks.ok_discussions import Comment

MESSAGE_CREATED = "MESSAGE_CREATED"
COMMENT_NEW = "comment_new"
COMMENT_EDIT = "comment_edit"
COMMENT_DELETE = "comment_delete"
COMMENT_RESTORE = "comment_restore"

_UNKNOWN = "UNKNOWN"
_LONGEST_ID = 128
_LONGEST_KIND = 64


def sent_event(envelope: Mapping[str, Any]) -> Event:
    """An event that OK sent, by webhook or in a long poll.

    A new message is known again by its `mid`, everything else by what it says: a button's press
    names the message that the button stands on.
    """
    kind = sent_kind(envelope)
    body = _ascii(envelope)
    mid = _mid(envelope) if kind == MESSAGE_CREATED else ""
    return Event(mid or _digest("sent", body), kind, body)


def sent_kind(envelope: Mapping[str, Any]) -> str:
    """`webhookType` where OK tells it; a message may come without."""
    told = envelope.get("webhookType")
    if isinstance(told, str) and _is_name(told, _LONGEST_KIND):
        return told
    return MESSAGE_CREATED if told is None and "message" in envelope else _UNKNOWN


def comment_event(
    kind: str, topic: Mapping[str, str], comment: Comment, answered: str, revision: int
) -> Event:
    """A comment that is new, changed or there again; `revision` counts what happened to it."""
    body = _ascii({"feed": kind, "topic": topic, "comment": comment, "answered": answered})
    return Event(_event_id(kind, str(comment.get("id")), revision), kind, body)


def deletion_event(topic: Mapping[str, str], comment_id: str, revision: int) -> Event:
    """A comment that is gone."""
    body = _ascii({"feed": COMMENT_DELETE, "topic": topic, "comment_id": comment_id})
    return Event(_event_id(COMMENT_DELETE, comment_id, revision), COMMENT_DELETE, body)


def odd_event(topic: Mapping[str, str], comment: Any) -> Event:
    """Something in a discussion that is no comment, or has no id: kept for a person."""
    body = _ascii({"feed": COMMENT_NEW, "topic": topic, "comment": comment})
    return Event(_digest("odd", body), COMMENT_NEW, body)


def fingerprint(comment: Comment) -> str:
    """What an edit changes: the text, and which attachments there are (their links expire)."""
    attachments = comment.get("attachments")
    kinds = [
        item.get("type") if isinstance(item, dict) else ""
        for item in (attachments if isinstance(attachments, list) else [])
    ]
    return hashlib.sha256(_ascii([comment.get("text"), kinds])).hexdigest()[:16]


def _event_id(kind: str, comment_id: str, revision: int) -> str:
    written = f"{kind}:{revision}:{comment_id}"
    return written if _is_name(written, _LONGEST_ID) else _digest(kind, written.encode())


def _mid(envelope: Mapping[str, Any]) -> str:
    message = envelope.get("message")
    mid = message.get("mid") if isinstance(message, dict) else None
    return mid if isinstance(mid, str) and _is_name(mid, _LONGEST_ID) else ""


def _digest(prefix: str, contents: bytes) -> str:
    return f"{prefix}:sha256-{hashlib.sha256(contents).hexdigest()[:40]}"


def _is_name(text: str, longest: int) -> bool:
    return 0 < len(text) <= longest and text.isascii() and text.isprintable()


def _ascii(value: Any) -> bytes:
    """JSON in ASCII: lone surrogates and null bytes stay escaped, every store accepts it."""
    return json.dumps(value).encode("ascii")
