"""The whole way once, on one machine, and in its log."""

import json
import re
from functools import partial
from typing import Any

import pytest

from bridge.sla.clocks import Verdict
from sandbox.vk.seed import ADMINISTRATION, CITIZENS
from tests.town import CALLBACK_SECRET, POTHOLE, Town, eventually

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


NO_LOG = re.compile(r"$|bridge: |\d+:(?:[A-Z]|signal-handler) ")
"""What `bridge up` tells who started it, and what its Redis says."""


def lines_of(town: Town) -> list[dict[str, Any]]:
    """What the bridge's processes logged: JSON, and nothing else."""
    lines = [line for line in town.logs().splitlines() if not NO_LOG.match(line)]
    return [json.loads(line) for line in lines]


def check_trace(town: Town) -> None:
    """The one message of the town can be followed by its id alone, whichever process did it."""
    lines = sorted(lines_of(town), key=lambda line: line["timestamp"])
    (trace,) = {line["trace"] for line in lines if line["event"] == "message taken in"}
    told = [line["event"] for line in lines if line.get("trace") == trace]
    stages = ("event stored", "message taken in", "ticket created", "answer placed")
    assert [event for event in told if event in stages] == list(stages)
    placed = next(line for line in lines if line["event"] == "answer placed")
    assert {"ticket", "issue", "channel", "delivery"} < set(placed)


def check_discretion(town: Town) -> None:
    """Neither what people wrote nor who they are nor any secret is in any line."""
    access, citizen = town.surroundings.access, CITIZENS[0]
    secrets = (CALLBACK_SECRET, access.robot_key, access.webhook_secret)
    tokens = (ADMINISTRATION.community_token, ADMINISTRATION.service_token)
    people = (citizen.first_name, citizen.last_name, "Куратова", "Дорогин")
    words = (POTHOLE, FIRST, SECOND, REASON, "Ленина", "Яму")
    logged = town.logs()
    assert [each for each in (*secrets, *tokens, *people, *words) if each in logged] == []


def test_the_main_job_on_one_machine(working_town: Town) -> None:
    play(working_town)
    check_trace(working_town)
    check_discretion(working_town)
