"""One step of a message's way."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

_LONGEST: Final = 300


@dataclass(frozen=True)
class Step:
    """What happened when. `at` is UTC; `tone` as in `badge`, or empty; `event` is of the inbox."""

    at: datetime
    title: str
    details: tuple[str, ...] = ()
    tone: str = ""
    is_main: bool = False
    link: str = ""
    event: int | None = None


def quoted(text: str) -> str:
    """The text between quotation marks, its beginning where it is long."""
    shown = text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"
    return f"«{shown}»"
