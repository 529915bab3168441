"""A person who takes a void step again is not fought with: the curator is told, once."""

import re
from collections.abc import Callable

import pytest

from bridge.settings import PROJECT
from bridge.sla.clocks import Verdict
from bridge.sla.effects import Note
from bridge.sla.timeline import Status
from bridge.texts import note_text, open_texts
from tests.unit.sla.rules.story import REASON, TEXT, Story, local

Tell = Callable[..., Story]
ALERT = Note("step_insisted", {"objection": "revision_without_reason"})


@pytest.fixture
def undone(tell: Tell) -> Story:
    """A revision without a reason, which the bridge has undone."""
    story = tell().created("16:05").submitted("17:00").settle("17:00")
    return story.sent_back("17:10", reason="").settle("17:10")


@pytest.fixture
def insisted(undone: Story) -> Story:
    return undone.sent_back("17:15", reason="")


def test_the_same_step_again_stays_and_the_curator_is_told(insisted: Story) -> None:
    assert (insisted.statuses("17:15"), insisted.notes("17:15")) == ([], [ALERT.template])
    insisted.settle("17:16").then("17:17")
    assert insisted.steps[-1].status is Status.REVISION
    told = {key for key in insisted.settle("17:20").done if key.startswith("insisted")}
    assert told == {"insisted:5"}


def test_it_still_does_not_count(insisted: Story) -> None:
    insisted.settle("17:16")
    assert "revision:1" not in insisted.clocks("17:20")
    assert insisted.verdicts("17:20")["placement:1"] == "running"


def test_it_counts_as_soon_as_what_was_missing_has_come(insisted: Story) -> None:
    insisted.settle("17:16").then("17:20", revision_reason=REASON)
    assert insisted.notes("17:20") == []
    assert insisted.clocks("17:20")["revision:1"].start == local("17:20")
    assert insisted.verdicts("17:20")["placement:1"] == Verdict.IN_TIME


def test_a_third_try_is_met_with_silence(insisted: Story) -> None:
    insisted.settle("17:16").then("17:20", Status.REVIEW).settle("17:20")
    insisted.sent_back("17:25", reason="")
    assert (insisted.notes("17:25"), insisted.statuses("17:25")) == ([], [])


def test_another_mistake_is_undone_as_ever(tell: Tell) -> None:
    story = tell().created("16:05").submitted("17:00", text="").settle("17:00")
    story.then("17:05", photos_required="1").submitted("17:10").settle("17:10")
    assert story.steps[-1].status is Status.ASSIGNED
    assert {"undo:1", "undo:4"} <= story.done


def test_a_step_that_the_person_took_back_himself_was_no_fight(tell: Tell) -> None:
    story = tell().created("16:05").submitted("17:00").settle("17:00")
    story.sent_back("17:10", reason="").then("17:11", Status.REVIEW).sent_back("17:12", reason="")
    assert story.statuses("17:12") == [Status.REVIEW]


def test_what_goes_wrong_in_a_later_round_is_new(undone: Story) -> None:
    undone.sent_back("17:15").submitted("17:30").settle("17:30").sent_back("17:40", reason="")
    assert undone.statuses("17:40") == [Status.REVIEW]


def test_an_answer_is_not_placed_while_somebody_insists_on_taking_it_back(undone: Story) -> None:
    undone.approved("17:20").sent_back("17:21", reason="")
    assert undone.placing("17:21") == []
    assert undone.decide("17:21").approval is None
    undone.then("17:22", Status.APPROVED)
    (placing,) = undone.placing("17:22")
    assert placing.text == TEXT


def test_the_note_says_of_every_objection_what_is_wrong() -> None:
    source = (PROJECT / "bridge" / "sla" / "objections.py").read_text(encoding="utf-8")
    texts = open_texts(PROJECT / "templates", str)
    objections = re.findall(r'Note\(\s*"(\w+)"', source)
    assert len(objections) > 5
    for objection in objections:
        text = note_text(texts, Note("step_insisted", {"objection": objection}))
        assert text.startswith("Куратору: ")
