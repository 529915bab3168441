"""What the feed's poller remembers between two looks. Instants are milliseconds since 1970, UTC."""

from collections.abc import Collection, Mapping
from typing import Any, Self

from pydantic import BaseModel

KNOWN_COMMENTS = 100
"""Of each topic so many newest comments are remembered, to see edits and deletions: one page."""


class KnownComment(BaseModel):
    """A comment that was told of. `revision` counts what was told of it after its arrival."""

    at: int
    mark: str
    revision: int = 0
    gone: bool = False


class Resumption(BaseModel):
    """Where reading a topic was cut short: `anchor` leads on to what is older.

    `newest` and `count` are of the moment when that reading began.
    """

    anchor: str
    newest: int
    count: int


class TopicState(BaseModel):
    """A topic of the group.

    `count` is the number of comments at the last whole reading; everything up to `taken_in` was
    told of.
    """

    taken_in: int
    count: int = -1
    read_at: int = 0
    known: dict[str, KnownComment] = {}
    resumption: Resumption | None = None

    def remember(self, comment_id: str, at: int, mark: str) -> None:
        """Add a comment; the oldest remembered ones give way."""
        self.known[comment_id] = KnownComment(at=at, mark=mark)

    def forget_the_oldest(self) -> None:
        """Keep as many as are compared."""
        newest = sorted(self.known, key=lambda one: self.known[one].at)[-KNOWN_COMMENTS:]
        self.known = {comment_id: self.known[comment_id] for comment_id in newest}

    def was_told(self, at: int) -> bool:
        """Whether a comment of that age, and not remembered, was told of and forgotten."""
        oldest = min((one.at for one in self.known.values()), default=self.taken_in + 1)
        return at <= self.taken_in and at < oldest


class FeedState(BaseModel):
    """All topics of the group. Comments older than `since` are from before the bridge's time."""

    since: int
    topics: dict[str, TopicState] = {}

    @classmethod
    def read(cls, state: Mapping[str, Any], since: int) -> Self:
        """The state that was kept; a new one, beginning at `since`, before the first look."""
        return cls.model_validate(state) if state else cls(since=since)

    def write(self) -> dict[str, Any]:
        """As it is kept."""
        return self.model_dump(mode="json", exclude_defaults=True)

    def topic(self, topic_id: str) -> TopicState:
        """A topic, known or new."""
        return self.topics.setdefault(topic_id, TopicState(taken_in=self.since - 1))

    def drop_topics(self, listed: Collection[str], quiet_since: int) -> None:
        """Forget topics that OK lists no more and that have been quiet for long."""
        self.topics = {
            topic_id: topic
            for topic_id, topic in self.topics.items()
            if topic_id in listed or topic.taken_in > quiet_since
        }

    def drop_comments(self, quiet_since: int) -> None:
        """Forget the comments of quiet topics: they are compared no more."""
        for topic in self.topics.values():
            if topic.taken_in < quiet_since:
                topic.known = {}
