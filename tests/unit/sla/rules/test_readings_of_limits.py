"""Readings that a city may turn round: 2 (the due instant itself) and 9 (a late revision)."""

from collections.abc import Callable

import pytest

from bridge.sla.timeline import Status
from tests.unit.sla.rules.story import Story

Tell = Callable[..., Story]


def read(story: Story, **readings: str) -> Story:
    """The same in a city that reads so."""
    changed = story.policy.readings.model_copy(update=readings)
    story.policy = story.policy.model_copy(update={"readings": changed})
    return story


@pytest.mark.reading(2)
@pytest.mark.parametrize(("reading", "verdict"), [("in_time", "in_time"), ("late", "late")])
def test_a_stop_exactly_at_the_due_instant_is_as_the_city_reads_it(
    tell: Tell, reading: str, verdict: str
) -> None:
    story = read(tell("head-feed").created("16:05"), at_the_due_instant=reading)
    assert story.submitted("20:05").verdicts("20:06")["answer:1"] == verdict


@pytest.mark.reading(9)
@pytest.mark.clause("3.7")
def test_a_late_revision_is_refused_where_the_city_reads_it_so(tell: Tell) -> None:
    story = read(tell("head-feed").created("16:05"), late_revision="refused")
    story.submitted("17:00").sent_back("17:31")
    (undone,) = story.updates("17:31")
    assert undone.status is Status.REVIEW
    assert undone.note
    assert undone.note.template == "revision_too_late"
    assert "revision:1" not in story.clocks("17:31")


@pytest.mark.reading(9)
def test_a_revision_in_time_is_allowed_there_too(tell: Tell) -> None:
    story = read(tell("head-feed").created("16:05"), late_revision="refused")
    story.submitted("17:00").sent_back("17:30")
    assert "revision:1" in story.clocks("17:31")
