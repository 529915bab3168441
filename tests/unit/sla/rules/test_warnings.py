"""Warnings before a deadline, and «скоро»: points of the policy, told once, at the right hour."""

from collections.abc import Callable

import pytest

from bridge.sla.alarm import WarningPoint
from bridge.sla.policy import Policy
from bridge.sla.timeline import Status
from tests.unit.sla.rules.story import Story, local

pytestmark = pytest.mark.clause("1.4")

Tell = Callable[..., Story]


def told(story: Story, now: str) -> list[tuple[str, str]]:
    """To whom, and how much is left at most."""
    notes = [update.note for update in story.warnings(now)]
    return [(note.values["to"], note.values["left"]) for note in notes if note]


def state(story: Story, now: str) -> str:
    return story.fields(now)["deadline_state"]


@pytest.fixture
def answering(tell: Tell) -> Story:
    """From 16:05 to 20:05."""
    return tell().created("16:05")


def test_the_department_is_warned_at_half_of_the_time_and_half_an_hour_before(
    answering: Story,
) -> None:
    assert told(answering, "18:04") == []
    assert told(answering, "18:05") == [("Исполнителю", "2 ч")]
    assert told(answering, "19:34") == [("Исполнителю", "2 ч")]
    assert told(answering, "19:35") == [("Исполнителю", "30 мин")]


def test_each_point_is_told_once(answering: Story) -> None:
    first, again = answering.warnings("18:05"), answering.warnings("19:00")
    assert [update.key for update in first] == [update.key for update in again]
    assert answering.warnings("19:35")[0].key != first[0].key


def test_a_point_that_was_missed_is_skipped_once_a_later_one_has_passed(answering: Story) -> None:
    (only,) = answering.settle("19:40").warnings("19:40")
    assert sum(key.startswith("warn:") for key in answering.done) == 1
    assert only.key in answering.done


def test_nothing_is_told_of_a_deadline_that_has_passed(answering: Story) -> None:
    assert told(answering, "20:05") == [("Исполнителю", "30 мин")]
    assert told(answering, "20:05:01") == []


@pytest.mark.scenario(9)
def test_nothing_is_told_once_the_duty_is_done(answering: Story) -> None:
    assert told(answering.submitted("17:00"), "17:10") == []


@pytest.mark.clause("3.1", "3.5")
def test_the_curator_is_warned_of_routing_and_placement_at_15_and_5_minutes(tell: Tell) -> None:
    unrouted = tell(arrived="16:00").created("16:01", Status.NEW, None)
    assert told(unrouted, "16:44") == []
    assert told(unrouted, "16:45") == [("Куратору", "15 мин")]
    assert told(unrouted, "16:55") == [("Куратору", "5 мин")]

    placing = tell().created("16:05").submitted("17:00")
    assert told(placing, "17:15") == [("Куратору", "15 мин")]
    assert told(placing, "17:26") == [("Куратору", "5 мин")]


def test_a_note_names_the_duty_its_clause_and_its_due(answering: Story) -> None:
    (update,) = answering.warnings("19:35")
    assert update.note
    assert dict(update.note.values) == {
        "to": "Исполнителю",
        "duty": "Подготовка ответа",
        "clause": "3.2.1",
        "due": "23.11.2026 20:05",
        "left": "30 мин",
    }


def test_the_state_is_soon_from_the_first_point_counted_back_from_the_due(
    answering: Story,
) -> None:
    assert [state(answering, now) for now in ("18:05", "19:34", "19:35", "20:05", "20:05:01")] == [
        "в срок",
        "в срок",
        "скоро",
        "скоро",
        "просрочено",
    ]


def test_a_short_clock_is_soon_a_quarter_of_an_hour_before(tell: Tell) -> None:
    story = tell().created("16:05").submitted("17:00")
    assert (state(story, "17:14"), state(story, "17:15")) == ("в срок", "скоро")


@pytest.mark.scenario(4)
def test_points_of_service_time_are_counted_in_service_time(tell: Tell) -> None:
    """Scenario 4: of the 8 hours from 16:20 the last half hour begins at 15:38 the next day."""
    story = tell("administration", "16:20").created("16:20")
    # 1 h 40 min on Monday, 2 h 20 min on Tuesday morning: 4 of 8 hours.
    assert told(story, "24 11:19") == []
    assert told(story, "24 11:20") == [("Исполнителю", "4 ч служебного времени")]
    assert told(story, "24 15:38") == [("Исполнителю", "30 мин служебного времени")]


@pytest.mark.scenario(4)
def test_the_last_half_hour_of_a_deadline_in_the_morning_begins_the_day_before(
    tell: Tell,
) -> None:
    story = tell("administration", "09:32").created("09:32")
    assert story.clocks()["answer:1"].due == local("24 09:20")
    assert told(story, "17:49") == [("Исполнителю", "4 ч служебного времени")]
    assert told(story, "17:50") == [("Исполнителю", "30 мин служебного времени")]


@pytest.mark.clause("3.3")
@pytest.mark.scenario(1)
def test_of_service_time_nobody_is_told_at_night(tell: Tell) -> None:
    """Scenario 1: what was missed in the evening comes when the office opens."""
    story = tell("administration", "09:32").created("09:32")
    assert told(story, "18:30") == []
    assert state(story, "18:30") == "скоро"
    assert story.decide("18:30").look_at
    assert told(story, "24 09:00") == [("Исполнителю", "30 мин служебного времени")]


@pytest.mark.clause("3.2.1")
@pytest.mark.scenario(1)
def test_elapsed_time_warns_at_any_hour(tell: Tell) -> None:
    story = tell(arrived="23:00").created("23:00")
    assert told(story, "24 02:30") == [("Исполнителю", "30 мин")]


def test_an_extended_deadline_has_warnings_of_its_own_to_both_who_owe_it(
    answering: Story,
) -> None:
    answering.interim("17:00").interim_approved("17:10").settle("17:11")
    assert told(answering, "18:05") == []
    assert told(answering, "24 19:35") == [("Исполнителю и куратору", "30 мин")]


def test_points_are_the_policys(answering: Story) -> None:
    answering.policy = with_warnings(
        answering.policy, WarningPoint(passed_percent=90), WarningPoint(minutes_left=10)
    )
    assert told(answering, "19:40") == []
    assert told(answering, "19:41") == [("Исполнителю", "24 мин")]
    assert (state(answering, "19:54"), state(answering, "19:55")) == ("в срок", "скоро")


def test_a_policy_without_points_warns_of_nothing(answering: Story) -> None:
    answering.policy = with_warnings(answering.policy)
    assert (told(answering, "20:00"), state(answering, "20:00")) == ([], "в срок")
    assert answering.decide("17:00").look_at == local("20:05:01")


def test_the_next_look_is_at_the_next_point_and_then_just_after_the_due(answering: Story) -> None:
    looks = []
    now = "16:05"
    while look_at := answering.decide(now).look_at:
        looks.append(look_at)
        now = look_at.astimezone(local("16:05").tzinfo).strftime("%d %H:%M:%S")
    assert looks == [local("18:05"), local("19:35"), local("20:05:01")]


@pytest.mark.scenario(1)
def test_a_warning_that_came_out_of_hours_is_looked_at_when_the_office_opens(tell: Tell) -> None:
    story = tell("administration", "09:32").created("09:32")
    look_at = story.decide("18:30").look_at
    assert look_at
    assert local("24 09:00") <= look_at < local("24 09:00:01")


def with_warnings(policy: Policy, *points: WarningPoint) -> Policy:
    answer = policy.answer.model_copy(update={"warnings": points})
    return policy.model_copy(update={"answer": answer})
