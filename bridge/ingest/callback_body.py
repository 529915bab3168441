"""The body of a callback as a JSON object, or a refusal that repeats nothing of it."""

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from bridge.ingest.port import Refused


def json_object(body: bytes) -> Mapping[str, Any]:
    """Read a stranger's body strictly: UTF-8, JSON's own values only, an object.

    Raises `Refused` with 400.
    """
    try:
        contents = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError:
        raise Refused(400, "body is not UTF-8") from None
    except (ValueError, RecursionError):
        raise Refused(400, "body is not JSON") from None
    if not isinstance(contents, dict):
        raise Refused(400, "body is not a JSON object")
    return contents


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
