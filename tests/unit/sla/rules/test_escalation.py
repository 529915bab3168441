"""What a deadline does beyond its holder: priority raised, leaders told (clause 1.4)."""

from collections.abc import Callable

import pytest

from bridge.sla.policy import ClockKind
from bridge.sla.timeline import Status
from tests.unit.sla.rules.family import Family
from tests.unit.sla.rules.story import Story

pytestmark = pytest.mark.clause("1.4")

Tell = Callable[..., Story]


@pytest.fixture
def assigned(tell: Tell) -> Story:
    """Answer due at 20:05."""
    return tell("head-feed", arrived="16:00").created("16:05")


def test_nothing_is_raised_while_there_is_time(assigned: Story) -> None:
    assert assigned.escalation("19:00") == []


def test_a_deadline_that_is_near_raises_the_priority_by_a_step(assigned: Story) -> None:
    (raised,) = assigned.escalation("19:40")
    assert (raised.priority, raised.for_leaders, raised.note) == (1, False, None)


def test_a_breach_raises_it_further_and_tells_the_leaders_once(assigned: Story) -> None:
    raised, told = assigned.escalation("20:06")
    assert raised.priority == 2
    assert told.for_leaders
    assert told.note
    assert told.note.template == "breach"
    assert told.note.values["clause"] == "3.2.1"
    assert told.note.values["holder"] == "исполнитель"
    assert assigned.escalation("22:00") == [raised, told]


def test_exactly_at_the_due_instant_nobody_is_late_yet(assigned: Story) -> None:
    assert not any(update.for_leaders for update in assigned.escalation("20:05"))


def test_a_breach_that_is_over_is_a_matter_of_the_reports(assigned: Story) -> None:
    assigned.submitted("20:30").approved("20:31")
    assert assigned.escalation("20:32") == []


def test_a_revision_is_a_deadline_of_its_own(assigned: Story) -> None:
    assigned.submitted("17:00").sent_back("17:10")
    clauses = [u.note.values["clause"] for u in assigned.escalation("21:11") if u.note]
    assert clauses == ["3.7"]


def test_an_office_chooses_what_its_leaders_are_told_of(assigned: Story) -> None:
    rule = assigned.policy.escalation.model_copy(
        update={"tell_leaders": (ClockKind.PLACEMENT,), "priority_overdue": 0}
    )
    assigned.policy = assigned.policy.model_copy(update={"escalation": rule})
    assert assigned.escalation("20:06") == []


def test_the_priority_of_a_whole_is_left_to_the_helpdesk(tell: Tell) -> None:
    family = Family(tell().created("16:04", Status.NEW, None))
    family.part("16:05", None)
    told = family.whole.escalation("17:05")
    assert [update.for_leaders for update in told] == [True]
