"""A ticket sent back as not theirs goes to the next department (reading 8)."""

from collections.abc import Callable

import pytest

from bridge.sla.clocks import Verdict
from bridge.sla.timeline import Status
from tests.unit.sla.rules.story import Story, local

Tell = Callable[..., Story]


@pytest.fixture
def misrouted(tell: Tell) -> Story:
    return tell().created("16:05").then("16:30", Status.MISROUTED)


def test_it_waits_for_the_curator_while_the_group_is_the_old_one(misrouted: Story) -> None:
    assert misrouted.statuses("16:31") == []


def test_a_new_group_alone_sends_it_on(misrouted: Story) -> None:
    misrouted.then("16:40", department="parks")
    assert misrouted.statuses("16:41") == [Status.ASSIGNED]
    misrouted.settle("16:41")
    clocks = misrouted.clocks("16:42")
    assert (clocks["answer:2"].start, clocks["answer:2"].holder) == (local("16:41"), "parks")
    assert clocks["answer:1"].verdict is Verdict.CANCELLED


def test_the_curators_group_in_between_makes_no_difference(misrouted: Story) -> None:
    misrouted.then("16:35", department=None)
    assert misrouted.statuses("16:36") == []
    misrouted.then("16:40", department="roads")
    assert misrouted.statuses("16:41") == [Status.ASSIGNED]


def test_a_department_that_hands_it_on_itself_is_taken_at_its_word(tell: Tell) -> None:
    story = tell().created("16:05").then("16:30", Status.MISROUTED, "parks")
    assert story.settle("16:31").clocks("16:31")["answer:2"].holder == "parks"


def test_whatever_else_is_edited_changes_nothing(misrouted: Story) -> None:
    misrouted.then("16:40", department="parks").then("16:40", author="Иван")
    (update,) = [each for each in misrouted.updates("16:41") if each.status]
    assert update.key == "assigned:2"
