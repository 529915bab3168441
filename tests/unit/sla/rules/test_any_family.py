"""Whatever staff do to the tickets of one message: one answer, and an end to the bridge's steps."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.sla.policy import SlaSettings
from bridge.sla.service_time import ServiceCalendar
from bridge.sla.timeline import AnswerKind, Status
from tests.unit.sla.rules.family import Family
from tests.unit.sla.rules.story import REASON, UNTIL, Story

EXAMPLES = 5

Move = tuple[int, Status, str | None]

FILLED = {
    "answer_text": "Сделано.",
    "interim_text": "Смотрим.",
    "interim_until": UNTIL,
    "revision_reason": REASON,
}
"""Whatever a status asks for is there: what is missing is other tests' matter."""

MOVES: st.SearchStrategy[Move] = st.tuples(
    st.integers(0, 2),
    st.sampled_from([status for status in Status if status is not Status.NEW]),
    st.sampled_from(["roads", "light", None]),
)


def clock_time(number: int) -> str:
    """Five minutes after the step before."""
    minutes = 5 * (number + 1)
    return f"{16 + minutes // 60}:{minutes % 60:02}"


def told(sla: SlaSettings, calendar: ServiceCalendar, moves: list[Move]) -> Family:
    """Both parts are there at 16:05; after each move the bridge does all that it decides."""
    whole = Story(sla.policy("head-feed"), calendar, "16:00")
    family = Family(whole.created("16:01", Status.NEW, None))
    family.part("16:02", "roads")
    family.part("16:02", "light")
    family.settle("16:02")
    for number, (who, status, department) in enumerate(moves):
        now = clock_time(number)
        story = (family.whole, *family.parts)[who]
        story.then(now, status, department, **FILLED)
        family.settle(now)
    return family


@settings(max_examples=EXAMPLES, deadline=None)
@given(moves=st.lists(MOVES, max_size=6))
def test_the_bridge_comes_to_an_end_and_places_the_common_answer_once(
    sla: SlaSettings, calendar: ServiceCalendar, moves: list[Move]
) -> None:
    family = told(sla, calendar, moves)
    finals = [fact for fact in family.whole.placements if fact.kind is AnswerKind.FINAL]
    assert len(finals) <= 1
    for part in family.parts:
        assert all(fact.kind is AnswerKind.INTERIM for fact in part.placements)


@settings(max_examples=EXAMPLES, deadline=None)
@given(moves=st.lists(MOVES, max_size=6))
def test_every_verdict_of_a_family_stays_and_names_its_clause(
    sla: SlaSettings, calendar: ServiceCalendar, moves: list[Move]
) -> None:
    family = told(sla, calendar, moves)
    for story in (family.whole, *family.parts):
        clocks = story.clocks(clock_time(len(moves)))
        assert all(clock.clause for clock in clocks.values())
        for key, frozen in story.frozen.items():
            assert clocks[key] == frozen
