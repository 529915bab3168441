"""Looks whether an answer is visible in OK, when a call's outcome is not known.

https://apiok.ru/en/dev/methods/rest/discussions/discussions.getComments,
https://apiok.ru/en/dev/methods/graph/graph.user.messages/graph.user.messages-get
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from bridge.messages import Placed
from bridge.networks import ok_links
from bridge.networks.ok_address import ChatAddress, CommentAddress, comment_key
from bridge.networks.ok_api import OkFailure, OkGraph, OkRestClient
from bridge.networks.ok_discussions import PAGE, is_there, pages, posted_ms
from bridge.networks.ok_group import author_of, is_own
from bridge.networks.ok_settings import OkSettings
from bridge.publish.ok_errors import looking_failed
from bridge.publish.port import CannotLook
from bridge.publish.sameness import same_text

CLOCK_TOLERANCE = timedelta(minutes=2)
"""How far OK's clock and ours may differ."""

LONGEST_LOOK = 50
"""Pages read at most, newest first; an answer deeper than that is for a person to find."""

Item = Mapping[str, Any]


class OkLookup:
    """Reads chats as the group's bot, and discussions in the session of its administrator."""

    def __init__(self, ok: OkSettings, graph: OkGraph, rest: OkRestClient | None) -> None:
        self._ok = ok
        self._graph = graph
        self._rest = rest

    def comment(self, address: CommentAddress, text: str, since: datetime) -> Placed | None:
        """The group's comment with this text, answering there, not older than `since`.

        Raises `CannotLook` or `PublishError`.
        """
        for item in self._comments(address.topic_id, _ms(since)):
            if self._is_answer(item, address) and _says(item, text):
                return placed_comment(self._ok, address, item["id"])
        return None

    def message(self, address: ChatAddress, text: str, since: datetime) -> Placed | None:
        """The group's message with this text, not older than `since`.

        Raises `CannotLook` or `PublishError`.
        """
        for item in self._messages(address.chat_id, _ms(since)):
            if _sender(item) != address.user_id and _says(_part(item, "message"), text):
                return placed_message(self._ok, address, _part(item, "message").get("mid"))
        return None

    def _comments(self, topic_id: str, since: int) -> Iterator[Item]:
        if self._rest is None:
            raise CannotLook("no section ok.rest: comments cannot be read")
        try:
            for number, page in enumerate(pages(self._rest, topic_id)):
                _require_patience(number)
                items = [item for item in page.comments if _is_comment(item)]
                yield from (item for item in items if (posted_ms(item) or since) >= since)
                if any((posted_ms(item) or since) < since for item in items):
                    return
        except OkFailure as failure:
            raise looking_failed(failure) from failure

    def _messages(self, chat_id: str, since: int) -> Iterator[Item]:
        """Messages page by page, each page ending where the one before it began."""
        newest: dict[str, int] = {}
        for number in range(LONGEST_LOOK + 1):
            _require_patience(number)
            page = self._message_page(chat_id, since, newest)
            yield from page
            times = [time for item in page if (time := _time(item)) is not None]
            if len(page) < PAGE or not times or min(times) == newest.get("from"):
                return
            newest = {"from": min(times)}

    def _message_page(self, chat_id: str, since: int, newest: Mapping[str, int]) -> list[Item]:
        try:
            answer = self._graph.get(f"me/messages/{chat_id}", **newest, to=since, count=PAGE)
        except OkFailure as failure:
            raise looking_failed(failure) from failure
        messages = answer.get("messages") if isinstance(answer, dict) else None
        if not isinstance(messages, list):
            raise CannotLook("OK's list of messages is not readable")
        items = [item for item in messages if isinstance(item, dict)]
        return [item for item in items if (_time(item) or since) >= since]

    def _is_answer(self, item: Item, address: CommentAddress) -> bool:
        """OK may leave out what a comment answers; within the topic that is no objection."""
        answered = item.get("reply_to_comment_id")
        author = item.get("author_id")
        return (
            isinstance(author, str)
            and is_own(self._ok, author)
            and answered in (None, "", address.comment_id)
        )


def placed_comment(ok: OkSettings, address: CommentAddress, comment_id: str) -> Placed:
    """A comment of ours as seen by people."""
    link = ok_links.comment(ok.page_url, ok.group_id, address.topic_id, comment_id)
    return Placed(comment_key(address.topic_id, comment_id), link)


def placed_message(ok: OkSettings, address: ChatAddress, mid: Any) -> Placed:
    """A direct message of ours. Where OK does not tell its id, the chat's stands for it."""
    link = ok_links.chat(ok.page_url, ok.group_id, address.chat_id)
    return Placed(mid if isinstance(mid, str) and mid else address.chat_id, link)


def _require_patience(page: int) -> None:
    if page >= LONGEST_LOOK:
        raise CannotLook(f"not among the newest {LONGEST_LOOK * PAGE} items")


def _is_comment(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("id"), str) and is_there(item)


def _part(item: Item, name: str) -> Item:
    part = item.get(name)
    return part if isinstance(part, dict) else {}


def _sender(item: Item) -> str:
    user_id = _part(item, "sender").get("user_id")
    return author_of(user_id) if isinstance(user_id, str) else ""


def _time(item: Item) -> int | None:
    time = item.get("timestamp")
    return time if isinstance(time, int) and not isinstance(time, bool) else None


def _ms(since: datetime) -> int:
    return int((since - CLOCK_TOLERANCE).timestamp() * 1000)


def _says(item: Item, text: str) -> bool:
    seen = item.get("text")
    return isinstance(seen, str) and same_text(seen, text)
