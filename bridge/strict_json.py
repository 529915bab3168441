"""JSON from outside, read strictly: only what can be written down again as the same JSON."""

import json
import math
from collections.abc import Iterable
from typing import Any, Final, NoReturn

DEEPEST: Final = 300
"""Levels of nesting: what is far deeper could be read but not written down again. VK nests
forwarded messages 45 deep, with a list and an object for each."""


class NotJson(ValueError):
    """The text is not such JSON. Its own text is English and repeats nothing of it."""


def strict_json(text: str) -> Any:
    """The value: no `NaN`, no number beyond a float's or 4300 digits, no endless nesting.

    Of a key that stands twice the last one counts, here and for whoever reads it again. Raises
    `NotJson`.
    """
    try:
        value = json.loads(text, parse_constant=_refuse_constant, parse_float=_finite)
    except (ValueError, RecursionError):
        raise NotJson("body is not JSON") from None
    if not _is_shallow(value):
        raise NotJson(f"body is nested more than {DEEPEST} levels")
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _finite(digits: str) -> float:
    """`1e999` would be written down as `Infinity`, which is not JSON."""
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("a number is too large")
    return number


def _is_shallow(document: Any) -> bool:
    level = [document]
    for _ in range(DEEPEST):
        level = [child for each in level for child in _children(each)]
        if not level:
            return True
    return False


def _children(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
