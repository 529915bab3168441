"""The body of a callback as a JSON object, or a refusal that repeats nothing of it."""

from collections.abc import Mapping
from typing import Any

from bridge.ingest.port import Refused
from bridge.strict_json import NotJson, strict_json


def json_object(body: bytes) -> Mapping[str, Any]:
    """Read a stranger's body strictly: UTF-8, JSON's own values only, an object.

    Raises `Refused` with 400.
    """
    try:
        contents = strict_json(body.decode("utf-8"))
    except UnicodeDecodeError:
        raise Refused(400, "body is not UTF-8") from None
    except NotJson as error:
        raise Refused(400, str(error)) from None
    if not isinstance(contents, dict):
        raise Refused(400, "body is not a JSON object")
    return contents
