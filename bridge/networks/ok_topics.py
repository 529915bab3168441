"""A group's topics: how many comments stand below each, and what it says.

https://apiok.ru/en/dev/methods/rest/group/group.getStatTopics,
https://apiok.ru/en/dev/methods/rest/mediatopic/mediatopic.getByIds
"""

from collections.abc import Iterator, Mapping
from typing import Any

from bridge.networks.ok_api import UNREADABLE, OkNoAnswer
from bridge.networks.ok_discussions import Caller

STAT_TOPICS = "group.getStatTopics"
TOPICS_BY_ID = "mediatopic.getByIds"
PAGE = 100
MOST_PAGES = 5
"""Pages that are asked for at most: 500 topics."""


def comment_counts(caller: Caller, group_id: int, first_ms: int, last_ms: int) -> dict[str, int]:
    """The number of comments by topic, of topics between two times. Raises `OkFailure`.

    Times are milliseconds since 1970. Topics without statistics are not among them.
    """
    counts: dict[str, int] = {}
    anchor = ""
    for _ in range(MOST_PAGES):
        answer = caller.call(
            STAT_TOPICS,
            gid=group_id,
            fields="ID,COMMENTS",
            start_time=first_ms,
            end_time=last_ms,
            count=PAGE,
            **({"anchor": anchor} if anchor else {}),
        )
        if not isinstance(answer, dict):
            raise OkNoAnswer(STAT_TOPICS, UNREADABLE)
        counts |= dict(_counts_in(answer))
        older = answer.get("anchor")
        if answer.get("has_more") is not True or not isinstance(older, str) or older == anchor:
            break
        anchor = older
    return counts


def topic_text(caller: Caller, topic_id: str) -> str:
    """What a topic says; empty where it has no text that can be read. Raises `OkFailure`."""
    answer = caller.call(TOPICS_BY_ID, topic_ids=topic_id)
    topics = answer.get("media_topics") if isinstance(answer, dict) else None
    for topic in topics if isinstance(topics, list) else []:
        if isinstance(topic, dict) and str(topic.get("id")) == topic_id:
            return "\n\n".join(_texts_in(topic))
    return ""


def _counts_in(answer: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    topics = answer.get("topics")
    for topic in topics if isinstance(topics, list) else []:
        if isinstance(topic, dict):
            topic_id, count = str(topic.get("id", "")), str(topic.get("comments", ""))
            if topic_id and count.isdecimal():
                yield topic_id, int(count)


def _texts_in(topic: Mapping[str, Any]) -> Iterator[str]:
    media = topic.get("media")
    for part in media if isinstance(media, list) else []:
        text = part.get("text") if isinstance(part, dict) else None
        if isinstance(text, str):
            yield text
