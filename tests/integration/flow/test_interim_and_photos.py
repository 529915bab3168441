"""Interim answers (3.6) and photos (3.4) on the real Redmine, by the users' own accounts."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
import requests

from bridge.sla.clocks import Clock, Verdict
from sandbox.vk.server import PERM
from tests.town import Town, eventually

INTERIM = "Яму осмотрели, ждём асфальт."
FINAL = "Яму заделали."
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f64540"
    "0000000049454e44ae426082"
)


def clock(town: Town, comment: int, key: str) -> Clock | None:
    """A clock of a comment's ticket, once it is there."""
    return next((clock for clock in town.clocks_of(comment) if clock.key == key), None)


@pytest.mark.clause("3.6")
@pytest.mark.reading(5, 6)
def test_an_interim_answer_extends_the_deadline_and_the_final_one_follows(
    working_town: Town,
) -> None:
    town = working_town
    comment = town.citizen_comments()
    issue = town.issue_of(comment)
    roads, curator = town.surroundings.roads, town.surroundings.curator
    until = (datetime.now(UTC) + timedelta(hours=1)).astimezone(PERM)
    told = f"{until:%d.%m.%Y %H:%M}"
    due = curator.read(issue).fields["answer_due"]

    assert roads.move(issue, "interim_review", {"interim_text": INTERIM}).status_code == 422
    roads.move(issue, "interim_review", {"interim_text": INTERIM, "interim_until": told})
    curator.move(issue, "interim_approved")
    eventually(lambda: curator.read(issue).fields["final_due"], "the extended deadline")
    ticket = curator.read(issue)
    assert ticket.status == "interim_placed"
    assert ticket.fields["answer_due"] == ticket.fields["final_due"] != due
    (interim,) = town.answers_under(comment)
    assert INTERIM in interim.text
    assert f"Окончательный ответ дадим не позднее {told}." in interim.text

    town.approved_answer(issue, FINAL)
    eventually(partial(town.is_placed, issue), "placed")
    assert [FINAL in answer.text for answer in town.answers_under(comment)] == [False, True]
    verdicts = {clock.key: clock.verdict for clock in town.clocks_of(comment)}
    assert verdicts == dict.fromkeys(
        ("routing:1", "answer:1", "interim:1", "final:1", "placement:1"), Verdict.IN_TIME
    )


@pytest.mark.clause("3.4")
@pytest.mark.reading(3)
def test_an_answer_that_needs_photos_has_eight_days_and_is_not_accepted_without_one(
    working_town: Town,
) -> None:
    town = working_town
    comment = town.citizen_comments()
    issue = town.issue_of(comment)
    roads, curator = town.surroundings.roads, town.surroundings.curator
    curator.update(issue, {"photos_required": "1"})

    def has_eight_days() -> bool:
        answer = clock(town, comment, "answer:1")
        return answer is not None and answer.clause == "3.4"

    eventually(has_eight_days, "the term of 3.4")
    roads.move(issue, "review", {"answer_text": FINAL})
    eventually(lambda: any("3.4" in note for note in curator.read(issue).notes), "the note")
    assert curator.read(issue).status == "assigned"

    picture = roads.upload("яма.png", PNG, "image/png")
    roads.move(issue, "review", {"answer_text": FINAL}, uploads=[picture])
    eventually(lambda: clock(town, comment, "placement:1"), "the submission counts")
    curator.move(issue, "approved")
    eventually(partial(town.is_placed, issue), "placed")
    (answer,) = town.answers_under(comment)
    assert FINAL in answer.text
    (attached,) = answer.attachments
    assert requests.get(attached["doc"]["url"], timeout=10).content == PNG
