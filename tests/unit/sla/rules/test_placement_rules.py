"""When an approved answer is placed, and what the ticket says about it: clause 3.5."""

from collections.abc import Callable

import pytest

from bridge.sla.effects import PlaceAnswer
from bridge.sla.timeline import PlacementFact, PlacementOutcome, Status
from tests.unit.sla.rules.story import TEXT, Story, local

pytestmark = pytest.mark.clause("3.5")

Tell = Callable[..., Story]
MEANING = "ВКонтакте не отвечает."


@pytest.fixture
def approved(tell: Tell) -> Story:
    """Journal entry 1 submits, 2 approves."""
    story = tell().created("16:05").submitted("17:00").approved("17:10")
    return Story(story.policy, story.calendar, story.arrived, story.steps)


@pytest.mark.clause("2.1.4")
@pytest.mark.scenario(19)
def test_an_approval_asks_for_one_placement_of_the_text_as_approved(approved: Story) -> None:
    wanted = PlaceAnswer(key="place:2", approval=2, text=TEXT)
    assert approved.placing() == [wanted]
    approved.then("17:11", answer_text="Исправлено после одобрения.")
    assert approved.placing() == [wanted]
    approved.placement(PlacementOutcome.WAITING)
    assert approved.placing() == [wanted]


@pytest.mark.scenario(19)
@pytest.mark.parametrize(
    "outcome", [PlacementOutcome.PLACED, PlacementOutcome.UNCERTAIN, PlacementOutcome.FAILED]
)
def test_an_approval_whose_placement_has_ended_asks_for_no_other(
    approved: Story, outcome: PlacementOutcome
) -> None:
    assert approved.placement(outcome, "17:11").placing() == []


def test_a_placed_answer_closes_the_ticket_with_its_link(approved: Story) -> None:
    approved.placement(PlacementOutcome.PLACED, "17:11")
    (update,) = approved.updates()
    assert update.status == Status.PLACED
    assert update.fields["answer_link"] == "https://vk.com/wall-1_2?reply=3"

    approved.settle("17:11")
    assert approved.steps[-1].status is Status.PLACED
    assert approved.decide().closed
    assert approved.decide().effects == ()


@pytest.mark.scenario(17)
@pytest.mark.parametrize(
    ("outcome", "note"),
    [
        (PlacementOutcome.FAILED, "placement_failed"),
        (PlacementOutcome.UNCERTAIN, "placement_uncertain"),
    ],
)
def test_what_the_bridge_cannot_place_goes_to_the_curator_with_the_reason(
    approved: Story, outcome: PlacementOutcome, note: str
) -> None:
    approved.placement(outcome, "17:11", "15", MEANING)
    (update,) = approved.updates()
    assert update.status == Status.MANUAL_PLACEMENT
    assert update.note is not None
    assert (update.note.template, dict(update.note.values)) == (note, {"meaning": MEANING})


@pytest.mark.parametrize("first", [PlacementOutcome.FAILED, PlacementOutcome.UNCERTAIN])
def test_what_waits_for_a_person_and_stands_after_all_closes_its_ticket_with_the_link(
    approved: Story, first: PlacementOutcome
) -> None:
    approved.placement(first, "17:11", "15", MEANING).then("17:11", Status.MANUAL_PLACEMENT)
    assert not any(update.status for update in approved.updates("17:15"))
    approved.placements.clear()
    approved.placement(PlacementOutcome.PLACED, "17:20")
    (update,) = approved.updates("17:20")
    assert (update.key, update.status) == ("placed:2", Status.PLACED)
    assert update.fields["answer_link"] == "https://vk.com/wall-1_2?reply=3"
    approved.settle("17:20")
    assert approved.decide().closed
    assert approved.verdicts()["placement:1"] == "in_time"


@pytest.mark.parametrize("outcome", [PlacementOutcome.FAILED, PlacementOutcome.UNCERTAIN])
def test_the_curators_next_approval_sends_it_again(
    approved: Story, outcome: PlacementOutcome
) -> None:
    approved.placement(outcome, "17:11", "15", MEANING).then("17:11", Status.MANUAL_PLACEMENT)
    approved.approved("17:20")
    assert [effect.key for effect in approved.placing()] == ["place:4"]
    assert approved.statuses() == []


def test_a_failure_of_the_second_try_is_told_as_well(approved: Story) -> None:
    approved.placement(PlacementOutcome.FAILED, "17:11", "15", MEANING)
    (first,) = approved.updates("17:11")
    approved.then("17:11", Status.MANUAL_PLACEMENT).approved("17:20")
    approved.placement(PlacementOutcome.FAILED, "17:21", "15", MEANING)
    (second,) = approved.updates("17:21")
    assert second.note == first.note
    assert second.key != first.key


def test_an_approval_taken_back_before_sending_places_nothing(approved: Story) -> None:
    approved.sent_back("17:11")
    assert (approved.placing(), approved.decide().approval) == ([], None)


def test_an_approval_taken_back_too_late_tells_staff_where_the_answer_stands(
    approved: Story,
) -> None:
    approved.sent_back("17:11").placement(PlacementOutcome.PLACED, "17:12")
    assert approved.notes() == ["placed_in_vain"]
    approved.settle("17:12")
    assert approved.steps[-1].status is Status.REVISION
    assert approved.steps[-1].field("answer_link") == "https://vk.com/wall-1_2?reply=3"


def test_after_such_a_note_the_ticket_still_shows_its_deadlines(approved: Story) -> None:
    approved.sent_back("17:11").placement(PlacementOutcome.PLACED, "17:12").settle("17:12")
    assert approved.steps[-1].field("answer_due") == "23.11.2026 21:11"

    approved.settle("22:00")
    assert approved.steps[-1].field("deadline_state") == "просрочено"
    approved.submitted("22:10").settle("22:10")
    assert approved.steps[-1].field("revision_reason") == ""
    assert approved.steps[-1].field("placement_due") == "23.11.2026 22:40"


def test_the_text_that_stands_there_already_is_not_placed_again(approved: Story) -> None:
    approved.sent_back("17:11").placement(PlacementOutcome.PLACED, "17:12").settle("17:12")
    approved.submitted("17:30").approved("17:40").settle("17:40")
    assert len(approved.placements) == 1
    assert approved.steps[-1].status is Status.PLACED


def test_another_text_is_placed_after_an_answer_that_was_taken_back_too_late(
    approved: Story,
) -> None:
    approved.sent_back("17:11").placement(PlacementOutcome.PLACED, "17:12").settle("17:12")
    approved.submitted("17:30", text="Работы начнутся завтра.").approved("17:40")
    assert [effect.text for effect in approved.placing()] == ["Работы начнутся завтра."]


def test_a_text_that_turned_out_perhaps_visible_is_not_sent_by_an_earlier_approval(
    approved: Story,
) -> None:
    """Approved, taken back, approved again: all before the first call's outcome was given up."""
    approved.placement(PlacementOutcome.UNCERTAIN, "17:20", "unknown", MEANING)
    approved.sent_back("17:12").submitted("17:14").approved("17:15")
    approved.placements.append(PlacementFact(5, TEXT, PlacementOutcome.WAITING))
    assert approved.placing("17:21") == []
    assert approved.notes("17:21") == ["placement_uncertain"]


def test_an_approval_on_a_reopened_ticket_closes_it_when_its_answer_stands_there(
    approved: Story,
) -> None:
    approved.settle("17:11").then("24 09:00", Status.IN_PROGRESS).settle("24 09:00")
    approved.approved("24 09:10").settle("24 09:10")
    assert len(approved.placements) == 1
    assert approved.steps[-1].status is Status.PLACED


def test_an_approval_of_another_text_on_a_reopened_ticket_is_placed(approved: Story) -> None:
    approved.settle("17:11").then("24 09:00", Status.REVIEW, answer_text="Уточнение.")
    approved.approved("24 09:10").settle("24 09:10")
    assert [fact.text for fact in approved.placements] == [TEXT, "Уточнение."]
    assert approved.steps[-1].status is Status.PLACED


def test_what_staff_placed_by_hand_is_not_placed_again_when_they_reopen_the_ticket(
    tell: Tell,
) -> None:
    story = tell().created("16:05").submitted("17:00").then("17:10", Status.MANUAL_PLACEMENT)
    story.then("17:20", Status.PLACED, answer_link="https://vk.com/wall-1_2?reply=9")
    assert story.then("24 09:00", Status.APPROVED).placing("24 09:01") == []


def test_a_held_channel_is_told_once_and_the_placement_still_wanted(approved: Story) -> None:
    approved.placement(PlacementOutcome.WAITING, code="9", meaning=MEANING)
    assert [effect.key for effect in approved.placing("17:20")] == ["place:2"]
    (note, *_) = approved.updates("17:20")
    assert note.note is not None
    assert (note.status, note.note.template) == (None, "placement_held")
    assert dict(note.note.values) == {"meaning": MEANING}
    assert note.key == next(iter(approved.updates("17:50"))).key


def test_a_held_ticket_becomes_overdue_before_its_readers_eyes(approved: Story) -> None:
    approved.placement(PlacementOutcome.WAITING, code="9", meaning=MEANING)
    done = {effect.key for effect in approved.decide("17:20").effects}
    for update in approved.updates("17:20"):
        approved.then("17:20", by_bridge=True, **update.fields)
    later = {
        key: value
        for update in approved.updates("17:31")
        if update.key not in done
        for key, value in update.fields.items()
    }
    assert later == {"deadline_state": "просрочено"}


def test_another_reason_for_holding_is_told_too(approved: Story) -> None:
    approved.placement(PlacementOutcome.WAITING, code="9", meaning=MEANING)
    (first, *_) = approved.updates()
    approved.placements.clear()
    approved.placement(PlacementOutcome.WAITING, code="5", meaning="Ключ отозван.")
    (second, *_) = approved.updates()
    assert first.key != second.key


def test_a_placement_that_just_waits_its_turn_leaves_no_note(approved: Story) -> None:
    assert approved.placement(PlacementOutcome.WAITING).notes() == []


def test_the_curators_clock_counts_to_the_first_visible_answer(approved: Story) -> None:
    approved.sent_back("17:11").placement(PlacementOutcome.PLACED, "17:12")
    approved.submitted("17:30").approved("17:40")
    assert approved.clocks()["placement:2"].stop == local("17:40")
