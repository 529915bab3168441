"""Topics and the comments below them."""

import base64
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sandbox.clock import Clock
from sandbox.ok.errors import OkError, bad_parameter
from sandbox.ok.model import Comment, Topic

LONGEST_COMMENT = 3000
"""Of an edited comment this is documented; that it holds for new ones is an assumption."""


@dataclass(frozen=True)
class Draft:
    """A comment that somebody wants to write."""

    topic_id: int
    author_id: int
    text: str
    reply_to: str = ""


class Discussions:
    """All topics with their comments. Used with the world's lock held."""

    def __init__(self, clock: Clock, touch: Callable[[], None], first_topic_id: int) -> None:
        self._clock = clock
        self._touch = touch
        self._topic_ids = itertools.count(first_topic_id)
        self._numbers = itertools.count(1)
        self._topics: dict[int, Topic] = {}
        self._comments: dict[int, list[Comment]] = {}

    def add_topic(self, topic: Topic) -> Topic:
        """Publish a topic; its id is given here."""
        placed = replace(topic, id=next(self._topic_ids))
        self._topics[placed.id] = placed
        self._comments[placed.id] = []
        self._touch()
        return placed

    def topics(self, group_id: int) -> list[Topic]:
        """A group's topics, newest first."""
        own = [topic for topic in self._topics.values() if topic.group_id == group_id]
        return sorted(own, key=lambda topic: (topic.date, topic.id), reverse=True)

    def topic(self, topic_id: int) -> Topic:
        """The topic. Raises error 300."""
        topic = self._topics.get(topic_id)
        if topic is None:
            raise OkError(300, "discussion not found")
        return topic

    def delete_topic(self, topic_id: int) -> None:
        """Take a topic away with all that stands below it."""
        self.topic(topic_id)
        del self._topics[topic_id], self._comments[topic_id]
        self._touch()

    def comments(self, topic_id: int) -> Sequence[Comment]:
        """The comments that are shown, oldest first."""
        self.topic(topic_id)
        return [comment for comment in self._comments[topic_id] if not comment.removed]

    def all_comments(self, topic_id: int) -> Sequence[Comment]:
        """The same with removed ones, for the sandbox's own pages."""
        self.topic(topic_id)
        return list(self._comments[topic_id])

    def comment(self, topic_id: int, comment_id: str) -> Comment:
        """A comment that is shown. Raises error 700 or 702."""
        found = self._find(topic_id, comment_id)
        if found.removed:
            raise OkError(702, "comment is not active")
        return found

    def add(self, draft: Draft) -> Comment:
        """Write a comment. Raises errors 100, 300, 601, 700."""
        _require_length(draft.text)
        self.topic(draft.topic_id)
        if draft.reply_to:
            self.comment(draft.topic_id, draft.reply_to)
        now, number = self._clock(), next(self._numbers)
        comment = Comment(
            id=_comment_id(int(now.timestamp() * 1000), draft.topic_id, number),
            number=number,
            topic_id=draft.topic_id,
            author_id=draft.author_id,
            date=now,
            text=draft.text,
            reply_to=draft.reply_to,
        )
        self._comments[draft.topic_id].append(comment)
        self._touch()
        return comment

    def edit(self, topic_id: int, comment_id: str, text: str) -> Comment:
        """Change a comment's text."""
        _require_length(text)
        return self._replace(replace(self.comment(topic_id, comment_id), text=text))

    def remove(self, topic_id: int, comment_id: str) -> Comment:
        """Delete a comment."""
        return self._replace(replace(self.comment(topic_id, comment_id), removed=True))

    def restore(self, topic_id: int, comment_id: str) -> Comment:
        """Bring a deleted comment back."""
        return self._replace(replace(self._find(topic_id, comment_id), removed=False))

    def _find(self, topic_id: int, comment_id: str) -> Comment:
        self.topic(topic_id)
        for comment in self._comments[topic_id]:
            if comment.id == comment_id:
                return comment
        raise OkError(700, "comment not found")

    def _replace(self, changed: Comment) -> Comment:
        comments = self._comments[changed.topic_id]
        place = next(n for n, one in enumerate(comments) if one.id == changed.id)
        comments[place] = changed
        self._touch()
        return changed


def _comment_id(milliseconds: int, topic_id: int, number: int) -> str:
    """Like the documentation's sample, which decodes to numbers and ends with the topic's."""
    plain = f"{milliseconds}:-{number}:{milliseconds}:{topic_id}:1"
    return base64.b64encode(plain.encode()).decode()


def _require_length(text: str) -> None:
    if not text:
        raise bad_parameter("comment is required")
    if len(text) > LONGEST_COMMENT:
        raise OkError(601, "text is too long")
