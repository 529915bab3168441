"""One reading of a topic's comments, and what it tells that was not told before."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bridge.ingest.ok_events import (
    COMMENT_EDIT,
    COMMENT_NEW,
    COMMENT_RESTORE,
    comment_event,
    deletion_event,
    fingerprint,
    odd_event,
)
from bridge.ingest.ok_feed_state import TopicState
from bridge.ingest.port import Event
from bridge.networks.ok_discussions import Comment, is_there, posted_ms


@dataclass
class TopicReading:
    """The comments that were read, newest pages first, from the newest comment or a later point.

    Times are milliseconds since 1970. None is after `latest`: a date in the future, taken at its
    word, would make all that is posted until then look old.
    """

    latest: int
    from_the_newest: bool
    comments: dict[str, Comment] = field(default_factory=dict)
    odd: list[Any] = field(default_factory=list)
    whole: bool = False
    """Whether it went back to what was told of before."""
    to_the_first: bool = False
    """Whether it went back to the topic's first comment."""

    def add(self, comments: tuple[Any, ...]) -> None:
        """Take in a page."""
        for comment in comments:
            if not isinstance(comment, dict) or not isinstance(comment.get("id"), str):
                self.odd.append(comment)
            elif is_there(comment):
                self.comments[comment["id"]] = comment

    @property
    def oldest(self) -> int | None:
        """When the oldest comment that tells its time was posted."""
        return min(self._told_times().values(), default=None)

    @property
    def newest(self) -> int | None:
        """The same of the newest one."""
        return max(self._told_times().values(), default=None)

    def times(self) -> dict[str, int]:
        """When each comment was posted; one that does not tell counts as new, for a person."""
        return dict.fromkeys(self.comments, self.latest) | self._told_times()

    def missing(self, topic: TopicState) -> list[str]:
        """Remembered comments that should be among those read, and are not."""
        if not self.from_the_newest:
            return []
        oldest = self.oldest if not self.to_the_first else None
        return [
            comment_id
            for comment_id, known in topic.known.items()
            if not known.gone
            and comment_id not in self.comments
            and (self.to_the_first or (oldest is not None and known.at > oldest))
        ]

    def _told_times(self) -> dict[str, int]:
        return {
            comment_id: min(at, self.latest)
            for comment_id, comment in self.comments.items()
            if (at := posted_ms(comment)) is not None
        }


@dataclass(frozen=True)
class TopicNews:
    """What is to be told of a topic. Comments from before `since` are left alone."""

    topic: TopicState
    since: int

    def fresh(self, reading: TopicReading) -> dict[str, int]:
        """The comments that were not told of yet, with their time."""
        return {
            comment_id: at
            for comment_id, at in reading.times().items()
            if at >= self.since
            and comment_id not in self.topic.known
            and not self.topic.was_told(at)
        }

    def of_reading(
        self, reading: TopicReading, fresh: Mapping[str, int], topic: Mapping[str, str]
    ) -> list[Event]:
        """The events, oldest comment first; what they tell is remembered in the topic's state.

        `topic` is the topic as events name it.
        """
        events = [odd_event(topic, one) for one in reading.odd]
        times = reading.times()
        for comment_id in sorted(times, key=lambda one: (times[one], one)):
            comment = reading.comments[comment_id]
            answered = _answered(comment, reading.comments)
            if comment_id in fresh:
                self.topic.remember(comment_id, fresh[comment_id], fingerprint(comment))
                events.append(comment_event(COMMENT_NEW, topic, comment, answered, 0))
            elif kind := self._change(comment_id, comment):
                revision = self.topic.known[comment_id].revision
                events.append(comment_event(kind, topic, comment, answered, revision))
        return events

    def of_deletion(self, comment_id: str, topic: Mapping[str, str]) -> Event:
        """The event of a comment that is surely gone."""
        known = self.topic.known[comment_id]
        known.gone, known.revision = True, known.revision + 1
        return deletion_event(topic, comment_id, known.revision)

    def _change(self, comment_id: str, comment: Comment) -> str:
        """What happened to a remembered comment, which is noted; empty when nothing did."""
        known, mark = self.topic.known.get(comment_id), fingerprint(comment)
        if known is None or (known.mark == mark and not known.gone):
            return ""
        kind = COMMENT_RESTORE if known.gone else COMMENT_EDIT
        known.gone, known.mark, known.revision = False, mark, known.revision + 1
        return kind


def _answered(comment: Comment, among: Mapping[str, Comment]) -> str:
    answered = comment.get("reply_to_comment_id")
    text = among.get(answered, {}).get("text") if isinstance(answered, str) else None
    return text if isinstance(text, str) else ""
