"""A message of high importance: the curator is told at once, and its ticket comes first."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bridge.sla.policy import Importance
from bridge.sla.timeline import Status
from tests.unit.sla.rules.family import Family
from tests.unit.sla.rules.story import Story

pytestmark = pytest.mark.clause("3.1")

Tell = Callable[..., Story]
WHY = "опасность для жизни («открытый … люк»)"


def important(story: Story, why: str = WHY) -> Story:
    story.around = replace(story.around, importance=Importance.HIGH, why_important=why)
    return story


@pytest.fixture
def told(tell: Tell) -> Story:
    return important(tell("head-feed", arrived="16:00").created("16:00", Status.NEW, None))


def test_the_curator_is_told_why_at_once_and_the_priority_is_raised(told: Story) -> None:
    [update] = [each for each in told.updates("16:00") + told.escalation("16:00") if each.note]
    assert (update.key, update.priority) == ("important", 2)
    assert update.note
    assert (update.note.template, update.note.values) == ("important", {"why": WHY})


def test_it_is_told_once_however_often_the_ticket_is_looked_at(told: Story) -> None:
    keys = {update.key for now in ("16:00", "16:30") for update in told.escalation(now)}
    assert keys == {"important"}


def test_an_ordinary_message_is_left_as_it_is(tell: Tell) -> None:
    assert tell("head-feed", arrived="16:00").created("16:00").escalation("16:01") == []


def test_nobody_is_told_of_a_ticket_that_is_closed(told: Story) -> None:
    told.then("16:10", Status.NO_ANSWER_NEEDED)
    assert told.escalation("16:11") == []


def test_of_several_departments_each_part_is_raised_and_the_whole_alone_says_why(
    told: Story,
) -> None:
    family = Family(told)
    part = important(family.part("16:05", "roads"), why="")
    family.exchange("16:05")
    [raised] = part.escalation("16:06")
    assert (raised.priority, raised.note) == (2, None)
    assert told.escalation("16:06") == []
    assert "important" in [update.key for update in told.updates("16:06")]


def test_an_office_may_leave_the_priority_alone(told: Story) -> None:
    rule = told.policy.escalation.model_copy(update={"priority_important": 0})
    told.policy = told.policy.model_copy(update={"escalation": rule})
    assert told.notes("16:00") == ["important"]
