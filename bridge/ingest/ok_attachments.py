"""Attachments of OK's messages and comments. One that cannot be read never costs the message."""

from collections.abc import Mapping
from typing import Any

from bridge.ingest.storable import storable
from bridge.messages import Attachment

KINDS = {
    "IMAGE": "photo",
    "PHOTO": "photo",
    "VIDEO": "video",
    "AUDIO": "audio_message",
    "MUSIC": "audio",
    "FILE": "doc",
    "SHARE": "link",
    "LINK": "link",
}
"""OK's types as the bridge calls them; others keep their own name in small letters."""

_LONGEST = 2000
"""Characters of an address or title: far above real ones."""
_LONGEST_KIND = 40
_ADDRESSES = ("url", "photo_url", "link", "src")
_TITLES = ("title", "name", "filename")


def attachments_of(items: Any) -> tuple[Attachment, ...]:
    """Every attachment with its kind, and with an address and title where there is one."""
    listed = items if isinstance(items, list) else []
    return tuple(_attachment(item) for item in listed if isinstance(item, dict))


def _attachment(item: Mapping[str, Any]) -> Attachment:
    written = _text(item, "type")
    kind = KINDS.get(written.upper(), written.lower()[:_LONGEST_KIND] or "unknown")
    payload = item.get("payload")
    sources = [payload, item] if isinstance(payload, dict) else [item]
    return Attachment(
        kind, _first(sources, _ADDRESSES, _web_address), _first(sources, _TITLES, _text)
    )


def _first(sources: list[Any], names: tuple[str, ...], read: Any) -> str:
    found = (read(source, name) for source in sources for name in names)
    return next(filter(None, found), "")


def _web_address(body: Mapping[str, Any], key: str) -> str:
    """Only http(s): the address is shown to staff as a link."""
    address = _text(body, key)
    return address if address.startswith(("https://", "http://")) else ""


def _text(body: Mapping[str, Any], key: str) -> str:
    value = body.get(key)
    return storable(value)[:_LONGEST] if isinstance(value, str) else ""
