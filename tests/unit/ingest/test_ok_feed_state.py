"""What the poller of OK's feed remembers, and which comments it takes for told."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.ingest.ok_events import COMMENT_EDIT, comment_event, deletion_event, fingerprint
from bridge.ingest.ok_feed_state import KNOWN_COMMENTS, FeedState, TopicState
from bridge.ingest.ok_topic_reading import TopicNews, TopicReading

TOPIC = {"id": "5"}
NOW = 5000
"""Milliseconds since 1970, as the comments' times."""


def comment(number: int, text: str = "текст") -> dict[str, object]:
    return {"id": f"c{number}", "date_ms": 1000 + number, "text": text, "author_id": "7"}


def told(topic: TopicState, *comments: object) -> list[str]:
    """The ids of the events that a reading of these comments gives."""
    reading = TopicReading(NOW, from_the_newest=True)
    reading.add(comments)
    news = TopicNews(topic, since=1000)
    return [one.external_id for one in news.of_reading(reading, news.fresh(reading), TOPIC)]


def test_state_survives_being_kept() -> None:
    state = FeedState(since=1000)
    told(state.topic("5"), comment(1), comment(2))

    kept = json.loads(json.dumps(state.write()))

    assert FeedState.read(kept, since=9) == state


def test_comments_are_told_oldest_first() -> None:
    topic = TopicState(taken_in=999)

    assert told(topic, comment(2), comment(1)) == ["comment_new:0:c1", "comment_new:0:c2"]


def test_comment_that_appears_late_among_known_ones_is_told() -> None:
    topic = TopicState(taken_in=999)
    told(topic, comment(1), comment(3))
    topic.taken_in = 1003

    assert told(topic, comment(1), comment(2), comment(3)) == ["comment_new:0:c2"]


def test_comment_older_than_all_that_is_remembered_was_told_of() -> None:
    topic = TopicState(taken_in=999)
    told(topic, *(comment(number) for number in range(KNOWN_COMMENTS + 1)))
    topic.taken_in = 1000 + KNOWN_COMMENTS
    topic.forget_the_oldest()

    assert len(topic.known) == KNOWN_COMMENTS
    assert told(topic, *(comment(number) for number in range(KNOWN_COMMENTS + 1))) == []


def test_comment_without_a_date_is_told_for_a_person_to_see() -> None:
    topic = TopicState(taken_in=999)

    assert told(topic, {"id": "odd"}, comment(1)) == ["comment_new:0:c1", "comment_new:0:odd"]


def test_date_in_the_future_does_not_make_later_comments_old() -> None:
    topic = TopicState(taken_in=999)
    reading = TopicReading(NOW, from_the_newest=True)
    reading.add(({"id": "odd", "date_ms": 10**18},))

    told(topic, {"id": "odd", "date_ms": 10**18})
    topic.taken_in = reading.newest or 0

    assert topic.taken_in == NOW
    assert told(topic, {"id": "c9", "date_ms": NOW}) == ["comment_new:0:c9"]


@pytest.mark.parametrize("odd", [None, 5, "x", {}, {"id": 5}, []])
def test_what_is_no_comment_is_kept_under_the_same_id_each_time(odd: object) -> None:
    topic = TopicState(taken_in=999)

    (first,) = told(topic, odd)
    assert told(topic, odd) == [first]


def test_expiring_link_of_an_attachment_is_no_edit() -> None:
    picture = {"type": "PHOTO", "url": "https://i.example/1?sig=a"}
    signed_anew = {"type": "PHOTO", "url": "https://i.example/1?sig=b"}

    assert fingerprint({"text": "а", "attachments": [picture]}) == fingerprint(
        {"text": "а", "attachments": [signed_anew]}
    )
    assert fingerprint({"text": "а"}) != fingerprint({"text": "а", "attachments": [picture]})


def test_ids_of_events_fit_into_the_inbox() -> None:
    long = {"id": "x" * 500}

    for event in (
        comment_event(COMMENT_EDIT, TOPIC, long, "", 3),
        deletion_event(TOPIC, "я" * 90, 1),
    ):
        assert len(event.external_id) <= 128
        assert event.external_id.isascii()


@given(st.lists(st.integers(0, 30), max_size=40), st.lists(st.text(max_size=3), max_size=40))
def test_each_comment_is_told_once_whatever_the_readings(
    numbers: list[int], texts: list[str]
) -> None:
    topic = TopicState(taken_in=999)
    events: list[str] = []
    for number, text in zip(numbers, texts, strict=False):
        events += told(topic, comment(number, text), comment(number + 1))

    assert len(events) == len(set(events))
