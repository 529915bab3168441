"""A department places its answer itself, where the curator has agreed (2.1.4, reading 11)."""

from collections.abc import Callable

import pytest

from bridge.settings import PROJECT
from bridge.sla.circumstances import Circumstances
from bridge.sla.clocks import Verdict
from bridge.sla.effects import Note
from bridge.sla.timeline import PlacementOutcome, Status
from bridge.texts import note_text, open_texts
from tests.unit.sla.rules.story import INTERIM, TEXT, UNTIL, Story, local

Tell = Callable[..., Story]
LINK = "https://vk.com/wall-1_2?reply=99"


@pytest.fixture
def agreed(tell: Tell) -> Story:
    return tell().created("16:05").then("16:10", self_placement="1")


@pytest.mark.clause("2.1.4")
@pytest.mark.reading(11)
def test_the_submission_is_placed_without_the_curators_check(agreed: Story) -> None:
    agreed.submitted("17:00")
    (placing,) = agreed.placing("17:01")
    assert (placing.key, placing.text) == ("place:2", TEXT)
    assert agreed.settle("17:01").steps[-1].status is Status.PLACED
    assert agreed.decide("17:02").closed


def test_both_clocks_end_by_what_really_happened(agreed: Story) -> None:
    agreed.submitted("17:00").settle("17:01")
    clocks = agreed.clocks("17:02")
    assert (clocks["answer:1"].stop, clocks["placement:1"].stop) == (local("17:00"), local("17:01"))
    assert agreed.verdicts("17:02")["placement:1"] == Verdict.IN_TIME


def test_a_late_submission_is_late_all_the_same(agreed: Story) -> None:
    agreed.submitted("20:06").settle("20:07")
    assert agreed.verdicts("20:08")["answer:1"] == Verdict.LATE


def test_an_answer_that_the_department_has_placed_is_not_placed_again(agreed: Story) -> None:
    agreed.then("17:00", Status.REVIEW, answer_text=TEXT, answer_link=LINK)
    assert agreed.placing("17:01") == []
    assert agreed.settle("17:05").steps[-1].status is Status.PLACED
    assert agreed.steps[-1].field("answer_link") == LINK
    clocks = agreed.clocks("17:06")
    assert (clocks["answer:1"].stop, clocks["placement:1"].stop) == (local("17:00"), local("17:00"))
    assert not [clock for clock in clocks.values() if clock.running]


def test_without_the_flag_a_link_means_nothing(tell: Tell) -> None:
    story = tell().created("16:05")
    story.then("17:00", Status.REVIEW, answer_text=TEXT, answer_link=LINK)
    assert story.settle("17:01").steps[-1].status is Status.REVIEW
    assert story.verdicts("17:02")["placement:1"] == "running"


def test_a_flag_set_while_the_curator_checks_places_nothing(tell: Tell) -> None:
    story = tell().created("16:05").submitted("17:00").then("17:05", self_placement="1")
    assert story.placing("17:06") == []


def test_the_curator_may_take_it_back_until_the_answer_is_out(agreed: Story) -> None:
    agreed.submitted("17:00").then("17:01", self_placement="0")
    assert agreed.placing("17:02") == []
    assert agreed.settle("17:02").steps[-1].status is Status.REVIEW
    assert len(agreed.approved("17:10").placing("17:10")) == 1


def test_a_failed_placement_goes_to_the_curator(agreed: Story) -> None:
    agreed.submitted("17:00")
    agreed.then("17:00").steps.pop()
    fact = agreed.approved("17:00").placement(PlacementOutcome.FAILED, "17:01", "15", "Нет прав.")
    fact.steps.pop()
    agreed.placements[0] = type(agreed.placements[0])(
        2, TEXT, PlacementOutcome.FAILED, local("17:01"), code="15", meaning="Нет прав."
    )
    assert agreed.statuses("17:02") == [Status.MANUAL_PLACEMENT]
    assert agreed.verdicts("17:02")["placement:1"] == "running"


def test_an_answer_that_is_refused_is_not_placed_either(agreed: Story) -> None:
    agreed.submitted("17:00", text="")
    assert (agreed.placing("17:01"), agreed.notes("17:01")) == ([], ["answer_without_text"])


def test_an_interim_answer_is_placed_alike(agreed: Story) -> None:
    agreed.interim("17:00", INTERIM, UNTIL)
    assert [placing.text for placing in agreed.placing("17:01")] == [INTERIM]
    assert agreed.settle("17:01").steps[-1].status is Status.INTERIM_PLACED


@pytest.mark.parametrize("obstacle", ["office", "channel"])
def test_where_it_is_not_provided_for_the_flag_comes_off_with_a_note(
    agreed: Story, obstacle: str
) -> None:
    _put_up(agreed, obstacle)
    (update,) = [each for each in agreed.updates("16:11") if each.note]
    assert update.note == Note("self_placement_refused", {"obstacle": obstacle})
    assert update.fields == {"self_placement": "0"}
    text = note_text(open_texts(PROJECT / "templates", str), update.note)
    assert text.startswith("Пункт 2.1.4 регламента: самостоятельное размещение ")

    agreed.settle("16:11").submitted("17:00")
    assert agreed.placing("17:01") == []


def test_a_flag_set_again_is_told_of_again(agreed: Story) -> None:
    _put_up(agreed, "office")
    agreed.settle("16:11").then("16:20", self_placement="1").settle("16:21")
    assert len([key for key in agreed.done if key.startswith("self-placement")]) == 2


def _put_up(story: Story, obstacle: str) -> None:
    if obstacle == "channel":
        story.around = Circumstances(self_placement=False)
        return
    readings = story.policy.readings.model_copy(update={"self_placement": "never"})
    story.policy = story.policy.model_copy(update={"readings": readings})
