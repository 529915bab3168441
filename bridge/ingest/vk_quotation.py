"""What a private message forwards and replies to, as text that staff can read.

Forwarded messages are part of what the citizen says: they are routed and answered with it. The
message that it replies to is known to both sides and only makes it understood.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from bridge.ingest.storable import storable
from bridge.ingest.vk_attachments import attachments_of
from bridge.messages import Attachment, Surroundings

LONGEST_QUOTATION = 4000
"""Characters quoted in all."""
LONGEST_CONTEXT = 1000
"""Characters of a text that a message stands below."""
_MOST_MESSAGES = 50
_DEEPEST = 3
"""Forwarded within forwarded: VK's own pages show no more at once."""


def with_forwarded(text: str, forwarded: Any) -> str:
    """The text, and below it each forwarded message, quoted."""
    quotations = [_quoted(each) for each in _messages(forwarded) if _words(each).strip()]
    if not quotations:
        return text
    quoted = shortened("\n\n".join(quotations), LONGEST_QUOTATION)
    return f"{text}\n\n{quoted}" if text.strip() else quoted


def attachments_of_forwarded(forwarded: Any) -> tuple[Attachment, ...]:
    """The attachments of the forwarded messages, which are shown with the citizen's own."""
    return tuple(
        attachment
        for each in _messages(forwarded)
        for attachment in attachments_of(each.get("attachments"), each.get("geo"))
    )


def replied_to(message: Any) -> Surroundings | None:
    """What the message answers; None when that has no words."""
    if not isinstance(message, dict):
        return None
    text = with_forwarded(_words(message), message.get("fwd_messages"))
    return Surroundings(shortened(text, LONGEST_CONTEXT)) if text.strip() else None


def shortened(text: str, longest: int) -> str:
    """The beginning of a text that is too long, with an ellipsis."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _messages(forwarded: Any) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    for message in _each(forwarded, _DEEPEST):
        if len(found) == _MOST_MESSAGES:
            break
        found.append(message)
    return found


def _each(forwarded: Any, depth: int) -> Iterator[Mapping[str, Any]]:
    """In the order in which a reader sees them."""
    if depth == 0 or not isinstance(forwarded, list):
        return
    for message in forwarded:
        if isinstance(message, dict):
            yield message
            yield from _each(message.get("fwd_messages"), depth - 1)


def _quoted(message: Mapping[str, Any]) -> str:
    return f"Пересланное сообщение: «{_words(message)}»"


def _words(message: Mapping[str, Any]) -> str:
    text = message.get("text")
    return storable(text) if isinstance(text, str) else ""
