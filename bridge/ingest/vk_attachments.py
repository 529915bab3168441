"""Attachments of VK messages. One that cannot be read never costs the message."""

from collections.abc import Iterable, Mapping
from typing import Any

from bridge.ingest.storable import storable
from bridge.messages import Attachment

_LONGEST = 2000
"""Characters of an address or title: far above real ones."""

_TITLES = {"poll": "question", "wall": "text", "wall_reply": "text"}
"""Where the title is, of kinds that have none under `title`."""

_LONGEST_QUOTATION = 100
"""Characters of a post's text that stand for its title."""


def attachments_of(items: Any, geo: Any = None) -> tuple[Attachment, ...]:
    """Every attachment with its kind, and with an address and title where there is one.

    `geo` is the place that a message names, which VK tells beside its attachments.
    """
    listed = items if isinstance(items, list) else []
    attached = tuple(_attachment(item) for item in listed if isinstance(item, dict))
    return attached + tuple(_places(geo))


def _attachment(item: Mapping[str, Any]) -> Attachment:
    kind = _text(item, "type") or "unknown"
    body = item.get(kind)
    if not isinstance(body, dict):
        return Attachment(kind, "")
    return Attachment(kind, _address(kind, body), _title(kind, body))


def _title(kind: str, body: Mapping[str, Any]) -> str:
    title = _text(body, _TITLES.get(kind, "title"))
    if kind in ("wall", "wall_reply") and len(title) > _LONGEST_QUOTATION:
        return title[: _LONGEST_QUOTATION - 1] + "…"
    return title


def _address(kind: str, body: Mapping[str, Any]) -> str:
    match kind:
        case "photo":
            return _largest(body.get("sizes"))
        case "sticker":
            return _largest(body.get("images"))
        case "video" | "wall" | "market" | "poll" | "story":
            return _page(kind, body)
        case "wall_reply":
            return _comment_page(body)
        case _:
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
    """In messages a post names its owner `to_id` or `from_id` at times."""
    owners = (body.get(key) for key in ("owner_id", "to_id", "from_id"))
    owner_id = next((owner for owner in owners if isinstance(owner, int)), None)
    item_id = body.get("id")
    if owner_id is None or not isinstance(item_id, int):
        return ""
    return f"https://vk.com/{name}{owner_id}_{item_id}"


def _comment_page(body: Mapping[str, Any]) -> str:
    numbers = [body.get(key) for key in ("owner_id", "post_id", "id")]
    if not all(isinstance(number, int) for number in numbers):
        return ""
    owner_id, post_id, comment_id = numbers
    return f"https://vk.com/wall{owner_id}_{post_id}?reply={comment_id}"


def _places(geo: Any) -> Iterable[Attachment]:
    """The place on a map: messages tell the coordinates apart, posts in one text."""
    if not isinstance(geo, dict):
        return
    point = _point(geo.get("coordinates"))
    place = geo.get("place")
    name = _text(place, "title") if isinstance(place, dict) else ""
    if point is None:
        if name:
            yield Attachment("geo", "", name)
        return
    latitude, longitude = point
    where = f"{latitude:.6f}, {longitude:.6f}"
    address = f"https://yandex.ru/maps/?pt={longitude:.6f},{latitude:.6f}&z=17&l=map"
    yield Attachment("geo", address, f"{name} ({where})" if name else where)


def _point(coordinates: Any) -> tuple[float, float] | None:
    if isinstance(coordinates, dict):
        parts = [coordinates.get("latitude"), coordinates.get("longitude")]
    elif isinstance(coordinates, str):
        parts = list(coordinates.split())
    else:
        return None
    try:
        latitude, longitude = (float(part) for part in parts if part is not None)
    except (TypeError, ValueError, OverflowError):
        return None
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _web_address(body: Mapping[str, Any], key: str) -> str:
    """Only http(s): the address is shown to staff as a link."""
    address = _text(body, key)
    return address if address.startswith(("https://", "http://")) else ""


def _text(body: Mapping[str, Any], key: str) -> str:
    value = body.get(key)
    return storable(value)[:_LONGEST] if isinstance(value, str) else ""
