"""Attachments as parameters write them: `photo1_2,doc-3_4_key`."""

import re
from collections.abc import Sequence

from sandbox.vk.errors import bad_parameter
from sandbox.vk.model import JsonObject

_WRITTEN = re.compile(r"(photo|video|audio|doc)(-?\d+)_(\d+)(?:_(\w+))?")


def parse_attachments(written: Sequence[str], parameter: str) -> tuple[JsonObject, ...]:
    """The attachments as objects; error 100 when one is not of VK's form."""
    return tuple(_parse(one, parameter) for one in written)


def _parse(written: str, parameter: str) -> JsonObject:
    match = _WRITTEN.fullmatch(written)
    if match is None:
        raise bad_parameter(f"{parameter} is invalid")
    kind, owner_id, item_id, access_key = match.groups()
    item: JsonObject = {"id": int(item_id), "owner_id": int(owner_id)}
    if access_key:
        item["access_key"] = access_key
    return {"type": kind, kind: item}
