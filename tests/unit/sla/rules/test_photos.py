"""Answers that need photos: clause 3.4, readings 3 and 4."""

from collections.abc import Callable

import pytest

from bridge.sla.clocks import Clock, Verdict
from bridge.sla.policy import Policy
from bridge.sla.timeline import Status
from tests.unit.sla.rules.story import Story, local

pytestmark = pytest.mark.clause("3.4")

Tell = Callable[..., Story]
EIGHT_DAYS = local("24 00:00").replace(month=12, day=2)
"""The end of the 8th day after the 23rd of November."""


def answer(story: Story, now: str = "18:00", number: int = 1) -> Clock:
    return story.clocks(now)[f"answer:{number}"]


@pytest.mark.reading(3)
@pytest.mark.scenario(8)
@pytest.mark.parametrize("policy", ["head-feed", "head-direct", "administration"])
def test_photos_needed_in_time_replace_the_term_and_keep_the_start(tell: Tell, policy: str) -> None:
    clock = answer(tell(policy).created("16:05").photos_needed("17:00"))
    assert (clock.start, clock.due, clock.clause) == (local("16:05"), EIGHT_DAYS, "3.4")
    assert "8 календарных дней после 23.11.2026" in clock.explanation
    assert clock.running


def test_photos_needed_from_the_beginning_give_the_same_term(tell: Tell) -> None:
    clock = answer(tell().created("16:05", photos_required="1"))
    assert (clock.start, clock.due, clock.clause) == (local("16:05"), EIGHT_DAYS, "3.4")


def test_photos_no_longer_needed_give_the_old_term_back(tell: Tell) -> None:
    plain = tell().created("16:05")
    before = answer(plain)
    assert answer(plain.photos_needed("17:00").photos_needed("17:30", "0")) == before


@pytest.mark.reading(3)
def test_photos_needed_at_the_very_due_instant_are_in_time(tell: Tell) -> None:
    story = tell().created("16:05").photos_needed("20:05")
    assert list(story.verdicts("21:00")) == ["routing:1", "answer:1"]


@pytest.mark.reading(3)
def test_photos_needed_too_late_leave_the_breach_and_count_from_the_same_start(tell: Tell) -> None:
    story = tell().created("16:05").photos_needed("21:00")
    breached, going_on = answer(story, "22:00"), answer(story, "22:00", number=2)
    assert (breached.clause, breached.stop) == ("3.2.1", local("21:00"))
    assert breached.verdict is Verdict.LATE
    assert (going_on.clause, going_on.start, going_on.due) == ("3.4", local("16:05"), EIGHT_DAYS)
    assert (going_on.holder, going_on.running) == ("roads", True)


@pytest.mark.reading(3)
def test_one_breach_is_not_counted_twice_when_the_flag_goes_to_and_fro(tell: Tell) -> None:
    story = tell().created("16:05").photos_needed("21:00")
    story.photos_needed("21:10", "0").photos_needed("21:20").submitted("22:00")
    story.pictured("22:05").submitted("22:10")
    assert [clock.verdict for key, clock in story.clocks("23:00").items() if "answer" in key] == [
        Verdict.LATE,
        Verdict.IN_TIME,
    ]


@pytest.mark.reading(3)
def test_a_city_may_let_photos_mend_the_breach(tell: Tell) -> None:
    story = tell().created("16:05").photos_needed("21:00")
    story.policy = with_photos(story.policy, after_breach="replaced")
    assert list(story.verdicts("22:00")) == ["routing:1", "answer:1"]
    assert answer(story, "22:00").due == EIGHT_DAYS


@pytest.mark.reading(1)
def test_photos_needed_after_the_submission_change_no_verdict(tell: Tell) -> None:
    story = tell().created("16:05").submitted("17:00")
    before = story.clocks("17:20")
    assert story.photos_needed("17:10").clocks("17:20") == before


def test_photos_do_not_prolong_a_revision(tell: Tell) -> None:
    story = tell().created("16:05").submitted("17:00").sent_back("17:10").photos_needed("17:20")
    assert story.clocks()["revision:1"].due == local("21:10")


def test_the_next_department_has_eight_days_of_its_own(tell: Tell) -> None:
    story = tell().created("16:05").photos_needed("21:00").then("24 10:00", department="parks")
    clock = answer(story, "24 11:00", number=3)
    assert (clock.holder, clock.start, clock.clause) == ("parks", local("24 10:00"), "3.4")
    assert clock.due > EIGHT_DAYS


def test_a_policy_without_a_term_for_photos_knows_no_difference(tell: Tell) -> None:
    story = tell().created("16:05")
    story.policy = story.policy.model_copy(update={"photos": None})
    before = story.clocks()
    assert story.photos_needed("17:00").submitted("17:10").notes() == []
    assert story.clocks()["answer:1"].due == before["answer:1"].due


def test_an_answer_without_the_picture_it_needs_goes_back_with_a_note(tell: Tell) -> None:
    story = tell().created("16:05").photos_needed("16:30").submitted("17:00")
    assert (story.notes(), story.statuses()) == (["answer_without_photo"], [Status.ASSIGNED])
    assert answer(story).running

    story.settle("17:01").pictured("17:10").submitted("17:20")
    assert story.notes() == []
    assert answer(story).stop == local("17:20")


def test_a_picture_attached_afterwards_makes_the_submission_count(tell: Tell) -> None:
    story = tell().created("16:05").photos_needed("16:30").submitted("17:00").pictured("17:10")
    assert story.notes() == []
    assert answer(story).stop == local("17:10")


def test_an_answer_whose_photos_became_needed_is_not_approved_without_one(tell: Tell) -> None:
    story = tell().created("16:05").submitted("17:00").photos_needed("17:05").approved("17:10")
    assert (story.notes(), story.statuses()) == (["answer_without_photo"], [Status.REVIEW])
    assert story.placing() == []


def test_an_approved_answer_with_photos_says_so_to_whoever_places_it(tell: Tell) -> None:
    story = tell().created("16:05").photos_needed("16:30").pictured("16:40")
    (placing,) = story.submitted("17:00").approved("17:10").placing()
    assert placing.with_photos


def with_photos(policy: Policy, **settings: object) -> Policy:
    assert policy.photos
    photos = policy.photos.model_copy(update=settings)
    return policy.model_copy(update={"photos": photos})
