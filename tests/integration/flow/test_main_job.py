"""The whole way once, in both ways to run a bridge."""

from functools import partial

import pytest

from bridge.sla.clocks import Verdict
from tests.town import POTHOLE, Town, eventually

pytestmark = pytest.mark.clause(
    "2.1.1", "2.1.2", "2.1.3", "2.1.4", "3.1", "3.3", "3.5", "3.7", "3.7.1"
)

FIRST = "Спасибо за сигнал."
SECOND = "Яму заделают завтра до 18:00."
REASON = "3.7.1 Ответ формальный, не по существу вопроса"


def play(town: Town) -> None:
    """A comment, its ticket, an answer sent back once, its placement; each seen at its far end."""
    comment = town.citizen_comments()
    issue = town.issue_of(comment)
    roads, curator = town.surroundings.roads, town.surroundings.curator
    ticket = roads.read(issue)
    assert ticket.status == "assigned"
    assert POTHOLE in ticket.description
    roads.move(issue, "review", {"answer_text": FIRST})
    curator.move(issue, "revision", {"revision_reason": REASON})
    eventually(lambda: len(town.clocks_of(comment)) == 4, "the revision's clock")
    roads.move(issue, "review", {"answer_text": SECOND})
    curator.move(issue, "approved")
    eventually(partial(town.is_placed, issue), "placed")
    answers = town.answers_under(comment)
    assert len(answers) == 1
    assert SECOND in answers[0].text
    assert curator.read(issue).fields["answer_link"].endswith(f"thread={comment}")
    assert [(clock.key, clock.verdict) for clock in town.clocks_of(comment)] == [
        ("routing:1", Verdict.IN_TIME),
        ("answer:1", Verdict.IN_TIME),
        ("placement:1", Verdict.IN_TIME),
        ("revision:1", Verdict.IN_TIME),
        ("placement:2", Verdict.IN_TIME),
    ]
    # The real journal tells all of it: nothing is taken for granted.
    assert [kind for decision in town.assumptions_of(comment) for kind in decision] == []


def test_the_main_job_on_one_machine(working_town: Town) -> None:
    play(working_town)
