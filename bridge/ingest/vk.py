"""VK's events become messages, by whichever way they came.

https://dev.vk.com/ru/api/community-events/json-schema
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from bridge.channels import ChannelSettings
from bridge.ingest import vk_direct, vk_wall
from bridge.ingest.port import NothingToDo, Parsed, SetAside, Unreadable
from bridge.ingest.vk_items import ITEM_READERS
from bridge.ingest.vk_page import Page

_READERS: Mapping[str, Callable[[Any, Page], Parsed]] = {
    "wall_reply_new": vk_wall.read_comment,
    "wall_reply_edit": vk_wall.read_edited_comment,
    "wall_reply_delete": vk_wall.read_deleted_comment,
    "wall_reply_restore": vk_wall.read_restored_comment,
    "wall_post_new": vk_wall.read_post,
    "message_new": vk_direct.read_direct_message,
    "message_edit": vk_direct.read_edited_direct_message,
    **ITEM_READERS,
}


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
        return SetAside(NothingToDo.NOT_A_MESSAGE)
    try:
        return reader(envelope.get("object"), Page.of_channel(channel))
    except ValidationError as error:
        return _unreadable(error)


def _unreadable(error: ValidationError) -> Unreadable:
    """The first mistake only, and without the value: it may be what a citizen wrote."""
    mistake = error.errors(include_url=False, include_context=False, include_input=False)[0]
    where = ".".join(["object", *(str(part) for part in mistake["loc"])])
    return Unreadable(mistake["msg"], where)
