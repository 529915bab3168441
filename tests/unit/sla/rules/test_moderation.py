"""A message that clause 1.3 names is flagged; whether it is answered is the curator's word."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bridge.sla.circumstances import Circumstances
from bridge.sla.effects import UpdateTicket
from bridge.sla.moderation import Flagged
from bridge.sla.timeline import Status
from tests.unit.sla.rules.story import Story

pytestmark = [pytest.mark.clause("1.3"), pytest.mark.reading(12)]

Tell = Callable[..., Story]
THREAT = "threat-found"
CLOSED = "closed-unanswered"


@pytest.fixture
def flagged(tell: Tell) -> Callable[[Flagged], Story]:
    """The ticket of a flagged message, as the bridge has made it for the curator."""

    def begin(what: Flagged) -> Story:
        story = tell("head-feed", arrived="16:00").created("16:05", Status.NEW, None)
        return replace(story, around=Circumstances(flagged=what))

    return begin


def updates(story: Story, at: str) -> dict[str, UpdateTicket]:
    effects = story.decide(at).effects
    return {effect.key: effect for effect in effects if isinstance(effect, UpdateTicket)}


def test_a_threat_is_brought_to_the_curators_notice_at_once(
    flagged: Callable[[Flagged], Story],
) -> None:
    notice = updates(flagged(Flagged("угрозы: «убью»", threat=True)), "16:06")[THREAT]
    assert notice.priority == 2
    assert notice.note
    assert notice.note.values == {"found": "угрозы: «убью»"}
    assert notice.status is None


def test_other_words_wait_for_the_curator_without_a_stir(
    flagged: Callable[[Flagged], Story],
) -> None:
    wanted = updates(flagged(Flagged("оскорбления: «д…»")), "16:06")
    assert not {THREAT, CLOSED} & set(wanted)


def test_the_routing_clock_runs_on_as_the_curator_has_to_decide(
    flagged: Callable[[Flagged], Story],
) -> None:
    decision = flagged(Flagged("угрозы: «убью»", threat=True)).decide("16:06")
    assert [clock.kind for clock in decision.clocks if clock.running] == ["routing"]


def test_what_the_curator_decides_stands(flagged: Callable[[Flagged], Story]) -> None:
    sent = flagged(Flagged("угрозы: «убью»", threat=True, closes=True)).then(
        "16:10", Status.ASSIGNED, "roads"
    )
    assert not {THREAT, CLOSED} & set(updates(sent, "16:11"))


def test_an_office_may_have_such_tickets_closed_without_a_curator(
    flagged: Callable[[Flagged], Story],
) -> None:
    story = flagged(Flagged("нецензурные выражения: «х…»", closes=True))
    closing = updates(story, "16:06")[CLOSED]
    assert closing.status is Status.NOT_ANSWERABLE
    assert closing.note
    assert closing.note.template == "closed_unanswered"
    closed = story.then("16:07", Status.NOT_ANSWERABLE, by_bridge=True).decide("16:08")
    assert closed.closed
    assert not any(clock.running for clock in closed.clocks)


def test_a_ticket_that_a_curator_reopens_is_not_closed_again(
    flagged: Callable[[Flagged], Story],
) -> None:
    reopened = (
        flagged(Flagged("нецензурные выражения: «х…»", closes=True))
        .then("16:07", Status.NOT_ANSWERABLE, by_bridge=True)
        .then("16:30", Status.NEW)
    )
    assert CLOSED not in updates(reopened, "16:31")


def test_a_curators_not_answerable_is_reversible(flagged: Callable[[Flagged], Story]) -> None:
    story = (
        flagged(Flagged("оскорбления: «д…»"))
        .then("16:10", Status.NOT_ANSWERABLE)
        .then("16:20", Status.ASSIGNED, "roads")
    )
    decision = story.decide("16:21")
    assert not decision.closed
    assert "answer" in [clock.kind for clock in decision.clocks if clock.running]
