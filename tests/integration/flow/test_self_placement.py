"""A department that places its answer itself, on the real Redmine (2.1.4, reading 11)."""

import pytest

from bridge.sla.clocks import Verdict
from tests.town import Town, eventually

ANSWER = "Яму на улице Ленина заделаем до пятницы."
LINK = "https://vk.com/wall-1_2?reply=77"

pytestmark = [pytest.mark.clause("2.1.4"), pytest.mark.reading(11)]


def agreed(town: Town, comment: int) -> int:
    """A ticket on which the curator has agreed to it."""
    issue = town.issue_of(comment)
    town.surroundings.curator.update(issue, {"self_placement": "1"})
    return issue


def test_a_submission_is_placed_without_the_curators_check(working_town: Town) -> None:
    town = working_town
    comment = town.citizen_comments()
    issue = agreed(town, comment)
    town.surroundings.roads.move(issue, "review", {"answer_text": ANSWER})
    eventually(lambda: town.is_placed(issue), "placed")
    (answer,) = town.answers_under(comment)
    assert ANSWER in answer.text
    assert {clock.verdict for clock in town.clocks_of(comment)} == {Verdict.IN_TIME}


def test_an_answer_that_the_department_has_placed_itself_is_not_placed_again(
    working_town: Town,
) -> None:
    town = working_town
    comment = town.citizen_comments()
    issue = agreed(town, comment)
    roads = town.surroundings.roads
    roads.move(issue, "review", {"answer_text": ANSWER, "answer_link": LINK})
    eventually(lambda: town.is_placed(issue), "closed by its link")
    assert not town.answers_under(comment)
    assert roads.read(issue).fields["answer_link"] == LINK
