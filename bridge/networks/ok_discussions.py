"""A discussion of OK, read page by page from its newest comment back.

https://apiok.ru/en/dev/methods/rest/discussions/discussions.getComments
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from bridge.networks.ok_api import UNREADABLE, OkNoAnswer

GROUP_TOPIC = "GROUP_TOPIC"
NEWEST = "LAST"
PAGE = 100
FIELDS = "comment.AUTHOR_NAME,comment.AUTHOR_REF,comment.REPLY_TO_NAME,comment.DATE"

MOSCOW = ZoneInfo("Europe/Moscow")
"""OK does not say in which zone `date` is. The documentation's sample has an id that holds the
milliseconds of the same instant, and by it `date` is Moscow's time."""

_GET_COMMENTS = "discussions.getComments"

Comment = Mapping[str, Any]


class Caller(Protocol):
    """Calls methods of the REST API."""

    def call(self, method: str, **parameters: str | int) -> Any:
        """The method's answer. Raises `OkFailure`."""


@dataclass(frozen=True)
class Page:
    """Comments in no particular order. `older` is the anchor of what lies before; empty: none."""

    comments: tuple[Any, ...]
    older: str


def read_page(caller: Caller, topic_id: str, anchor: str) -> Page:
    """The comments before `anchor`. Raises `OkFailure`; reading marks nothing as read."""
    answer = caller.call(
        _GET_COMMENTS,
        discussionId=topic_id,
        discussionType=GROUP_TOPIC,
        anchor=anchor,
        direction="BACKWARD",
        count=PAGE,
        fields=FIELDS,
        mark_as_read="false",
    )
    if not isinstance(answer, dict):
        raise OkNoAnswer(_GET_COMMENTS, UNREADABLE)
    comments = answer.get("comments") or []
    if not isinstance(comments, list):
        raise OkNoAnswer(_GET_COMMENTS, UNREADABLE)
    return Page(tuple(comments), _older(answer, anchor) if comments else "")


def _older(answer: Mapping[str, Any], anchor: str) -> str:
    """The anchor to go on from. One that repeats leads nowhere."""
    older = answer.get("anchor")
    goes_on = answer.get("has_more") is True and isinstance(older, str)
    return str(older) if goes_on and older != anchor else ""


def pages(caller: Caller, topic_id: str) -> Iterator[Page]:
    """All pages from the newest back, as long as somebody asks for more. Raises `OkFailure`."""
    anchor = NEWEST
    while anchor:
        page = read_page(caller, topic_id, anchor)
        yield page
        anchor = page.older


def posted_ms(comment: Comment) -> int | None:
    """When a comment was posted, in milliseconds since 1970; None when it does not tell."""
    exact = comment.get("date_ms")
    if isinstance(exact, str) and exact.isdecimal() and len(exact) < 20:
        exact = int(exact)
    if isinstance(exact, int) and not isinstance(exact, bool) and exact > 0:
        return exact
    return _from_text(comment.get("date"))


def is_there(comment: Comment) -> bool:
    """Whether it is shown: OK may give removed ones too, marked by their type."""
    kind = comment.get("type")
    return not (isinstance(kind, str) and ("REMOVED" in kind or "DELETED" in kind))


def _from_text(date: Any) -> int | None:
    if not isinstance(date, str):
        return None
    try:
        local = datetime.strptime(date, "%Y-%m-%d %H:%M:%S").replace(tzinfo=MOSCOW)
        return int(local.astimezone(UTC).timestamp() * 1000)
    except (ValueError, OverflowError):
        return None
