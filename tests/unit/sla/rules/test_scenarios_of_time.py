"""What helpdesks get wrong about time, told from a ticket's beginning to its end."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bridge.sla.clocks import Verdict
from bridge.sla.policy import SlaSettings
from bridge.sla.timeline import Status
from tests.unit.sla.rules.story import TEXT, ZONE, Story, local

Tell = Callable[..., Story]


def reminders(story: Story, start: str) -> list[str]:
    """When staff are reminded, if the ticket is looked at just when it asks to be."""
    told: dict[str, str] = {}
    now = local(start)
    while True:
        shown = f"{now.astimezone(ZONE):%d %H:%M}"
        for warning in story.warnings(shown):
            told.setdefault(warning.key, shown)
        look_at = story.decide(shown).look_at
        if look_at is None:
            return list(told.values())
        # The story's clock has no seconds.
        now = max(look_at + timedelta(seconds=59), now + timedelta(minutes=1))


@pytest.mark.scenario(1)
@pytest.mark.parametrize(
    ("policy", "hours"),
    [
        ("administration", ["24 13:48", "24 17:18"]),
        ("head-feed", ["24 00:00", "24 01:30"]),
        ("head-direct", ["24 22:00", "25 21:30"]),
    ],
)
def test_reminders_come_in_service_time_where_the_clock_does_and_else_at_any_hour(
    tell: Tell, policy: str, hours: list[str]
) -> None:
    assert reminders(tell(policy, arrived="21:55").created("22:00"), "22:00") == hours


@pytest.mark.scenario(8)
def test_another_policy_keeps_what_was_accumulated(tell: Tell, sla: SlaSettings) -> None:
    story = tell("administration").created("16:05").interim("16:30").interim_approved("16:40")
    story.then("16:50", Status.INTERIM_PLACED).freeze("17:00")
    interim = story.clocks("17:00")["interim:1"]

    story.policy = sla.policy("head-feed")
    after = story.clocks("17:00")
    assert after["interim:1"] == interim
    assert after["answer:1"].start == local("16:05")
    assert after["answer:1"].due == local("24 20:05")  # 4 hours, extended by 24


@pytest.mark.scenario(9)
def test_a_breach_grows_no_more_once_the_answer_is_in(tell: Tell) -> None:
    story = tell().created("16:05").submitted("21:00")
    story.then("21:10", Status.PLACED, answer_link="https://vk.com/wall-1_2?reply=3")
    then, much_later = story.decide("21:10"), story.decide("30 21:10")
    answer = story.clocks("30 21:10")["answer:1"]
    assert (answer.verdict, answer.stop) == (Verdict.LATE, local("21:00"))
    assert then == much_later
    assert much_later.look_at is None


@pytest.mark.scenario(10)
@pytest.mark.parametrize(
    "status", [Status.PLACED, Status.NOT_ANSWERABLE, Status.NO_ANSWER_NEEDED, Status.WITHDRAWN]
)
def test_a_ticket_that_is_created_closed_is_over(tell: Tell, status: Status) -> None:
    story = tell().created("16:05", status, "roads", by_bridge=False, answer_text=TEXT)
    decision = story.decide("30 18:00")
    assert decision.closed
    assert decision.look_at is None
    assert [clock.key for clock in decision.clocks if clock.running] == []
    assert story.warnings("30 18:00") == []


@pytest.mark.scenario(11)
def test_what_a_citizen_adds_to_the_ticket_is_no_answer(tell: Tell) -> None:
    """A note changes no state, and neither does a person who writes where no answer belongs."""
    story = tell().created("16:05").then("16:30").then("17:00", author="Анна", source="ещё раз")
    assert story.verdicts("17:05") == {"routing:1": Verdict.IN_TIME, "answer:1": "running"}
