"""The ways a ticket may go besides the main one, on the real Redmine, by the users' accounts."""

from functools import partial

import pytest

from bridge.sla.clocks import Verdict
from sandbox.redmine_staff import read_layout
from tests.town import Town, eventually


def verdicts(town: Town, comment: int) -> dict[str, Verdict | None]:
    return {clock.key: clock.verdict for clock in town.clocks_of(comment)}


def has_clock(town: Town, comment: int, key: str) -> bool:
    return key in verdicts(town, comment)


@pytest.mark.clause("2.1.2")
@pytest.mark.reading(8)
def test_a_misrouted_ticket_costs_nobody_a_breach_and_the_next_department_has_its_own_time(
    working_town: Town,
) -> None:
    town = working_town
    comment = town.citizen_comments()
    issue = town.issue_of(comment)
    roads, curator = town.surroundings.roads, town.surroundings.curator
    roads.move(issue, "misrouted")
    eventually(lambda: verdicts(town, comment).get("answer:1"), "the clock is cancelled")
    assert verdicts(town, comment)["answer:1"] is Verdict.CANCELLED

    groups = read_layout(town.surroundings.access)["groups"]["departments"]
    curator.move(issue, "assigned", assigned_to_id=groups["transport"]["id"])
    eventually(lambda: "answer:2" in verdicts(town, comment), "the next department's clock")
    clocks = {clock.key: clock for clock in town.clocks_of(comment)}
    assert (clocks["answer:1"].holder, clocks["answer:2"].holder) == ("roads", "transport")
    assert clocks["answer:1"].cause == "misrouted"
    assert clocks["routing:1"].verdict is Verdict.IN_TIME


@pytest.mark.clause("1.3")
@pytest.mark.parametrize("status", ["not_answerable", "no_answer_needed", "withdrawn"])
def test_a_ticket_that_is_not_to_be_answered_ends_without_a_breach_and_can_be_taken_up_again(
    working_town: Town, status: str
) -> None:
    town = working_town
    comment = town.citizen_comments()
    issue = town.issue_of(comment)
    curator = town.surroundings.curator
    assert curator.move(issue, status).ok
    eventually(lambda: verdicts(town, comment).get("answer:1"), "the clocks are cancelled")
    assert verdicts(town, comment)["answer:1"] is Verdict.CANCELLED
    assert not town.answers_under(comment)

    curator.move(issue, "new")
    eventually(lambda: curator.read(issue).status == "assigned", "back with the department")
    eventually(lambda: "answer:2" in verdicts(town, comment), "a clock of its own")


def test_a_revision_may_go_any_number_of_rounds_each_with_its_own_verdict(
    working_town: Town,
) -> None:
    town = working_town
    comment = town.citizen_comments()
    issue = town.issue_of(comment)
    roads, curator = town.surroundings.roads, town.surroundings.curator
    reasons = (
        "3.7.1 Ответ формальный, не по существу вопроса",
        "3.7.3 Нет ответа на все поставленные вопросы",
    )
    for number, reason in enumerate(reasons, start=1):
        roads.move(issue, "review", {"answer_text": f"Ответ, попытка {number}."})
        eventually(lambda: not curator.read(issue).fields["revision_reason"], "a fresh round")
        eventually(partial(has_clock, town, comment, f"placement:{number}"), "checking")
        assert curator.move(issue, "revision", {"revision_reason": reason}).ok
        eventually(partial(has_clock, town, comment, f"revision:{number}"), "reworking")
    town.approved_answer(issue, "Яму заделали.")
    eventually(lambda: town.is_placed(issue), "placed")
    assert verdicts(town, comment) == dict.fromkeys(
        ("routing:1", "answer:1", "placement:1", "revision:1", "placement:2", "revision:2",
         "placement:3"),
        Verdict.IN_TIME,
    )  # fmt: skip
    assert len(town.answers_under(comment)) == 1
