"""What a citizen does after the ticket was made, on the real Redmine (readings 14 and 15)."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select

from bridge.helpdesk.markup import TextFormatting, verbatim
from bridge.sla.clocks import Verdict
from bridge.store.models import MessageRow, TicketRow
from sandbox.vk.client import SandboxVk
from sandbox.vk.seed import ADMINISTRATION, CITIZENS
from tests.town import POTHOLE, Town, eventually

MORE = "И *во дворе* дома 5 тоже яма, {{toc}} #1"
SHOWN = verbatim(MORE, TextFormatting.TEXTILE)
ANSWER = "Яму заделали."


def running(town: Town, comment: int) -> dict[str, Any]:
    """The comment's clocks that run, with their dues."""
    return {clock.key: clock.due for clock in town.clocks_of(comment) if clock.running}


def noted(town: Town, issue: int, words: str) -> Callable[[], list[str]]:
    """Looks for the private notes of an issue that hold these words."""
    curator = town.surroundings.curator
    return lambda: [note for note in curator.read(issue).notes if words in note]


@pytest.mark.reading(14)
@pytest.mark.scenario(11)
def test_a_further_comment_becomes_a_note_and_moves_no_clock(working_town: Town) -> None:
    town = working_town
    comment = town.citizen_comments()
    issue = town.issue_of(comment)
    before = eventually(lambda: running(town, comment), "the clocks")

    reply = town.citizen_replies(comment, MORE)
    (note,) = eventually(noted(town, issue, "Заявитель написал ещё"), "the note")
    assert SHOWN in note
    assert f"?reply={reply}&thread={comment}" in note
    assert running(town, comment) == before
    assert town.ticket_of(reply) is None
    assert town.issues_of(reply) == []

    other = town.citizen_replies(comment, POTHOLE, CITIZENS[1].id)
    assert town.issue_of(other) != issue


def test_a_comment_that_comes_twice_is_told_once(working_town: Town) -> None:
    town = working_town
    issue = town.issue_of(comment := town.citizen_comments())
    fault = {"kind": "duplicate", "event": "wall_reply_new", "times": 1}
    SandboxVk(town.surroundings.vk_url).control("POST", "callbacks/faults", fault)
    town.citizen_replies(comment, MORE)
    town.citizen_replies(comment, "Последнее.")
    eventually(noted(town, issue, "Последнее."), "the last note")
    assert len(eventually(noted(town, issue, "во дворе"), "the note")) == 1


@pytest.mark.reading(14)
def test_a_question_after_the_answer_becomes_a_linked_ticket(working_town: Town) -> None:
    town = working_town
    comment = town.citizen_comments()
    issue = town.issue_of(comment)
    town.approved_answer(issue, ANSWER)
    eventually(partial(town.is_placed, issue), "placed")

    question = town.citizen_replies(comment, "Спасибо! А когда это будет сделано полностью?")
    follow_up = town.issue_of(question)
    ticket = town.surroundings.curator.read(follow_up)
    assert ticket.status == "new"
    assert f"Продолжение карточки #{issue} (ответ размещён)" in ticket.description
    assert "Предлагается он же." in ticket.description
    relations = town.surroundings.curator.call("GET", f"/issues/{follow_up}/relations.json")
    (relation,) = relations.json()["relations"]
    assert {relation["issue_id"], relation["issue_to_id"]} == {issue, follow_up}
    assert relation["relation_type"] == "relates"
    assert town.is_placed(issue)


def test_an_edit_is_shown_as_it_was_and_is(working_town: Town) -> None:
    town = working_town
    comment = town.citizen_comments()
    issue = town.issue_of(comment)
    before = eventually(lambda: running(town, comment), "the clocks")
    town.citizen_edits(comment, MORE)
    (note,) = eventually(noted(town, issue, "Стало:"), "the note")
    assert note.index(POTHOLE) < note.index(SHOWN)
    assert running(town, comment) == before


@pytest.mark.reading(15)
def test_a_deleted_comment_is_not_answered(working_town: Town) -> None:
    town = working_town
    comment = town.citizen_comments()
    issue = town.issue_of(comment)
    curator = town.surroundings.curator
    town.surroundings.roads.move(issue, "review", {"answer_text": ANSWER})
    eventually(lambda: "placement:1" in running(town, comment), "the submission counts")

    town.citizen_deletes(comment)
    eventually(lambda: curator.read(issue).status == "withdrawn", "withdrawn")
    (clock,) = [clock for clock in town.clocks_of(comment) if clock.key == "placement:1"]
    assert (clock.verdict, clock.cause) == (Verdict.CANCELLED, "deleted")
    assert not running(town, comment)
    wall = town.surroundings.vk.world.wall
    assert not [
        each
        for each in wall.comments(ADMINISTRATION.owner_id, 2)
        if each.parents_stack == (comment,)
    ]

    town.citizen_restores(comment)
    eventually(lambda: curator.read(issue).status == "assigned", "taken up again")
    assert "answer:2" in running(town, comment)


def test_several_private_messages_in_a_row_are_one_ticket(working_town: Town) -> None:
    town = working_town
    vk = SandboxVk(town.surroundings.vk_url)
    texts = {POTHOLE, "Это у дома 5.", "Очень ждём."}
    for text in sorted(texts):
        message = {"group_id": ADMINISTRATION.id, "from_id": CITIZENS[2].id, "text": text}
        vk.control("POST", "messages", message)

    def the_issue() -> int | None:
        with town.store.reading() as session:
            if session.scalars(select(func.count(MessageRow.id))).one() < len(texts):
                return None
            return session.scalars(select(TicketRow)).one().issue_id

    issue = eventually(the_issue, "the messages' ticket in the helpdesk")

    def read() -> str:
        seen = town.surroundings.curator.read(issue)
        return "\n".join((seen.description, *seen.notes))

    eventually(lambda: all(text in read() for text in texts), "all in one ticket")
