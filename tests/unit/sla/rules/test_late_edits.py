"""What was approved goes out as it was approved; whoever edits it later is told (3.5, 3.6)."""

from collections.abc import Callable

import pytest

from bridge.settings import PROJECT
from bridge.sla.effects import Note
from bridge.sla.timeline import PlacementOutcome, Status
from bridge.texts import note_text, open_texts
from tests.unit.sla.rules.story import TEXT, Story

Tell = Callable[..., Story]
WAITING = Note("edited_after_approval", {"kind": "final"})
PLACED = Note("edited_after_placement", {"kind": "final"})


@pytest.fixture
def approved(tell: Tell) -> Story:
    return tell().created("16:05").submitted("17:00").approved("17:10")


def told(story: Story, now: str = "17:20") -> list[Note]:
    """What staff hear of edits."""
    updates = story.updates(now)
    return [each.note for each in updates if each.note and each.key.startswith("edited")]


def test_an_edit_while_the_answer_waits_is_told_and_does_not_go_out(approved: Story) -> None:
    approved.then("17:11", answer_text="Другой ответ.")
    assert told(approved) == [WAITING]
    assert [placing.text for placing in approved.placing("17:12")] == [TEXT]


def test_each_edit_is_told_once(approved: Story) -> None:
    approved.placement(PlacementOutcome.WAITING).then("17:11", answer_text="Другой ответ.")
    approved.settle("17:12").then("17:13", author="Иван").settle("17:14")
    assert {key for key in approved.done if key.startswith("edited")} == {"edited:3"}
    approved.then("17:15", answer_text="Третий ответ.").settle("17:16")
    assert len([key for key in approved.done if key.startswith("edited")]) == 2


def test_whoever_takes_the_edit_back_hears_nothing(approved: Story) -> None:
    approved.then("17:11", answer_text="Другой ответ.").then("17:11", answer_text=TEXT)
    assert told(approved) == []


def test_a_correction_made_with_the_approval_is_part_of_it(tell: Tell) -> None:
    story = tell().created("16:05").submitted("17:00")
    story.then("17:10", Status.APPROVED, answer_text="Исправленный ответ.")
    assert told(story) == []
    assert [placing.text for placing in story.placing()] == ["Исправленный ответ."]


def test_an_edit_that_is_approved_again_goes_out(approved: Story) -> None:
    approved.then("17:11", answer_text="Другой ответ.")
    approved.then("17:12", Status.MANUAL_PLACEMENT).approved("17:13")
    assert told(approved) == []
    assert [placing.text for placing in approved.placing("17:14")] == ["Другой ответ."]


def test_an_edit_of_a_placed_answer_changes_nothing_outside(approved: Story) -> None:
    approved.settle("17:11").then("17:30", answer_text="Другой ответ.")
    assert told(approved, "17:31") == [PLACED]
    assert approved.placing("17:31") == []


def test_an_edit_just_before_the_placement_was_seen_is_told_as_one_after_it(
    approved: Story,
) -> None:
    approved.then("17:11", answer_text="Другой ответ.")
    approved.placement(PlacementOutcome.PLACED, "17:11")
    approved.placements[0] = type(approved.placements[0])(
        2, TEXT, PlacementOutcome.PLACED, approved.placements[0].at, "https://vk.com/1"
    )
    assert told(approved) == [PLACED]
    approved.settle("17:12")
    assert "edited:3" in approved.done


def test_answers_placed_by_hand_are_watched_too(tell: Tell) -> None:
    story = tell().created("16:05").submitted("17:00").then("17:10", Status.MANUAL_PLACEMENT)
    story.then("17:20", Status.PLACED).then("17:30", answer_text="Другой ответ.")
    assert told(story, "17:31") == [PLACED]


def test_an_interim_answer_is_watched_alike(tell: Tell) -> None:
    story = tell().created("16:05").interim("17:00").interim_approved("17:10")
    story.then("17:11", interim_text="Иначе.")
    assert told(story) == [Note("edited_after_approval", {"kind": "interim"})]
    story.settle("17:12").then("17:13", interim_text="Ещё иначе.")
    assert told(story) == [Note("edited_after_placement", {"kind": "interim"})]


@pytest.mark.parametrize("template", ["edited_after_approval", "edited_after_placement"])
@pytest.mark.parametrize(("kind", "field"), [("final", "«Текст ответа»"), ("interim", "«Текст пр")])
def test_the_note_names_the_field(template: str, kind: str, field: str) -> None:
    text = note_text(open_texts(PROJECT / "templates", str), Note(template, {"kind": kind}))
    assert text.startswith("Пункт 3.")
    assert field in text
