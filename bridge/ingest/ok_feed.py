"""Polls a group's comments, for which OK has no webhook.

The recipe: `group.getStatTopics` tells how many comments each topic has; where the number changed,
the discussion is read from its newest comment back to what was told before. A number does not tell
of edits, nor of a deletion beside a new comment, so talks that are still lively are read again by
turns. Topics without statistics are not seen: OK lists none.

https://apiok.ru/en/dev/methods/rest/group/group.getStatTopics,
https://apiok.ru/en/dev/methods/rest/discussions/discussions.getComments,
https://apiok.ru/en/dev/methods/rest/mediatopic/mediatopic.getByIds
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog

from bridge.ingest.ok_feed_state import FeedState, Resumption, TopicState
from bridge.ingest.ok_polling import polling_failed
from bridge.ingest.ok_topic_reading import TopicNews, TopicReading
from bridge.ingest.port import Event, Polled
from bridge.networks.ok_api import UNREADABLE, OkError, OkFailure, OkRestClient
from bridge.networks.ok_codes import FOR_A_WHILE, NOT_THERE
from bridge.networks.ok_discussions import GROUP_TOPIC, NEWEST, Caller, is_there, read_page
from bridge.networks.ok_settings import OkFeed, OkSettings
from bridge.networks.ok_topics import comment_counts, topic_text

log = structlog.get_logger()

LONGEST_LOOK = timedelta(seconds=40)
"""No call begins later in a look; with one call's time limit that stays below a minute."""

MARKS_KEPT_DAYS = 7
"""How long a topic is remembered after OK lists it no more."""


class _OutOfBudget(Exception):
    """The look has used up its calls, or its time."""


@dataclass
class _Budget:
    """Lets through as many calls as a look may make."""

    caller: Caller
    left: int
    until: datetime
    now: Callable[[], datetime]

    def call(self, method: str, **parameters: str | int) -> Any:
        """The method's answer. Raises `OkFailure` or `_OutOfBudget`."""
        if self.left <= 0 or self.now() >= self.until:
            raise _OutOfBudget
        self.left -= 1
        return self.caller.call(method, **parameters)


@dataclass(frozen=True)
class OkFeedPoller:
    """One group's comments. Its events are of the kinds of `bridge.ingest.ok_events`."""

    channel: str
    ok: OkSettings
    rest: OkRestClient
    now: Callable[[], datetime]

    @property
    def name(self) -> str:
        """What is polled."""
        return "feed"

    @property
    def pause(self) -> timedelta:
        """Between two looks: with the calls of one look this is what OK is asked at most."""
        return timedelta(seconds=self.ok.feed.pause_seconds)

    def poll(self, state: Mapping[str, Any]) -> Polled:
        """Look once. Raises `PollFailed` when the look brought nothing at all."""
        at = self.now()
        feed = self.ok.feed
        since = _ms(at - timedelta(hours=feed.backfill_hours))
        budget = _Budget(self.rest, feed.calls_per_look, at + LONGEST_LOOK, self.now)
        look = _Look(self.ok, FeedState.read(state, since), budget, _ms(at))
        try:
            look.run()
        except _OutOfBudget:
            log.info("look cut short", channel=self.channel, calls=feed.calls_per_look)
        except OkFailure as failure:
            if not look.events:
                raise polling_failed(failure) from None
            log.warning("look broken off", channel=self.channel, why=str(failure))
        self._tell(look)
        return Polled(tuple(look.events), look.feed.write())

    def _tell(self, look: "_Look") -> None:
        """How late comments are found: the hour of clause 3.1 runs from the posting."""
        if look.lags:
            log.info(
                "comments found",
                channel=self.channel,
                count=len(look.lags),
                longest_lag_seconds=max(look.lags) / 1000,
            )


@dataclass
class _Look:
    """One look: its calls, and what it brought until now. `at` is milliseconds since 1970."""

    ok: OkSettings
    feed: FeedState
    budget: _Budget
    at: int
    events: list[Event] = field(default_factory=list)
    lags: list[int] = field(default_factory=list)
    refusals: list[OkFailure] = field(default_factory=list)
    """Of topics that OK does not let us read."""

    def run(self) -> None:
        """Read every topic that is due. Raises `OkFailure` or `_OutOfBudget`.

        OK's clock may be ahead of ours: topics are asked for a little into the future.
        """
        settings = self.ok.feed
        first, last = self.at - _days(settings.topics_days), self.at + _hours(1)
        counts = comment_counts(self.budget, self.ok.group_id, first, last)
        self.feed.drop_topics(counts, self.at - _days(settings.topics_days + MARKS_KEPT_DAYS))
        self.feed.drop_comments(self.at - _hours(settings.reread_hours))
        due = _due(self.feed, counts, settings, self.at)
        for topic_id in due:
            self._look_at(topic_id, counts.get(topic_id))
        if due and len(self.refusals) == len(due):
            raise self.refusals[-1]

    def _look_at(self, topic_id: str, count: int | None) -> None:
        """Tell what is new in a topic. One that cannot be read stops no other."""
        topic = self.feed.topic(topic_id)
        try:
            self._tell_news(topic_id, topic, count)
        except OkFailure as failure:
            if not _is_of_one_topic(failure):
                raise
            log.warning("topic cannot be read", topic=topic_id, code=failure.code)
            self._pass_over(topic, failure, count)

    def _pass_over(self, topic: TopicState, failure: OkFailure, count: int | None) -> None:
        """A topic that is gone has nothing to tell any more.

        A place to read on from may be gone with its comment: then the topic is read anew, and that
        is no refusal yet.
        """
        was_begun = topic.resumption is not None
        topic.read_at, topic.resumption = self.at, None
        if failure.code in NOT_THERE:
            topic.count = count or 0
        elif not was_begun:
            self.refusals.append(failure)

    def _tell_news(self, topic_id: str, topic: TopicState, count: int | None) -> None:
        begun = topic.resumption or Resumption(
            anchor=NEWEST, newest=topic.taken_in, count=topic.count if count is None else count
        )
        reading = self._read(topic_id, topic, begun)
        news = TopicNews(topic, self.feed.since)
        fresh = news.fresh(reading)
        described = self._describe(topic_id) if fresh else {"id": topic_id}
        self.events += news.of_reading(reading, fresh, described)
        self.lags += [max(0, self.at - posted) for posted in fresh.values()]
        for comment_id in reading.missing(topic):
            if self._is_gone(topic_id, comment_id):
                self.events.append(news.of_deletion(comment_id, {"id": topic_id}))
        if reading.whole:
            topic.taken_in = max(topic.taken_in, begun.newest, reading.newest or 0)
            topic.count, topic.read_at = begun.count, self.at
        topic.forget_the_oldest()

    def _read(self, topic_id: str, topic: TopicState, begun: Resumption) -> TopicReading:
        """Back from where an earlier look stopped, or from the newest, to what was told before."""
        reading = TopicReading(self.at, from_the_newest=begun.anchor == NEWEST)
        floor = max(topic.taken_in, self.feed.since)
        anchor = begun.anchor
        try:
            while anchor and not _reaches(reading, floor):
                page = read_page(self.budget, topic_id, anchor)
                reading.add(page.comments)
                anchor = page.older
        except _OutOfBudget:
            if anchor == begun.anchor:
                raise
            newest = max(begun.newest, reading.newest or 0)
            topic.resumption = Resumption(anchor=anchor, newest=newest, count=begun.count)
            return reading
        topic.resumption = None
        reading.whole, reading.to_the_first = True, not anchor
        return reading

    def _describe(self, topic_id: str) -> Mapping[str, str]:
        """The topic with its text; without it when it cannot be had now.

        A ticket without the text above it is better than a comment that is told late.
        """
        try:
            return {"id": topic_id, "text": topic_text(self.budget, topic_id)}
        except (OkFailure, _OutOfBudget):
            return {"id": topic_id}

    def _is_gone(self, topic_id: str, comment_id: str) -> bool:
        """Whether OK says that it is not there: a list that leaves it out is no proof."""
        try:
            answer = self.budget.call(
                "discussions.getComment",
                discussionId=topic_id,
                discussionType=GROUP_TOPIC,
                comment_id=comment_id,
            )
        except OkError as error:
            if error.code in NOT_THERE:
                return True
            raise
        comment = answer.get("comment", answer) if isinstance(answer, dict) else {}
        return isinstance(comment, dict) and not is_there(comment)


def _is_of_one_topic(failure: OkFailure) -> bool:
    """Whether another topic may well be read: OK is in reach, and neither busy nor broken."""
    if isinstance(failure, OkError):
        return failure.code not in FOR_A_WHILE
    return failure.code == UNREADABLE


def _due(feed: FeedState, counts: Mapping[str, int], settings: OkFeed, at: int) -> Sequence[str]:
    """Topics to read: first those whose number changed, then lively ones that were not read lately.

    Among each, who waited longest comes first; of those never read, the newest topic.
    """
    changed = [
        topic_id
        for topic_id, count in counts.items()
        if count != feed.topic(topic_id).count or feed.topic(topic_id).resumption
    ]
    lively_since = at - _hours(settings.reread_hours)
    read_before = at - settings.reread_minutes * 60_000
    lively = [
        topic_id
        for topic_id, topic in feed.topics.items()
        if topic.known and topic.taken_in > lively_since and topic.read_at <= read_before
    ]

    def by_turns(topic_ids: Sequence[str]) -> list[str]:
        newest_first = sorted(topic_ids, key=_by_number, reverse=True)
        return sorted(newest_first, key=lambda topic_id: feed.topics[topic_id].read_at)

    return [*by_turns(changed), *by_turns([one for one in lively if one not in changed])]


def _reaches(reading: TopicReading, floor: int) -> bool:
    """Whether the reading went back beyond what has to be told."""
    return reading.oldest is not None and reading.oldest < floor


def _by_number(topic_id: str) -> tuple[int, str]:
    return (len(topic_id), topic_id)


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _days(days: int) -> int:
    return _hours(24 * days)


def _hours(hours: int) -> int:
    return hours * 3_600_000
