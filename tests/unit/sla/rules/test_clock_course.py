"""Which clocks run on a ticket, from when, until when: clauses 3.1, 3.2, 3.3, 3.5, 3.7."""

from collections.abc import Callable
from datetime import UTC, timedelta

import pytest

from bridge.sla.clocks import CURATOR, Verdict
from bridge.sla.timeline import PlacementOutcome, Status
from tests.unit.sla.rules.story import TEXT, Story, local

Tell = Callable[..., Story]


@pytest.mark.clause("3.1", "2.1.2")
def test_routing_runs_for_an_hour_from_arrival_until_a_department_has_the_ticket(
    tell: Tell,
) -> None:
    story = tell(arrived="16:00").created("16:05", Status.NEW, None)
    routing = story.clocks()["routing:1"]
    assert (routing.clause, routing.holder) == ("3.1", CURATOR)
    assert (routing.start, routing.due, routing.stop) == (local("16:00"), local("17:00"), None)

    routed = story.then("16:40", Status.ASSIGNED, "roads").clocks()["routing:1"]
    assert (routed.stop, routed.verdict) == (local("16:40"), Verdict.IN_TIME)


@pytest.mark.clause("3.2.1", "3.2.2", "3.3")
@pytest.mark.parametrize(
    ("policy", "clause", "due"),
    [
        ("head-feed", "3.2.1", "20:20"),
        ("head-direct", "3.2.2", "25 16:20"),
        ("administration", "3.3", "24 16:08"),
    ],
)
def test_answer_is_due_as_the_channels_clause_says(
    tell: Tell, policy: str, clause: str, due: str
) -> None:
    answer = tell(policy, arrived="16:20").created("16:20").clocks()["answer:1"]
    assert (answer.clause, answer.holder) == (clause, "roads")
    assert (answer.start, answer.due) == (local("16:20"), local(due))
    assert answer.explanation.startswith(f"п. {clause}: ")


@pytest.mark.clause("3.3")
@pytest.mark.scenario(6)
def test_service_time_of_the_answer_skips_a_night_a_weekend_and_lunch(tell: Tell) -> None:
    friday = tell("administration", "20 16:30").created("20 16:30")
    # 30 minutes on Friday, 3 hours before lunch on Monday and 4 h 30 min after it.
    assert friday.clocks()["answer:1"].due == local("23 17:18")


@pytest.mark.clause("3.2.1", "3.5", "2.1.3")
def test_submission_stops_the_answer_and_starts_thirty_minutes_for_the_curator(
    tell: Tell,
) -> None:
    clocks = tell().created("16:05").submitted("17:00").clocks("17:10")
    assert (clocks["answer:1"].stop, clocks["answer:1"].verdict) == (
        local("17:00"),
        Verdict.IN_TIME,
    )
    placement = clocks["placement:1"]
    assert (placement.clause, placement.holder) == ("3.5", CURATOR)
    assert (placement.start, placement.due) == (local("17:00"), local("17:30"))
    assert placement.running


@pytest.mark.reading(2)
@pytest.mark.parametrize(
    ("at", "verdict"), [("20:05:00", Verdict.IN_TIME), ("20:05:01", Verdict.LATE)]
)
def test_a_stop_exactly_at_the_due_instant_is_in_time(
    tell: Tell, at: str, verdict: Verdict
) -> None:
    assert tell().created("16:05").submitted(at).clocks()["answer:1"].verdict is verdict


@pytest.mark.reading(2)
def test_an_overdue_clock_runs_on_until_it_is_stopped(tell: Tell) -> None:
    story = tell().created("16:05")
    answer = story.clocks("24 09:00")["answer:1"]
    assert answer.running
    assert answer.overdue(local("24 09:00"))
    assert not answer.overdue(answer.due)

    late = story.submitted("24 10:00").clocks("24 11:00")["answer:1"]
    assert (late.stop, late.verdict) == (local("24 10:00"), Verdict.LATE)


@pytest.mark.clause("3.5")
def test_placement_stops_when_the_answer_is_visible_and_not_when_the_ticket_says_so(
    tell: Tell,
) -> None:
    story = tell().created("16:05").submitted("17:00").approved("17:20")
    story.placement(PlacementOutcome.PLACED, "17:29").then("17:45", Status.PLACED, by_bridge=True)
    placement = story.clocks()["placement:1"]
    assert (placement.stop, placement.verdict) == (local("17:29"), Verdict.IN_TIME)


@pytest.mark.clause("3.5")
def test_an_approval_alone_does_not_stop_placement(tell: Tell) -> None:
    story = tell().created("16:05").submitted("17:00").approved("17:20")
    assert story.verdicts("17:40")["placement:1"] == "running"
    story.placement(PlacementOutcome.FAILED, "17:21", "15", "Нет прав.")
    story.then("17:21", Status.MANUAL_PLACEMENT, by_bridge=True)
    assert story.verdicts("17:40")["placement:1"] == "running"
    assert story.then("17:50", Status.PLACED).verdicts()["placement:1"] == Verdict.LATE


@pytest.mark.clause("3.7", "3.5")
@pytest.mark.reading(9)
def test_a_revision_ends_the_curators_thirty_minutes_and_gives_the_department_four_hours(
    tell: Tell,
) -> None:
    clocks = tell().created("16:05").submitted("17:00").sent_back("17:30").clocks("17:40")
    assert clocks["placement:1"].verdict is Verdict.IN_TIME
    revision = clocks["revision:1"]
    assert (revision.clause, revision.holder) == ("3.7", "roads")
    assert (revision.start, revision.due) == (local("17:30"), local("21:30"))


@pytest.mark.clause("3.7")
@pytest.mark.reading(9)
def test_a_late_revision_is_allowed_and_is_the_curators_breach(tell: Tell) -> None:
    verdicts = tell().created("16:05").submitted("17:00").sent_back("17:31").verdicts("17:40")
    assert verdicts["placement:1"] == Verdict.LATE
    assert verdicts["revision:1"] == "running"


@pytest.mark.clause("3.7")
def test_every_round_of_revision_has_its_own_verdicts(tell: Tell) -> None:
    story = tell().created("16:05").submitted("16:30").sent_back("16:40")
    story.submitted("20:41").sent_back("21:00", "3.7.1 Ответ формальный")
    story.submitted("21:30").approved("22:05")
    story.placement(PlacementOutcome.PLACED, "22:06").then("22:06", Status.PLACED)
    assert story.verdicts("22:10") == {
        "routing:1": Verdict.IN_TIME,
        "answer:1": Verdict.IN_TIME,
        "placement:1": Verdict.IN_TIME,
        "revision:1": Verdict.LATE,
        "placement:2": Verdict.IN_TIME,
        "revision:2": Verdict.IN_TIME,
        "placement:3": Verdict.LATE,
    }


@pytest.mark.reading(8)
def test_a_department_that_is_not_in_charge_commits_no_breach(tell: Tell) -> None:
    story = tell().created("16:05").then("24 10:00", Status.MISROUTED)
    answer = story.clocks("24 11:00")["answer:1"]
    assert (answer.verdict, answer.cause) == (Verdict.CANCELLED, "misrouted")
    assert story.verdicts("24 11:00")["routing:1"] == Verdict.IN_TIME


@pytest.mark.clause("3.1")
@pytest.mark.reading(8)
def test_the_next_departments_clock_starts_when_it_gets_the_ticket(tell: Tell) -> None:
    story = tell().created("16:05").then("16:30", Status.MISROUTED)
    clocks = story.then("17:00", Status.ASSIGNED, "parks").clocks()
    assert clocks["routing:1"].stop == local("16:05")
    assert (clocks["answer:2"].holder, clocks["answer:2"].start) == ("parks", local("17:00"))


@pytest.mark.reading(8)
def test_a_rerouted_ticket_gives_each_department_its_own_clock(tell: Tell) -> None:
    story = tell().created("16:05").then("17:00", department="parks").submitted("17:30")
    clocks = story.clocks()
    assert (clocks["answer:1"].verdict, clocks["answer:1"].cause) == (
        Verdict.CANCELLED,
        "rerouted",
    )
    assert (clocks["answer:2"].holder, clocks["answer:2"].verdict) == ("parks", Verdict.IN_TIME)


def test_an_answer_sent_back_to_another_department_is_that_departments_revision(
    tell: Tell,
) -> None:
    story = tell().created("16:05").submitted("17:00")
    story.then("17:10", Status.REVISION, "parks", revision_reason="3.7.2")
    running = [clock for clock in story.clocks().values() if clock.running]
    assert [(clock.key, clock.holder) for clock in running] == [("revision:1", "parks")]


def test_a_department_that_gets_an_answered_ticket_to_answer_it_anew_is_timed(
    tell: Tell,
) -> None:
    story = tell().created("16:05").submitted("17:00")
    story.then("17:10", Status.ASSIGNED, "parks")
    assert story.clocks()["answer:2"].holder == "parks"
    assert story.verdicts()["answer:1"] == Verdict.IN_TIME
    assert story.verdicts()["placement:1"] == Verdict.IN_TIME
    assert story.submitted("17:50").clocks()["placement:2"].start == local("17:50")


def test_the_curator_may_create_and_assign_a_ticket_by_hand(tell: Tell) -> None:
    story = tell(arrived="16:00").created("16:30", Status.NEW, None, by_bridge=False)
    story.then("16:50", department="roads")
    clocks = story.clocks()
    assert clocks["routing:1"].verdict is Verdict.IN_TIME
    assert clocks["answer:1"].start == local("16:50")
    assert story.statuses() == [Status.ASSIGNED]


@pytest.mark.scenario(10)
@pytest.mark.parametrize(
    ("status", "running"),
    [
        (Status.REVIEW, {"placement:1"}),
        (Status.APPROVED, {"placement:1"}),
        (Status.MANUAL_PLACEMENT, {"placement:1"}),
        (Status.PLACED, set()),
        (Status.NOT_ANSWERABLE, set()),
        (Status.WITHDRAWN, set()),
        (Status.MISROUTED, {"routing:1"}),
        (None, {"answer:1"}),
    ],
)
def test_a_ticket_may_begin_in_any_status(
    tell: Tell, status: Status | None, running: set[str]
) -> None:
    story = tell().created("16:05", status, "roads", answer_text=TEXT)
    assert {key for key, clock in story.clocks().items() if clock.running} == running


@pytest.mark.scenario(10)
@pytest.mark.parametrize("status", [Status.APPROVED, Status.PLACED])
def test_a_ticket_that_begins_answered_has_kept_its_answers_term(
    tell: Tell, status: Status
) -> None:
    answer = tell().created("16:05", status, answer_text=TEXT).clocks()["answer:1"]
    assert (answer.start, answer.stop, answer.verdict) == (
        local("16:05"),
        local("16:05"),
        Verdict.IN_TIME,
    )


def test_an_answer_that_the_curator_gives_himself_leaves_no_clock_running(tell: Tell) -> None:
    story = tell().created("16:05", Status.NEW, None)
    story.then("16:30", Status.PLACED, answer_link="https://vk.com/wall-1_2?reply=3")
    assert story.verdicts() == {"routing:1": Verdict.IN_TIME}
    assert story.fields("24 18:00")["deadline_state"] == "в срок"


@pytest.mark.scenario(11)
def test_a_note_or_a_changed_field_stops_and_starts_nothing(tell: Tell) -> None:
    story = tell().created("16:05").submitted("17:00")
    before = story.clocks()
    story.then("17:05").then("17:10", answer_text="Другой текст.", author="Иван Петров")
    assert story.clocks() == before


def test_steps_of_one_second_count_in_their_order(tell: Tell) -> None:
    story = tell().created("16:05").submitted("17:00").sent_back("17:00").submitted("17:00")
    assert story.verdicts("17:00") == {
        "routing:1": Verdict.IN_TIME,
        "answer:1": Verdict.IN_TIME,
        "placement:1": Verdict.IN_TIME,
        "revision:1": Verdict.IN_TIME,
        "placement:2": "running",
    }


def test_an_administrators_jump_back_gives_the_department_no_second_term(tell: Tell) -> None:
    story = tell().created("16:05").submitted("17:00").then("17:05", Status.IN_PROGRESS)
    story.submitted("17:20")
    assert story.verdicts() == {
        "routing:1": Verdict.IN_TIME,
        "answer:1": Verdict.IN_TIME,
        "placement:1": "running",
    }
    assert story.clocks()["placement:1"].start == local("17:00")


def test_a_status_of_another_tracker_leaves_the_clocks_as_they_are(tell: Tell) -> None:
    story = tell().created("16:05").then("16:30", None)
    assert story.verdicts() == {"routing:1": Verdict.IN_TIME, "answer:1": "running"}
    assert story.submitted("17:00").verdicts()["answer:1"] == Verdict.IN_TIME


def test_a_person_as_assignee_ends_the_departments_clock_without_a_breach(tell: Tell) -> None:
    answer = tell().created("16:05").then("16:30", department=None).clocks()["answer:1"]
    assert (answer.verdict, answer.cause) == (Verdict.CANCELLED, "rerouted")


@pytest.mark.clause("1.3")
@pytest.mark.reading(1)
@pytest.mark.parametrize(
    "status", [Status.NOT_ANSWERABLE, Status.NO_ANSWER_NEEDED, Status.WITHDRAWN]
)
def test_closing_without_an_answer_cancels_what_runs_and_keeps_what_was_judged(
    tell: Tell, status: Status
) -> None:
    story = tell().created("16:05").submitted("20:06").then("20:10", status)
    clocks = story.clocks()
    assert clocks["answer:1"].verdict is Verdict.LATE
    assert (clocks["placement:1"].verdict, clocks["placement:1"].cause) == (
        Verdict.CANCELLED,
        status,
    )
    assert story.decide().closed


@pytest.mark.clause("1.3")
def test_a_reopened_decision_not_to_answer_gives_the_department_a_clock_again(
    tell: Tell,
) -> None:
    story = tell().created("16:05").then("16:30", Status.NOT_ANSWERABLE)
    story.then("17:00", Status.NEW).settle("17:00")
    assert story.verdicts()["answer:1"] == Verdict.CANCELLED
    assert story.clocks()["answer:2"].start == local("17:00")
    assert story.steps[-1].status is Status.ASSIGNED


def test_every_instant_of_a_clock_is_utc(tell: Tell) -> None:
    for clock in tell().created("16:05").submitted("17:00").clocks().values():
        assert clock.start.tzinfo is UTC
        assert clock.due.tzinfo is UTC
        assert clock.due - clock.start > timedelta(0)
