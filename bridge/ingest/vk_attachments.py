"""Attachments of VK messages. One that cannot be read never costs the message."""

from collections.abc import Iterable, Mapping
from typing import Any

from bridge.ingest.storable import storable
from bridge.messages import Attachment

_LONGEST = 2000
"""Characters of an address or title: far above real ones."""


def attachments_of(items: Iterable[Any]) -> tuple[Attachment, ...]:
    """Every attachment with its kind, and with an address and title where there is one."""
    return tuple(_attachment(item) for item in items if isinstance(item, dict))


def _attachment(item: Mapping[str, Any]) -> Attachment:
    kind = _text(item, "type") or "unknown"
    body = item.get(kind)
    if not isinstance(body, dict):
        return Attachment(kind, "")
    return Attachment(kind, _address(kind, body), _text(body, "title"))


def _address(kind: str, body: Mapping[str, Any]) -> str:
    if kind == "photo":
        return _largest(body.get("sizes"))
    if kind == "sticker":
        return _largest(body.get("images"))
    if kind == "video":
        return _page("video", body)
    if kind == "wall":
        return _page("wall", body)
    return _web_address(body, "url") or _web_address(body, "link_mp3")


def _largest(sizes: Any) -> str:
    """The address of the picture with most pixels; sizes of old photos lack measures."""
    pictures = [size for size in sizes if isinstance(size, dict)] if isinstance(sizes, list) else []
    pictures = [picture for picture in pictures if _web_address(picture, "url")]
    return _web_address(max(pictures, key=_pixels), "url") if pictures else ""


def _pixels(picture: Mapping[str, Any]) -> int:
    width, height = picture.get("width"), picture.get("height")
    return width * height if isinstance(width, int) and isinstance(height, int) else 0


def _page(name: str, body: Mapping[str, Any]) -> str:
    owner_id, item_id = body.get("owner_id"), body.get("id")
    if not isinstance(owner_id, int) or not isinstance(item_id, int):
        return ""
    return f"https://vk.com/{name}{owner_id}_{item_id}"


def _web_address(body: Mapping[str, Any], key: str) -> str:
    """Only http(s): the address is shown to staff as a link."""
    address = _text(body, key)
    return address if address.startswith(("https://", "http://")) else ""


def _text(body: Mapping[str, Any], key: str) -> str:
    value = body.get(key)
    return storable(value)[:_LONGEST] if isinstance(value, str) else ""
