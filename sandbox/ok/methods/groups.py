"""A group's topics: their numbers, and their texts (B2)."""

from datetime import UTC, datetime

from sandbox.ok.methods.call import Call, Method
from sandbox.ok.model import JsonObject, Topic

_MOST_TOPICS = 100


def _get_stat_topics(call: Call) -> JsonObject:
    """Topics that were published between the two times, newest first."""
    group_id = call.parameters.integer("gid")
    call.require_admin(group_id)
    count = min(call.parameters.integer("count", 20), _MOST_TOPICS)
    topics = [one for one in call.world.discussions.topics(group_id) if _is_asked_for(call, one)]
    offset = call.parameters.integer("anchor", 0)
    page = topics[offset : offset + count]
    return {
        "topics": [
            {"id": str(topic.id), "comments": len(call.world.discussions.comments(topic.id))}
            for topic in page
        ],
        "anchor": str(offset + len(page)),
        "has_more": offset + len(page) < len(topics),
    }


def _is_asked_for(call: Call, topic: Topic) -> bool:
    first = _instant(call.parameters.integer("start_time", 0))
    last = _instant(call.parameters.integer("end_time", 4_000_000_000_000))
    return first <= topic.date <= last


def _instant(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def _get_topics(call: Call) -> JsonObject:
    ids = {int(one) for one in call.parameters.texts("topic_ids") if one.isdecimal()}
    found = [
        topic
        for group_id in call.world.groups
        for topic in call.world.discussions.topics(group_id)
        if topic.id in ids
    ]
    return {
        "media_topics": [
            {"id": str(topic.id), "media": [{"type": "text", "text": topic.text}]}
            for topic in found
        ]
    }


METHODS: dict[str, Method] = {
    "group.getStatTopics": _get_stat_topics,
    "mediatopic.getByIds": _get_topics,
}
