"""What goes wrong at the network while an approved answer is placed, and what staff see of it."""

import json
from typing import Any

import pytest

from bridge.sla.clocks import Verdict
from bridge.store import channel_states
from bridge.store.channel_states import ChannelCondition
from sandbox.redmine_staff import Ticket
from sandbox.vk.client import SandboxVk
from tests.town import CHANNEL, Town, eventually

ANSWER = "Яму заделают завтра до 18:00."
CREATE_COMMENT = "wall.createComment"


def break_vk(town: Town, **fault: Any) -> None:
    SandboxVk(town.surroundings.vk_url).control("POST", "faults", fault)


def approved(town: Town) -> tuple[int, int]:
    """A comment and its issue, with an answer that waits to be placed."""
    comment = town.citizen_comments()
    issue = town.issue_of(comment)
    town.approved_answer(issue, ANSWER)
    return comment, issue


def in_status(town: Town, issue: int, status: str, seconds: float = 40.0) -> Ticket:
    def look() -> Ticket | None:
        ticket = town.surroundings.curator.read(issue)
        return ticket if ticket.status == status else None

    return eventually(look, f"issue {issue} {status}", seconds)


@pytest.mark.scenario(12)
def test_an_answer_whose_call_was_cut_off_after_processing_is_found_and_not_sent_again(
    working_town: Town,
) -> None:
    break_vk(working_town, method=CREATE_COMMENT, kind="drop_after_processing", times=1)
    comment, issue = approved(working_town)
    ticket = in_status(working_town, issue, "placed")
    answers = working_town.answers_under(comment)
    assert len(answers) == 1
    assert f"reply={answers[0].id}" in ticket.fields["answer_link"]


@pytest.mark.scenario(12)
def test_an_answer_whose_call_was_cut_off_before_processing_is_sent_again_once(
    working_town: Town,
) -> None:
    break_vk(working_town, method=CREATE_COMMENT, kind="drop_before_processing", times=1)
    comment, issue = approved(working_town)
    in_status(working_town, issue, "placed")
    assert len(working_town.answers_under(comment)) == 1


@pytest.mark.scenario(12)
def test_without_a_key_that_may_read_an_unknown_outcome_goes_to_a_person(town: Town) -> None:
    town.drop_read_token()
    town.start_everything()
    break_vk(town, method=CREATE_COMMENT, kind="drop_after_processing", times=1)
    comment, issue = approved(town)
    ticket = in_status(town, issue, "manual_placement")
    assert "Неизвестно, размещён ли ответ" in ticket.notes[-1]
    assert len(town.answers_under(comment)) == 1


def test_a_passing_error_of_the_network_is_tried_again(working_town: Town) -> None:
    break_vk(working_town, method=CREATE_COMMENT, kind="error", code=6, times=2)
    comment, issue = approved(working_town)
    in_status(working_town, issue, "placed")
    assert len(working_town.answers_under(comment)) == 1


@pytest.mark.scenario(17)
def test_a_permanent_refusal_shows_in_the_ticket_in_russian_and_the_curator_ends_it(
    working_town: Town,
) -> None:
    break_vk(working_town, method=CREATE_COMMENT, kind="error", code=213, times=1)
    comment, issue = approved(working_town)
    ticket = in_status(working_town, issue, "manual_placement")
    assert ticket.notes[-1].startswith("Ответ не размещён.")
    assert "3.5" in ticket.notes[-1]
    curator = working_town.surroundings.curator
    curator.move(issue, "placed", {"answer_link": "https://vk.com/wall-1_2?reply=3"})
    eventually(lambda: [clock.verdict for clock in working_town.clocks_of(comment)][-1], "verdict")
    assert working_town.clocks_of(comment)[-1].verdict is Verdict.IN_TIME
    assert not working_town.answers_under(comment)


@pytest.mark.scenario(16)
def test_a_dead_token_holds_the_channel_until_a_check_is_green(working_town: Town) -> None:
    break_vk(working_town, method=CREATE_COMMENT, kind="error", code=5, times=1)
    comment, issue = approved(working_town)

    def held() -> bool:
        with working_town.store.reading() as session:
            holds = channel_states.holds(session)
        return [hold.channel for hold in holds if hold.condition is ChannelCondition.DOWN] == [
            CHANNEL
        ]

    eventually(held, "the channel is down")
    eventually(
        lambda: any(
            note.startswith("Ответ одобрен, но пока не размещён")
            for note in working_town.surroundings.curator.read(issue).notes
        ),
        "the curator is told",
    )
    assert not working_town.answers_under(comment)
    check = working_town.run("check", "--json")
    findings = [json.loads(line) for line in check.stdout.splitlines()]
    assert check.returncode == 0, [line for line in findings if line["state"] == "fail"]
    in_status(working_town, issue, "placed")
    assert len(working_town.answers_under(comment)) == 1


def test_an_approval_taken_back_before_the_answer_went_out_places_nothing(
    working_town: Town,
) -> None:
    break_vk(working_town, method=CREATE_COMMENT, kind="error", code=6, times=3)
    comment, issue = approved(working_town)
    curator = working_town.surroundings.curator
    reason = "3.7.1 Ответ формальный, не по существу вопроса"
    curator.move(issue, "revision", {"revision_reason": reason})
    working_town.surroundings.roads.move(issue, "review", {"answer_text": "Заделали сегодня."})
    curator.move(issue, "approved")
    in_status(working_town, issue, "placed")
    answers = working_town.answers_under(comment)
    assert [ANSWER in answer.text for answer in answers] == [False]
