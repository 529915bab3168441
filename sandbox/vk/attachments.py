"""Attachments as parameters write them: `photo1_2,doc-3_4_key`."""

import re
from collections.abc import Sequence

from sandbox.vk.errors import bad_parameter
from sandbox.vk.files import Files
from sandbox.vk.model import JsonObject

_WRITTEN = re.compile(r"(photo|video|audio|doc)(-?\d+)_(\d+)(?:_(\w+))?")


def parse_attachments(
    written: Sequence[str], parameter: str, files: Files
) -> tuple[JsonObject, ...]:
    """The attachments as objects, those of this VK's files with their links.

    Raises error 100 when one is not of VK's form.
    """
    return tuple(_parse(one, parameter, files) for one in written)


def _parse(written: str, parameter: str, files: Files) -> JsonObject:
    match = _WRITTEN.fullmatch(written)
    if match is None:
        raise bad_parameter(f"{parameter} is invalid")
    kind, owner_id, item_id, access_key = match.groups()
    known = files.attachment(kind, int(owner_id), int(item_id))
    if known is not None:
        return known
    item: JsonObject = {"id": int(item_id), "owner_id": int(owner_id)}
    if access_key:
        item["access_key"] = access_key
    return {"type": kind, kind: item}
