"""VK's events as the inbox keeps them, whether VK sent them or was asked for them."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any, TypeGuard

from bridge.ingest.port import Event

LONGEST_ID = 64
LONGEST_KIND = 64
_UNREADABLE = "unreadable"
"""The kind of what has none: it is kept, and parsing says what is wrong with it."""


def is_name(text: object, longest: int) -> TypeGuard[str]:
    """Whether it is a word that is safe in logs and keys."""
    if not isinstance(text, str):
        return False
    return 0 < len(text) <= longest and text.isascii() and text.isprintable()


def body_of(envelope: Any) -> bytes:
    """The event as JSON in ASCII: lone surrogates and null bytes stay escaped, stores accept it."""
    return json.dumps(envelope).encode("ascii")


def fingerprint(body: bytes) -> str:
    """What stands for an event's id where it has none: a repeated one repeats its body."""
    return f"sha256-{hashlib.sha256(body).hexdigest()[:40]}"


def event_of_update(update: Any) -> Event:
    """An update of the long poll; one that is not of VK's form is kept all the same."""
    body = body_of(update)
    fields = update if isinstance(update, dict) else {}
    kind, event_id = fields.get("type"), fields.get("event_id")
    return Event(
        event_id if is_name(event_id, LONGEST_ID) else fingerprint(body),
        kind if is_name(kind, LONGEST_KIND) else _UNREADABLE,
        body,
    )


def event_of_object(kind: str, group_id: int, name: str, contents: Mapping[str, Any]) -> Event:
    """An event for something that was found by looking, as VK would have told of it.

    `name` is what was found: the same each time that it is.
    """
    event_id = f"backfill-{name}"
    envelope = {"type": kind, "group_id": group_id, "event_id": event_id, "object": dict(contents)}
    return Event(event_id, kind, body_of(envelope))
