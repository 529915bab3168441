"""Sending an answer back: its reason is counted by clause, and belongs to one round (3.7)."""

from collections.abc import Callable

import pytest

from bridge.sla.clocks import Verdict
from bridge.sla.timeline import Status
from tests.unit.sla.rules.story import REASON, Story, local

Tell = Callable[..., Story]
ANOTHER = "3.7.2 Ответ содержит противоречивую информацию"


@pytest.fixture
def submitted(tell: Tell) -> Story:
    return tell().created("16:05").submitted("17:00").settle("17:00")


@pytest.fixture
def reworked(submitted: Story) -> Story:
    """Sent back and submitted again; the bridge has not looked yet."""
    return submitted.sent_back("17:10").submitted("17:30")


def test_a_revisions_clock_keeps_the_clause_of_its_reason(reworked: Story) -> None:
    assert reworked.clocks("17:10")["revision:1"].cause == "3.7.3"
    assert reworked.clocks("17:30")["revision:1"].verdict is Verdict.IN_TIME
    assert reworked.clocks("17:30")["revision:1"].cause == "3.7.3"


def test_each_round_has_its_own(reworked: Story) -> None:
    reworked.settle("17:30").sent_back("17:40", ANOTHER)
    causes = {key: clock.cause for key, clock in reworked.clocks("17:41").items()}
    assert (causes["revision:1"], causes["revision:2"]) == ("3.7.3", "3.7.2")


def test_a_duty_that_ceased_says_why_instead(submitted: Story) -> None:
    submitted.sent_back("17:10").then("17:20", Status.WITHDRAWN)
    assert submitted.clocks("17:20")["revision:1"].cause == Status.WITHDRAWN


@pytest.mark.parametrize("reason", ["Не нравится", "3.8 Иное", "3.7.33 Иное", "3.7"])
def test_a_reason_that_the_regulation_does_not_name_is_none(submitted: Story, reason: str) -> None:
    assert submitted.sent_back("17:10", reason).notes("17:10") == ["revision_without_reason"]


def test_a_reason_left_over_from_the_round_before_names_nothing(reworked: Story) -> None:
    """The curator was quicker than the bridge, which was to clear the field."""
    reworked.then("17:31", Status.REVISION)
    assert reworked.notes("17:31") == ["revision_without_reason"]
    assert "revision:2" not in reworked.clocks("17:31")


def test_another_reason_in_its_place_counts(reworked: Story) -> None:
    reworked.sent_back("17:31", ANOTHER)
    assert reworked.notes("17:31") == []
    assert reworked.clocks("17:31")["revision:2"].start == local("17:31")


def test_the_same_reason_given_again_counts_once_the_field_was_cleared(reworked: Story) -> None:
    reworked.settle("17:30").sent_back("17:31", REASON)
    assert reworked.notes("17:31") == []
    assert reworked.clocks("17:31")["revision:2"].cause == "3.7.3"


def test_the_deadline_of_the_placement_that_was_is_no_longer_shown(submitted: Story) -> None:
    assert submitted.fields("17:05")["placement_due"] == "23.11.2026 17:30"
    submitted.sent_back("17:10").settle("17:10")
    assert submitted.fields("17:11")["placement_due"] == ""
    submitted.submitted("17:30").settle("17:30")
    assert submitted.fields("17:31")["placement_due"] == "23.11.2026 18:00"
