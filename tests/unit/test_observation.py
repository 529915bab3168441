"""The journal, undone from the newest entry back, gives the states that the ticket was in."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.helpdesk.port import SOMEBODY, Change, Issue, JournalEntry
from bridge.observation import observe
from bridge.sla.timeline import AnswerKind, PlacementFact, PlacementOutcome, Status, Step
from bridge.store.models import EffectRow, EffectState

CREATED = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


def entry(number: int, *changes: Change, by_bridge: bool = False) -> JournalEntry:
    at = CREATED + timedelta(minutes=number)
    return JournalEntry(number, at, 5, "Иванова", by_bridge, changes)


def issue(
    *journal: JournalEntry,
    status: str | None = "new",
    department: str | None = None,
    **fields: str,
) -> Issue:
    return Issue(
        id=7,
        status=status,
        department=department,
        fields=fields,
        created_at=CREATED,
        updated_at=CREATED,
        author_id=1,
        by_bridge=True,
        due_date=None,
        journal=journal,
        lock_version=1,
    )


def steps_of(seen: Issue) -> tuple[Step, ...]:
    return observe(seen, CREATED, ()).steps


def test_an_issue_without_a_journal_is_as_it_was_created() -> None:
    (step,) = steps_of(issue(status="assigned", department="roads", author="Иван"))
    assert step == Step(CREATED, 0, True, Status.ASSIGNED, "roads", {"author": "Иван"})


def test_every_state_is_found_from_the_last_one() -> None:
    seen = issue(
        entry(1, Change("status", "new", "assigned"), Change("department", None, "roads")),
        entry(2, Change("status", "assigned", "review"), Change("answer_text", "", "Первый")),
        entry(3, Change("answer_text", "Первый", "Второй")),
        entry(4, Change("department", "roads", None), by_bridge=True),
        status="review",
        answer_text="Второй",
    )
    assert [
        (step.status, step.department, step.field("answer_text"), step.by_bridge)
        for step in steps_of(seen)
    ] == [
        (Status.NEW, None, "", True),
        (Status.ASSIGNED, "roads", "", False),
        (Status.REVIEW, "roads", "Первый", False),
        (Status.REVIEW, "roads", "Второй", False),
        (Status.REVIEW, None, "Второй", True),
    ]


def test_a_person_who_takes_the_ticket_leaves_the_department_in_charge() -> None:
    told = issue(
        entry(1, Change("department", None, "roads")),
        entry(2, Change("department", "roads", SOMEBODY)),
        entry(3, Change("status", "assigned", "in_progress")),
        entry(4, Change("department", SOMEBODY, None)),
        status="in_progress",
        department=None,
    )
    assert [step.department for step in steps_of(told)] == [None, "roads", "roads", "roads", None]


def test_a_status_that_the_configuration_does_not_know_is_none() -> None:
    seen = issue(entry(1, Change("status", None, "closed-elsewhere")), status="closed-elsewhere")
    assert [step.status for step in steps_of(seen)] == [None, None]


def test_bare_notes_change_no_state() -> None:
    before, noted = steps_of(issue(replace(entry(1), notes="Спасибо!")))
    assert noted == replace(before, at=noted.at, journal_id=1, by_bridge=False)


def test_every_state_knows_how_many_pictures_the_ticket_had() -> None:
    two = (Change("photo", None, "31"), Change("photo", None, "32"))
    seen = issue(entry(1, *two), entry(2), entry(3, Change("photo", "31", None)))
    assert [step.pictures for step in steps_of(seen)] == [0, 2, 2, 1]
    assert all(step.fields == {} for step in steps_of(seen))


@pytest.mark.clause("3.4")
def test_the_citizens_pictures_are_no_pictures_of_an_answer() -> None:
    seen = issue(
        entry(1, Change("photo", None, "31"), Change("photo", None, "32"), by_bridge=True),
        entry(2, Change("photo", None, "33")),
        entry(3, Change("photo", "31", None)),
    )
    assert [step.pictures for step in steps_of(seen)] == [0, 0, 1, 1]


def test_a_change_that_left_no_entry_is_seen_at_the_entry_before_it() -> None:
    seen = issue(
        entry(1, Change("status", "new", "assigned"), Change("department", None, "roads")),
        entry(2, Change("answer_text", "", "Первый")),
        entry(3, Change("status", "in_progress", "review")),
        status="review",
        department="parks",
        answer_text="Первый",
    )
    timeline = observe(seen, CREATED, ())
    assert timeline.unseen_changes == {1}
    assert [step.status for step in timeline.steps][1:3] == [Status.IN_PROGRESS] * 2
    assert observe(issue(), CREATED, ()).unseen_changes == frozenset()


def test_a_step_keeps_the_journals_number_and_instant() -> None:
    (_, step) = steps_of(issue(entry(3, Change("status", "new", "assigned")), status="assigned"))
    assert (step.journal_id, step.at) == (3, CREATED + timedelta(minutes=3))


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        (EffectState.PENDING, PlacementOutcome.WAITING),
        (EffectState.SENDING, PlacementOutcome.WAITING),
        (EffectState.DONE, PlacementOutcome.PLACED),
        (EffectState.UNCERTAIN, PlacementOutcome.UNCERTAIN),
        (EffectState.FAILED, PlacementOutcome.FAILED),
    ],
)
def test_what_became_of_a_placement_is_part_of_the_timeline(
    state: EffectState, outcome: PlacementOutcome
) -> None:
    row = placement(state)
    assert observe(issue(), CREATED, [row]).placements == (
        PlacementFact(4, "Ответ.", outcome, CREATED, "https://vk.com/1", "9", "Пауза."),
    )


def test_the_timeline_tells_interim_answers_from_final_ones() -> None:
    row = placement(EffectState.DONE)
    row.payload = {**row.payload, "kind": "interim"}
    (fact,) = observe(issue(), CREATED, [row]).placements
    assert fact.kind is AnswerKind.INTERIM


def test_a_placement_that_was_withdrawn_leaves_no_trace() -> None:
    assert observe(issue(), CREATED, [placement(EffectState.WITHDRAWN)]).placements == ()


def placement(state: EffectState) -> EffectRow:
    return EffectRow(
        payload={"key": "place:4", "approval": 4, "text": "Ответ."},
        state=state,
        finished_at=CREATED,
        result={"link": "https://vk.com/1"},
        code="9",
        meaning="Пауза.",
    )


states = st.tuples(
    st.sampled_from([*(status.value for status in Status), None]),
    st.sampled_from(["roads", "parks", None]),
    st.fixed_dictionaries(
        {"answer_text": st.sampled_from(["", "а", "б"]), "author": st.sampled_from(["", "Иван"])}
    ),
)


@settings(max_examples=60, deadline=None)
@given(told=st.lists(states, min_size=1, max_size=6), seed=st.integers())
def test_any_course_of_states_is_read_back_whatever_order_the_entries_come_in(
    told: Sequence[tuple[str | None, str | None, dict[str, str]]], seed: int
) -> None:
    journal = [
        entry(number, *_changes(before, after))
        for number, (before, after) in enumerate(pairwise(told), start=1)
    ]
    status, department, fields = told[-1]
    Random(seed).shuffle(journal)  # noqa: S311
    steps = steps_of(issue(*journal, status=status, department=department, **fields))
    assert [(step.status, step.department, step.fields) for step in steps] == told
    assert [step.journal_id for step in steps] == list(range(len(told)))


def _changes(
    before: tuple[str | None, str | None, dict[str, str]],
    after: tuple[str | None, str | None, dict[str, str]],
) -> list[Change]:
    pairs = [("status", before[0], after[0]), ("department", before[1], after[1])]
    pairs += [(name, before[2][name], after[2][name]) for name in before[2]]
    return [Change(name, old, new) for name, old, new in pairs if old != new]
