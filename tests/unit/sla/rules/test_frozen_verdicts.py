"""Reading 1: a verdict is frozen when its clock stops, and nothing later changes it."""

from collections.abc import Callable

import pytest

from bridge.sla.clocks import Verdict
from bridge.sla.policy import SlaSettings
from bridge.sla.schedule import CalendarSettings
from bridge.sla.service_time import ServiceCalendar
from bridge.sla.timeline import PlacementOutcome, Status
from tests.unit.sla.rules.story import Story

pytestmark = pytest.mark.reading(1)

Tell = Callable[..., Story]


@pytest.fixture
def answered(tell: Tell) -> Story:
    return tell("administration").created("16:05").submitted("24 15:54").freeze("24 16:00")


@pytest.mark.scenario(8)
def test_a_changed_policy_judges_only_what_is_not_judged_yet(
    answered: Story, sla: SlaSettings
) -> None:
    before = answered.clocks("24 16:00")
    assert before["answer:1"].verdict is Verdict.LATE

    answered.policy = sla.policy("head-direct")
    after = answered.clocks("24 16:00")
    assert {key: after[key] for key in answered.frozen} == answered.frozen
    assert after["answer:1"].policy == "administration"
    assert after["placement:1"].policy == "head-direct"


def test_a_changed_calendar_changes_no_verdict(
    answered: Story, changed: Callable[..., CalendarSettings]
) -> None:
    day_off = {"date": "2026-11-24", "reason": "День города", "day_off": True}
    answered.calendar = ServiceCalendar(changed(overrides=[day_off]))
    assert answered.clocks("24 16:00")["answer:1"] == answered.frozen["answer:1"]
    answered.frozen.clear()
    assert answered.clocks("24 16:00")["answer:1"].verdict is Verdict.IN_TIME


def test_a_clock_that_a_new_policy_no_longer_has_keeps_its_verdict(
    tell: Tell, sla: SlaSettings
) -> None:
    story = tell().created("16:05").submitted("17:00").sent_back("17:10").freeze()
    story.policy = sla.policy("head-feed").model_copy(update={"placement": None})
    assert story.clocks()["placement:1"] == story.frozen["placement:1"]


@pytest.mark.scenario(8)
def test_a_later_reassignment_changes_no_verdict(answered: Story) -> None:
    answered.sent_back("24 16:10").freeze("24 16:10").then("24 16:20", department="parks")
    after = answered.clocks("24 17:00")
    assert {key: after[key] for key in answered.frozen} == answered.frozen
    assert after["answer:2"].holder == "parks"


@pytest.mark.scenario(9)
def test_a_reopened_ticket_has_no_new_clocks_and_keeps_its_verdicts(tell: Tell) -> None:
    story = tell().created("16:05").submitted("17:00").approved("17:10")
    story.placement(PlacementOutcome.PLACED, "17:11").then("17:11", Status.PLACED).freeze()
    verdicts = story.verdicts()
    assert set(verdicts.values()) == {Verdict.IN_TIME}

    story.then("24 09:00", Status.IN_PROGRESS).then("24 10:00", Status.ASSIGNED, "parks")
    story.submitted("24 12:00").sent_back("24 13:00")
    assert story.verdicts("24 18:00") == verdicts
