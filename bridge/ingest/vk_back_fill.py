"""Finds what VK did not tell of: comments, posts and messages since the last look.

A source can go silent without an error. Each poller here makes one call at a look and keeps in its
state which calls are still to be made, so that a look is short and one that is cut short is taken
again. The first look only remembers where it is: what was there before the bridge is not taken in.

https://dev.vk.com/ru/method/wall.get, https://dev.vk.com/ru/method/messages.getConversations
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from bridge.ingest.port import Event, Polled
from bridge.ingest.vk_direct import FIRST_CHAT_PEER
from bridge.ingest.vk_event import event_of_object
from bridge.ingest.vk_poll_failures import UNREADABLE, no_answer, poll_failed
from bridge.networks.vk_api import VkClient, VkError, VkFailure

PAUSE: Final = timedelta(minutes=10)
OVERLAP: Final = 3600
"""Seconds by which a look reads over what an earlier one has seen: what was written while that one
went through its pages is not missed. What is found twice has the same name."""

POSTS: Final = 100
COMMENTS: Final = 100
SHOWN_OF_THREAD: Final = 10
CONVERSATIONS: Final = 200
MESSAGES: Final = 200
DEEPEST: Final = 5_000
"""Items of one list read at most."""

_GONE = frozenset({15, 18, 30, 100, 104, 203, 210, 211, 212, 213, 917, 936})
"""Codes that say of one post or dialog that nobody may read it, or that it is not there."""

Step = tuple[str | int, ...]
"""A call to be made: what to read, of what, from which item on."""


@dataclass(frozen=True)
class Progress:
    """How far a poller has come. Instants are VK's, in seconds since 1970.

    `since` is the newest instant that earlier rounds saw, `newest` that of this round; `counts` are
    the numbers of comments by post; `todo` are the calls left of this round.
    """

    since: int | None = None
    newest: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    todo: tuple[Step, ...] = ()

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> "Progress":
        """From what was kept; a state of another form begins anew."""
        try:
            return _PROGRESS.validate_python(dict(state))
        except ValidationError:
            return cls()

    def is_news(self, item: Mapping[str, Any]) -> bool:
        """Whether the item may be one that nobody told of."""
        return self.since is not None and _date(item) > self.since - OVERLAP

    def seen(self, items: Sequence[Mapping[str, Any]]) -> "Progress":
        """With the instants of these items."""
        return replace(self, newest=max([self.newest, *(_date(item) for item in items)]))

    def looked(self, events: Sequence[Event]) -> Polled:
        """The end of a look; with nothing left to do, that of the round."""
        ended = self if self.todo else replace(self, since=self.newest)
        return Polled(tuple(events), asdict(ended), more=bool(self.todo))


_PROGRESS = TypeAdapter(Progress)


class VkFeedBackFill:
    """The wall of a community, read with a token that may: posts of citizens, and comments.

    A post is read through when its number of comments is another than before. Posts older than the
    newest hundred are not looked at.
    """

    name = "back-fill-feed"
    pause = PAUSE

    def __init__(self, group_id: int, reader: VkClient) -> None:
        self._group_id = group_id
        self._reader = reader

    def poll(self, state: Mapping[str, Any]) -> Polled:
        """Make one call. Raises `PollFailed`."""
        progress = Progress.of(state)
        match progress.todo:
            case (("comments", int(post_id), int(offset)), *rest):
                return self._comments(replace(progress, todo=tuple(rest)), post_id, offset)
            case (("thread", int(post_id), int(comment_id)), *rest):
                return self._thread(replace(progress, todo=tuple(rest)), post_id, comment_id)
            case _:
                return self._posts(replace(progress, todo=()))

    def _posts(self, progress: Progress) -> Polled:
        answer = _call(self._reader, "wall.get", owner_id=-self._group_id, count=POSTS)
        posts = _items(answer)
        counts = {str(post["id"]): _number(post.get("comments"), "count") for post in posts}
        changed = _changed(progress.counts, counts) if progress.since is not None else ()
        todo = tuple(("comments", post_id, 0) for post_id in changed)
        now = replace(progress.seen(posts), counts=counts, todo=todo)
        events = [self._post(post) for post in posts if self._is_citizens_news(post, progress)]
        return now.looked(events)

    def _comments(self, progress: Progress, post_id: int, offset: int) -> Polled:
        answer = _call_unless_gone(
            self._reader,
            "wall.getComments",
            owner_id=-self._group_id,
            post_id=post_id,
            sort="desc",
            count=COMMENTS,
            offset=offset,
            preview_length=0,
            thread_items_count=SHOWN_OF_THREAD,
        )
        comments = _items(answer)
        todo = [("thread", post_id, each["id"]) for each in comments if _is_cut_off(each)]
        following = offset + COMMENTS
        if following < min(_number(answer, "current_level_count"), DEEPEST):
            todo.append(("comments", post_id, following))
        everything = [*comments, *(reply for each in comments for reply in _shown_thread(each))]
        return self._told(replace(progress, todo=(*todo, *progress.todo)), post_id, everything)

    def _thread(self, progress: Progress, post_id: int, comment_id: int) -> Polled:
        answer = _call_unless_gone(
            self._reader,
            "wall.getComments",
            owner_id=-self._group_id,
            post_id=post_id,
            comment_id=comment_id,
            sort="desc",
            count=COMMENTS,
            preview_length=0,
        )
        return self._told(progress, post_id, _items(answer))

    def _told(
        self, progress: Progress, post_id: int, comments: Sequence[Mapping[str, Any]]
    ) -> Polled:
        events = [
            self._comment(post_id, comment)
            for comment in comments
            if self._is_citizens_news(comment, progress) and not comment.get("deleted")
        ]
        return progress.seen(comments).looked(events)

    def _is_citizens_news(self, item: Mapping[str, Any], progress: Progress) -> bool:
        return progress.is_news(item) and item.get("from_id") != -self._group_id

    def _post(self, post: Mapping[str, Any]) -> Event:
        name = f"wall{-self._group_id}_{post['id']}"
        return event_of_object("wall_post_new", self._group_id, name, post)

    def _comment(self, post_id: int, comment: Mapping[str, Any]) -> Event:
        name = f"wall{-self._group_id}_{post_id}_r{comment['id']}"
        where = {"post_id": post_id, "owner_id": -self._group_id}
        return event_of_object("wall_reply_new", self._group_id, name, {**where, **comment})


class VkDirectBackFill:
    """The dialogs of a community, read with its own token."""

    name = "back-fill-direct"
    pause = PAUSE

    def __init__(self, group_id: int, community: VkClient) -> None:
        self._group_id = group_id
        self._community = community

    def poll(self, state: Mapping[str, Any]) -> Polled:
        """Make one call. Raises `PollFailed`."""
        progress = Progress.of(state)
        match progress.todo:
            case (("messages", int(peer_id), int(offset)), *rest):
                return self._messages(replace(progress, todo=tuple(rest)), peer_id, offset)
            case (("conversations", int(offset)), *rest):
                return self._conversations(replace(progress, todo=tuple(rest)), offset)
            case _:
                return self._conversations(replace(progress, todo=()), 0)

    def _conversations(self, progress: Progress, offset: int) -> Polled:
        answer = _call(
            self._community,
            "messages.getConversations",
            group_id=self._group_id,
            count=CONVERSATIONS,
            offset=offset,
        )
        last = list(_last_messages(answer))
        new = [each for each in last if progress.is_news(each)]
        todo: list[Step] = [("messages", each["peer_id"], 0) for each in new]
        following = offset + CONVERSATIONS
        if new and len(new) == len(last) and following < min(_number(answer, "count"), DEEPEST):
            todo.append(("conversations", following))
        return replace(progress.seen(last), todo=(*todo, *progress.todo)).looked(())

    def _messages(self, progress: Progress, peer_id: int, offset: int) -> Polled:
        answer = _call_unless_gone(
            self._community,
            "messages.getHistory",
            group_id=self._group_id,
            peer_id=peer_id,
            count=MESSAGES,
            offset=offset,
        )
        messages = _items(answer)
        new = [message for message in messages if progress.is_news(message)]
        following = offset + MESSAGES
        if new and len(new) == len(messages) and following < min(_number(answer, "count"), DEEPEST):
            progress = replace(progress, todo=(("messages", peer_id, following), *progress.todo))
        events = [self._message(message) for message in new if not message.get("out")]
        return progress.seen(messages).looked(events)

    def _message(self, message: Mapping[str, Any]) -> Event:
        number = message.get("conversation_message_id")
        name = f"im{self._group_id}_{message.get('peer_id')}_{number}"
        return event_of_object("message_new", self._group_id, name, {"message": dict(message)})


def _call(client: VkClient, method: str, **parameters: str | int) -> Any:
    try:
        return client.call(method, **parameters)
    except VkFailure as failure:
        raise poll_failed(failure) from None


def _call_unless_gone(client: VkClient, method: str, **parameters: str | int) -> Any:
    """As `_call`; nothing of what nobody may read: one closed post must not hold up the others."""
    try:
        return client.call(method, **parameters)
    except VkFailure as failure:
        if isinstance(failure, VkError) and failure.code in _GONE:
            return {"items": []}
        raise poll_failed(failure) from None


def _items(answer: Any) -> list[Mapping[str, Any]]:
    items = answer.get("items") if isinstance(answer, dict) else None
    if not isinstance(items, list):
        raise no_answer(UNREADABLE)
    return [item for item in items if _has_id(item)]


def _last_messages(answer: Any) -> Iterator[Mapping[str, Any]]:
    """The newest message of each dialog with one person."""
    listed = answer.get("items") if isinstance(answer, dict) else None
    if not isinstance(listed, list):
        raise no_answer(UNREADABLE)
    for each in listed:
        message = each.get("last_message") if isinstance(each, dict) else None
        if isinstance(message, dict) and _is_direct(message.get("peer_id")):
            yield message


def _changed(before: Mapping[str, int], counts: Mapping[str, int]) -> Sequence[int]:
    """The posts that have another number of comments than before."""
    return [int(post) for post, count in counts.items() if count != before.get(post, 0)]


def _is_direct(peer_id: Any) -> bool:
    return isinstance(peer_id, int) and peer_id < FIRST_CHAT_PEER


def _has_id(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("id"), int)


def _is_cut_off(comment: Mapping[str, Any]) -> bool:
    return _number(comment.get("thread"), "count") > len(_shown_thread(comment))


def _shown_thread(comment: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    thread = comment.get("thread")
    shown = thread.get("items") if isinstance(thread, dict) else None
    return [reply for reply in shown if _has_id(reply)] if isinstance(shown, list) else []


def _number(fields: Any, name: str) -> int:
    value = fields.get(name) if isinstance(fields, dict) else None
    return value if isinstance(value, int) else 0


def _date(item: Mapping[str, Any]) -> int:
    date = item.get("date")
    return date if isinstance(date, int) else 0
