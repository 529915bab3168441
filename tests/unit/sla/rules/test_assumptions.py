"""A history in any order, with gaps or from the middle is judged, and says what that rests on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.sla.assumptions import assumptions
from bridge.sla.policy import SlaSettings
from bridge.sla.service_time import ServiceCalendar
from bridge.sla.timeline import PlacementOutcome, Status, Step, Timeline
from tests.unit.sla.rules.story import TEXT, Story, local
from tests.unit.sla.rules.test_any_history import ARRIVED, few, histories, office

Tell = Callable[..., Story]
LINK = "https://vk.com/wall-1_2?reply=3"


def assumed(story: Story) -> dict[str, int]:
    """By kind: the journal entry that shows it first."""
    return {each.key: each.journal_id for each in story.decide("25 18:00").assumptions}


def test_a_history_that_the_bridge_saw_from_its_beginning_assumes_nothing(tell: Tell) -> None:
    story = tell().created("16:05").then("16:10", Status.IN_PROGRESS).submitted("17:00")
    story.sent_back("17:10").submitted("18:00").approved("18:10")
    story.placement(PlacementOutcome.PLACED, "18:11").settle("18:12")
    assert assumed(story) == {}


@pytest.mark.scenario(10)
@pytest.mark.parametrize(
    ("status", "department", "kinds"),
    [
        (Status.NEW, None, {"made_by_hand"}),
        (Status.ASSIGNED, "roads", {"made_by_hand"}),
        (Status.REVIEW, "roads", {"made_by_hand", "begins_answered"}),
        (Status.REVISION, "roads", {"made_by_hand", "begins_in_the_middle"}),
        (Status.WITHDRAWN, "roads", {"made_by_hand", "begins_in_the_middle"}),
        (None, "roads", {"made_by_hand", "unknown_status"}),
        (Status.ASSIGNED, None, {"made_by_hand", "without_department"}),
    ],
)
def test_a_ticket_made_by_hand_says_where_its_history_begins(
    tell: Tell, status: Status | None, department: str | None, kinds: set[str]
) -> None:
    story = tell().created("16:05", status, department, by_bridge=False, answer_text=TEXT)
    assert set(assumed(story)) == kinds


@pytest.mark.clause("3.1")
def test_a_message_younger_than_its_ticket_is_routed_in_time(tell: Tell) -> None:
    story = tell(arrived="16:10").created("16:05")
    assert assumed(story) == {"arrived_after_creation": 0}
    assert story.verdicts()["routing:1"] == "in_time"


def test_an_unknown_status_counts_as_the_one_before(tell: Tell) -> None:
    story = tell().created("16:05").then("16:30", None).then("16:40", None)
    assert assumed(story) == {"unknown_status": 1}


def test_a_department_that_is_taken_away_without_a_word_is_named(tell: Tell) -> None:
    assert assumed(tell().created("16:05").then("16:30", department=None)) == {
        "without_department": 1
    }


def test_entries_count_in_the_order_of_their_numbers(tell: Tell) -> None:
    story = tell().created("16:05").submitted("17:00").then("16:50", Status.REVIEW)
    story.sent_back("16:55")
    assert assumed(story) == {"time_goes_back": 2}
    assert story.verdicts("17:00")["placement:1"] == "in_time"


def test_a_placement_without_a_link_is_taken_on_staffs_word(tell: Tell) -> None:
    story = tell().created("16:05").submitted("17:00").then("17:10", Status.PLACED)
    assert assumed(story) == {"placed_by_word_alone": 2}
    story.then("17:20", answer_link=LINK)
    assert assumed(story) == {"placed_by_word_alone": 2}
    with_link = tell().created("16:05").submitted("17:00")
    assert assumed(with_link.then("17:10", Status.PLACED, answer_link=LINK)) == {}


def test_a_reopened_ticket_says_that_its_verdicts_stay(tell: Tell) -> None:
    story = tell().created("16:05").then("16:30", Status.WITHDRAWN).then("17:00", Status.ASSIGNED)
    assert assumed(story) == {"reopened": 2}


def test_a_change_without_an_entry_is_dated_by_the_entry_before(tell: Tell) -> None:
    story = tell().created("16:05").then("16:30").then("16:40")
    unseen = Timeline(local("16:00"), tuple(story.steps), unseen_changes=frozenset({2, 1}))
    (assumption,) = assumptions(unseen)
    assert (assumption.key, assumption.journal_id) == ("changed_unseen", 1)


@few
@given(steps=histories(), shifts=st.lists(st.integers(-300, 300), min_size=9, max_size=9))
def test_any_times_of_entries_give_a_defined_result_that_says_so(
    sla: SlaSettings, calendar: ServiceCalendar, steps: tuple[Step, ...], shifts: list[int]
) -> None:
    shifted = tuple(
        replace(step, at=step.at + timedelta(minutes=shift))
        for step, shift in zip(steps, shifts, strict=False)
    )
    decision = office(sla, calendar).decide(shifted)
    kinds = {each.key for each in decision.assumptions}
    later = [step.at for step in shifted]
    assert ("time_goes_back" in kinds) is (later != sorted(later))
    assert ("arrived_after_creation" in kinds) is (shifted[0].at < ARRIVED)
    assert all(clock.clause for clock in decision.clocks)
