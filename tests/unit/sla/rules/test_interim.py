"""Interim answers: clause 3.6, readings 4 to 6."""

from collections.abc import Callable

import pytest

from bridge.sla.answer_term import FINAL_ANSWER_CAME
from bridge.sla.clocks import CURATOR, Verdict
from bridge.sla.effects import Note, PlaceAnswer
from bridge.sla.policy import Policy
from bridge.sla.timeline import AnswerKind, PlacementOutcome, Status
from tests.unit.sla.rules.story import INTERIM, TEXT, UNTIL, Story, local

pytestmark = pytest.mark.clause("3.6")

Tell = Callable[..., Story]
MEANING = "ВКонтакте не отвечает."


@pytest.fixture
def working(tell: Tell) -> Story:
    """The answer is due at 20:05."""
    return tell().created("16:05").then("16:10", Status.IN_PROGRESS)


@pytest.fixture
def extended(working: Story) -> Story:
    """Placed in time, at 17:11: the final answer is due the next day at 20:05."""
    return placed_interim(working, "17:11")


def placed_interim(story: Story, at: str) -> Story:
    return story.interim("17:00").interim_approved("17:10").settle(at)


# Its placement


@pytest.mark.clause("2.1.3")
def test_an_approved_interim_answer_is_placed_with_the_period_that_it_tells(
    working: Story,
) -> None:
    working.interim("17:00").interim_approved("17:10")
    wanted = PlaceAnswer("place:3", 3, INTERIM, kind=AnswerKind.INTERIM, final_by=UNTIL)
    assert working.placing("17:11") == [wanted]
    working.then("17:11", interim_text="Иначе.", interim_until="25.11.2026 10:00")
    assert working.placing("17:12") == [wanted]


def test_the_ticket_then_waits_for_the_final_answer_and_tells_when_it_is_due(
    extended: Story,
) -> None:
    assert extended.steps[-1].status is Status.INTERIM_PLACED
    assert extended.fields("17:12")["answer_due"] == "24.11.2026 20:05"
    assert extended.fields("17:12")["final_due"] == "24.11.2026 20:05"
    assert not extended.decide("17:12").closed
    assert "interim-told:1" in extended.done
    (told,) = extended.updates("17:12")
    assert told.note == Note("interim_extends", {"due": "24.11.2026 20:05"})


def test_the_final_answer_after_it_is_checked_and_placed_as_any_other(extended: Story) -> None:
    extended.submitted("24 10:00").approved("24 10:10").settle("24 10:11")
    assert [fact.text for fact in extended.placements] == [INTERIM, TEXT]
    assert extended.steps[-1].status is Status.PLACED
    assert extended.verdicts("24 10:12") == {
        "routing:1": Verdict.IN_TIME,
        "answer:1": Verdict.IN_TIME,
        "interim:1": Verdict.IN_TIME,
        "final:1": Verdict.IN_TIME,
        "placement:1": Verdict.IN_TIME,
    }


@pytest.mark.parametrize("outcome", [PlacementOutcome.FAILED, PlacementOutcome.UNCERTAIN])
def test_an_interim_answer_placed_by_hand_is_not_taken_for_the_final_one(
    working: Story, outcome: PlacementOutcome
) -> None:
    working.interim("17:00").interim_approved("17:10").placement(outcome, "17:11", "15", MEANING)
    (update,) = working.updates("17:11")
    assert update.status == Status.MANUAL_PLACEMENT
    assert update.note == Note(f"interim_{outcome}", {"meaning": MEANING})

    working.settle("17:11")
    assert working.clocks("17:12")["answer:1"].running
    assert "placement:1" not in working.clocks("17:12")

    working.then("17:20", Status.INTERIM_PLACED)
    interim = working.clocks("17:21")["interim:1"]
    assert (interim.stop, interim.verdict) == (local("17:20"), Verdict.IN_TIME)
    assert working.clocks("17:21")["answer:1"].due == local("24 20:05")


def test_a_failed_interim_answer_is_sent_again_when_it_is_approved_again(working: Story) -> None:
    working.interim("17:00").interim_approved("17:10")
    working.placement(PlacementOutcome.FAILED, "17:11", "15", MEANING).settle("17:11")
    working.interim_approved("17:20")
    assert [effect.approval for effect in working.placing("17:20")] == [
        working.steps[-1].journal_id
    ]


def test_a_held_channel_is_told_of_an_interim_answer_too(working: Story) -> None:
    working.interim("17:00").interim_approved("17:10")
    working.placement(PlacementOutcome.WAITING, code="9", meaning=MEANING)
    assert working.notes("17:20") == ["interim_held"]


def test_closing_the_ticket_with_the_interim_answer_alone_is_undone(working: Story) -> None:
    working.interim("17:00").interim_approved("17:10")
    working.placement(PlacementOutcome.FAILED, "17:11", "15", MEANING).settle("17:11")
    working.then("17:20", Status.PLACED)
    assert working.notes("17:20") == ["interim_is_not_final"]
    assert working.statuses("17:20") == [Status.MANUAL_PLACEMENT]
    assert working.clocks("17:21")["answer:1"].running


def test_an_interim_approval_taken_back_too_late_counts_as_placed_and_is_told(
    working: Story,
) -> None:
    working.interim("17:00").interim_approved("17:10").sent_back("17:11")
    working.placement(PlacementOutcome.PLACED, "17:12")
    assert working.notes("17:13") == ["interim_in_vain"]
    assert working.clocks("17:13")["interim:1"].stop == local("17:12")
    assert working.settle("17:13").steps[-1].status is Status.REVISION


# Its clocks


def test_the_interim_clock_is_due_with_the_answer_and_is_seen_once_one_is_submitted(
    working: Story,
) -> None:
    assert "interim:1" not in working.clocks("16:50")
    interim = working.interim("17:00").clocks("17:01")["interim:1"]
    assert (interim.clause, interim.holder, interim.running) == ("3.6", "roads", True)
    assert (interim.start, interim.due) == (local("16:05"), local("20:05"))


def test_an_interim_duty_is_booked_to_whom_the_policy_names_first(working: Story) -> None:
    rule = working.policy.interim
    assert rule
    turned = rule.model_copy(update={"held_by": tuple(reversed(rule.held_by))})
    working.policy = working.policy.model_copy(update={"interim": turned})
    assert working.interim("17:00").clocks("17:01")["interim:1"].holder == CURATOR


def test_submission_and_approval_do_not_stop_the_interim_clock_and_placement_does(
    working: Story,
) -> None:
    working.interim("17:00").interim_approved("17:10")
    assert working.clocks("17:11")["interim:1"].running
    working.placement(PlacementOutcome.PLACED, "17:12")
    interim = working.clocks("17:13")["interim:1"]
    assert (interim.stop, interim.verdict) == (local("17:12"), Verdict.IN_TIME)


def test_in_time_it_extends_the_answer_by_a_day_from_its_due_and_not_from_the_placement(
    extended: Story,
) -> None:
    clocks = extended.clocks("17:12")
    answer, final = clocks["answer:1"], clocks["final:1"]
    assert (answer.start, answer.due, answer.clause) == (local("16:05"), local("24 20:05"), "3.6")
    assert answer.running
    assert "24 ч подряд" in answer.explanation
    assert (final.start, final.due, final.clause) == (local("17:11"), local("24 20:05"), "3.6")
    assert final.running


def test_placed_at_the_very_due_instant_it_extends(working: Story) -> None:
    clocks = placed_interim(working, "20:05").clocks("20:06")
    assert clocks["interim:1"].verdict is Verdict.IN_TIME
    assert clocks["answer:1"].due == local("24 20:05")


def test_service_time_of_the_answer_is_extended_by_elapsed_hours(tell: Tell) -> None:
    story = placed_interim(tell("administration").created("16:20"), "17:11")
    assert story.clocks("17:12")["answer:1"].due == local("25 16:08")


@pytest.mark.reading(6)
def test_placed_late_it_extends_nothing_and_the_breach_stands(working: Story) -> None:
    story = placed_interim(working, "20:06")
    clocks = story.clocks("20:10")
    assert clocks["interim:1"].verdict is Verdict.LATE
    assert (clocks["answer:1"].due, clocks["answer:1"].clause) == (local("20:05"), "3.2.1")
    assert "final:1" not in clocks
    assert story.notes("20:10") == ["interim_extends_nothing"]
    story.submitted("20:30")
    assert story.verdicts("20:31")["answer:1"] == Verdict.LATE


def test_a_submission_after_the_extended_due_is_late(extended: Story) -> None:
    extended.submitted("24 20:06")
    assert extended.verdicts("24 20:07")["answer:1"] == Verdict.LATE


def test_the_final_clock_runs_until_the_final_answer_is_placed(extended: Story) -> None:
    extended.submitted("24 20:00").approved("24 20:01")
    assert extended.clocks("24 20:02")["final:1"].running
    extended.placement(PlacementOutcome.PLACED, "24 20:06")
    final = extended.clocks("24 20:07")["final:1"]
    assert (final.stop, final.verdict) == (local("24 20:06"), Verdict.LATE)
    assert extended.verdicts("24 20:07")["answer:1"] == Verdict.IN_TIME


def test_where_the_final_answer_comes_first_no_interim_one_is_owed(working: Story) -> None:
    interim = working.interim("17:00").then("17:05", Status.REVIEW, answer_text=TEXT).clocks()
    assert interim["interim:1"].verdict is Verdict.CANCELLED
    assert interim["interim:1"].cause == FINAL_ANSWER_CAME
    assert interim["answer:1"].verdict is Verdict.IN_TIME


def test_an_interim_answer_sent_back_with_a_reason_leaves_the_answers_term(working: Story) -> None:
    working.interim("17:00").settle("17:00").then("17:05", Status.REVISION)
    assert working.notes("17:05") == ["revision_without_reason"]
    working.settle("17:05").sent_back("17:10")
    running = [key for key, clock in working.clocks("17:11").items() if clock.running]
    assert running == ["answer:1", "interim:1"]
    placed = working.interim("17:30").interim_approved("17:40").settle("17:41")
    assert placed.clocks("17:42")["answer:1"].due == local("24 20:05")


def test_the_reason_of_an_interim_answers_round_is_cleared_for_the_next(working: Story) -> None:
    working.interim("17:00").sent_back("17:10").interim("17:30").settle("17:30")
    assert working.steps[-1].field("revision_reason") == ""


def test_a_placement_clock_does_not_run_for_an_interim_answer(working: Story) -> None:
    assert "placement:1" not in working.interim("17:00").interim_approved("17:10").clocks()


def test_the_next_department_has_a_term_of_its_own(extended: Story) -> None:
    clocks = extended.then("18:00", Status.ASSIGNED, "parks").clocks("18:01")
    assert clocks["final:1"].verdict is Verdict.CANCELLED
    assert clocks["answer:2"].due == local("22:00")


def test_an_interim_answer_during_a_revision_extends_nothing(working: Story) -> None:
    story = working.submitted("17:00").sent_back("17:10")
    story.interim("17:20").interim_approved("17:30").settle("17:31")
    assert story.clocks("17:32")["revision:1"].due == local("21:10")
    assert story.notes("17:32") == ["interim_extends_nothing"]


# What is refused


@pytest.mark.reading(5)
def test_a_second_interim_answer_is_refused(extended: Story) -> None:
    extended.interim("18:00", text="Ещё ждём.")
    assert extended.notes("18:00") == ["interim_refused"]
    assert extended.statuses("18:00") == [Status.INTERIM_PLACED]
    assert extended.clocks("18:01")["answer:1"].due == local("24 20:05")


@pytest.mark.reading(5)
def test_a_city_may_allow_a_second_one_which_extends_on_from_the_first(extended: Story) -> None:
    extended.policy = with_interim(extended.policy, limit=2)
    extended.interim("24 18:00", until="25.11.2026 12:00").interim_approved("24 18:10")
    extended.settle("24 18:11")
    assert extended.clocks("24 18:12")["answer:1"].due == local("25 20:05")
    assert extended.clocks("24 18:12")["final:1"].due == local("25 20:05")
    assert extended.verdicts("24 18:12")["interim:2"] == Verdict.IN_TIME


@pytest.mark.reading(6)
@pytest.mark.parametrize(
    ("text", "until", "note"),
    [
        ("", UNTIL, "interim_without_text"),
        (INTERIM, "", "interim_without_period"),
        (INTERIM, "завтра", "interim_without_period"),
        (INTERIM, "31.02.2027 10:00", "interim_without_period"),
        (INTERIM, "23.11.2026 17:00", "interim_period_past"),
        (INTERIM, "24.11.2026 20:06", "interim_period_too_late"),
    ],
)
def test_an_interim_answer_without_words_or_a_right_period_is_undone(
    working: Story, text: str, until: str, note: str
) -> None:
    working.interim("17:00", text, until)
    assert (working.notes("17:00"), working.statuses("17:00")) == ([note], [Status.IN_PROGRESS])
    assert "interim:1" not in working.clocks("17:00")


def test_the_note_names_the_latest_time_that_may_be_told(working: Story) -> None:
    (update,) = working.interim("17:00", until="24.11.2026 20:06").updates("17:00")
    assert update.note
    assert dict(update.note.values) == {"told": "24.11.2026 20:06", "latest": "24.11.2026 20:05"}


@pytest.mark.reading(6)
def test_the_extended_due_itself_may_be_told(working: Story) -> None:
    assert working.interim("17:00", until="24.11.2026 20:05").notes("17:00") == []


def test_a_period_that_has_passed_by_the_approval_sends_the_answer_back(working: Story) -> None:
    working.interim("17:00", until="23.11.2026 17:30").interim_approved("17:30")
    assert working.statuses("17:30") == [Status.INTERIM_REVIEW]
    assert working.placing("17:30") == []


def test_a_late_interim_answer_may_still_tell_any_time_to_come(working: Story) -> None:
    assert working.interim("21:00", until="26.11.2026 10:00").notes("21:00") == []


@pytest.mark.reading(6)
def test_a_city_may_leave_the_period_open(working: Story) -> None:
    readings = working.policy.readings.model_copy(update={"interim_period": "optional"})
    working.policy = working.policy.model_copy(update={"readings": readings})
    assert working.interim("17:00", until="").notes("17:00") == []


# With photos


@pytest.mark.reading(4)
def test_with_photos_an_interim_answer_is_placed_and_extends_nothing(tell: Tell) -> None:
    story = tell().created("16:05", photos_required="1")
    due = story.clocks()["answer:1"].due
    placed_interim(story, "17:11")
    clocks = story.clocks("17:12")
    assert clocks["interim:1"].verdict is Verdict.IN_TIME
    assert (clocks["answer:1"].due, clocks["answer:1"].clause) == (due, "3.4")
    assert "final:1" not in clocks
    assert story.notes("17:12") == ["interim_extends_nothing"]


@pytest.mark.reading(4)
@pytest.mark.scenario(8)
def test_photos_needed_after_the_interim_answer_replace_the_extended_term(extended: Story) -> None:
    extended.photos_needed("18:00")
    clocks = extended.clocks("18:01")
    assert clocks["answer:1"].clause == "3.4"
    assert "final:1" not in clocks

    extended.photos_needed("18:10", "0")
    clocks = extended.clocks("18:11")
    assert (clocks["answer:1"].due, clocks["answer:1"].clause) == (local("24 20:05"), "3.6")
    assert clocks["final:1"].due == local("24 20:05")


def with_interim(policy: Policy, **settings: object) -> Policy:
    assert policy.interim
    interim = policy.interim.model_copy(update=settings)
    return policy.model_copy(update={"interim": interim})
