"""Steps that the regulation does not allow are undone once, and touch no clock."""

from collections.abc import Callable

import pytest

from bridge.sla.clocks import Verdict
from bridge.sla.effects import Note
from bridge.sla.timeline import Status
from tests.unit.sla.rules.story import REASON, TEXT, Story, local

Tell = Callable[..., Story]


@pytest.fixture
def submitted(tell: Tell) -> Story:
    return tell().created("16:05").submitted("17:00").settle("17:00")


@pytest.mark.clause("3.7")
@pytest.mark.reading(10)
def test_a_revision_without_a_reason_is_undone_with_a_note(submitted: Story) -> None:
    submitted.sent_back("17:10", reason=" ")
    (update,) = submitted.updates("17:10")
    assert (update.status, update.note) == (Status.REVIEW, Note("revision_without_reason"))


def test_it_is_undone_once(submitted: Story) -> None:
    submitted.sent_back("17:10", reason="").then("17:11", author="Иван").then("17:12")
    (first,) = submitted.updates("17:11")
    (second,) = submitted.updates("17:12")
    assert first.key == second.key

    submitted.settle("17:12")
    assert submitted.steps[-1].status is Status.REVIEW
    assert submitted.updates("17:12") == []


@pytest.mark.clause("3.7")
@pytest.mark.reading(10)
def test_the_reason_of_an_earlier_round_does_not_count(submitted: Story) -> None:
    submitted.sent_back("17:10").submitted("17:30")
    assert submitted.fields("17:30")["revision_reason"] == ""

    submitted.settle("17:30").then("17:40", Status.REVISION)
    assert submitted.notes("17:40") == ["revision_without_reason"]
    submitted.settle("17:40").sent_back("17:45", REASON)
    assert submitted.notes("17:45") == []
    assert submitted.clocks("17:45")["revision:2"].start == local("17:45")


@pytest.mark.clause("3.7")
@pytest.mark.reading(10)
def test_a_reason_given_afterwards_makes_the_revision_count_from_then(submitted: Story) -> None:
    submitted.sent_back("17:10", reason="").then("17:20", revision_reason=REASON)
    assert submitted.updates("17:20")[0].status is None
    clocks = submitted.clocks("17:20")
    assert clocks["placement:1"].stop == local("17:20")
    assert clocks["revision:1"].start == local("17:20")


@pytest.mark.clause("3.7", "3.5")
def test_a_void_revision_neither_stops_the_curators_clock_nor_starts_another(
    submitted: Story,
) -> None:
    before = submitted.clocks("17:40")
    submitted.sent_back("17:10", reason="")
    assert submitted.clocks("17:40") == before
    submitted.settle("17:11").sent_back("17:31")
    assert submitted.verdicts("17:40")["placement:1"] == Verdict.LATE


@pytest.mark.clause("2.1.3")
def test_a_submission_without_an_answer_goes_back_to_the_department(tell: Tell) -> None:
    story = tell().created("16:05").then("16:30", Status.IN_PROGRESS).submitted("17:00", text="")
    assert (story.notes(), story.statuses()) == (["answer_without_text"], [Status.IN_PROGRESS])
    assert story.verdicts()["answer:1"] == "running"

    story.settle("17:01").submitted("17:30")
    assert story.clocks()["answer:1"].stop == local("17:30")


@pytest.mark.clause("2.1.3", "2.1.4")
def test_an_approval_without_an_answer_is_undone_and_places_nothing(tell: Tell) -> None:
    story = tell().created("16:05").then("16:30", Status.APPROVED)
    assert story.placing() == []
    assert (story.notes(), story.statuses()) == (["answer_without_text"], [Status.ASSIGNED])


@pytest.mark.clause("2.1.3")
def test_an_answer_written_afterwards_makes_the_submission_count(tell: Tell) -> None:
    story = tell().created("16:05").submitted("17:00", text="").then("17:05", answer_text=TEXT)
    assert story.notes() == []
    assert story.clocks()["answer:1"].stop == local("17:05")


def test_a_void_way_back_from_an_approval_leaves_it_in_force(submitted: Story) -> None:
    submitted.approved("17:10").sent_back("17:11", reason="")
    (placing,) = submitted.placing("17:11")
    assert submitted.statuses("17:11") == [Status.APPROVED]

    submitted.settle("17:12")
    assert submitted.steps[-1].status is Status.PLACED
    assert [fact.approval for fact in submitted.placements] == [placing.approval]


def test_a_ticket_that_begins_with_a_void_step_becomes_a_new_one(tell: Tell) -> None:
    story = tell().created("16:05", Status.REVIEW, None, by_bridge=False)
    assert story.statuses() == [Status.NEW]
    assert story.settle("16:06").updates("16:06") == []


def test_whoever_leaves_the_void_status_himself_is_not_corrected(submitted: Story) -> None:
    submitted.sent_back("17:10", reason="").then("17:11", Status.REVIEW)
    assert submitted.updates("17:11") == []
