"""Whatever staff, administrators and late events make of a ticket, the rules cope (scenario 10)."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.helpdesk.layout import HelpdeskLayout
from bridge.sla.case import Case, Decision
from bridge.sla.clocks import Clock, Verdict
from bridge.sla.effects import PlaceAnswer, UpdateTicket
from bridge.sla.policy import SlaSettings
from bridge.sla.rules import decide
from bridge.sla.service_time import ServiceCalendar
from bridge.sla.timeline import (
    WITHOUT_ANSWER,
    AnswerKind,
    PlacementFact,
    PlacementOutcome,
    Status,
    Step,
    Timeline,
)
from tests.unit.sla.rules.story import APPROVING, INTERIM, REASON, TEXT, local

ARRIVED = local("16:00")
KEY_LENGTH = 128
PASSES = 10
LEAVES_DEPARTMENT = WITHOUT_ANSWER | {Status.MISROUTED}

# As many in each of the three zones that the tests here run under.
few = settings(max_examples=10, deadline=None)
statuses = st.sampled_from([*Status, None])
departments = st.sampled_from(["roads", "parks", None])
gaps = st.sampled_from([0, 1, 60, 1800, 14400, 90_000]).map(lambda s: timedelta(seconds=s))
texts = st.sampled_from(["", TEXT, "Другой ответ."])
reasons = st.sampled_from(["", REASON])
pictures = st.integers(0, 1)
flags = st.sampled_from(["", "0", "1"])
interims = st.sampled_from(["", INTERIM])
promises = st.sampled_from(["", "скоро", "01.01.2020 10:00", "24.11.2026 12:00"])
outcomes = st.sampled_from(list(PlacementOutcome))


@st.composite
def histories(
    draw: st.DrawFn,
    texts: st.SearchStrategy[str] = texts,
    reasons: st.SearchStrategy[str] = reasons,
    pictures: st.SearchStrategy[int] = pictures,
    interims: st.SearchStrategy[str] = interims,
    promises: st.SearchStrategy[str] = promises,
) -> tuple[Step, ...]:
    at = ARRIVED
    steps = []
    for journal_id in range(draw(st.integers(1, 9))):
        at += draw(gaps)
        fields = {
            "answer_text": draw(texts),
            "revision_reason": draw(reasons),
            "photos_required": draw(flags),
            "interim_text": draw(interims),
            "interim_until": draw(promises),
        }
        status, department, shown = draw(statuses), draw(departments), draw(pictures)
        steps.append(Step(at, journal_id, False, status, department, fields, shown))
    return tuple(steps)


@st.composite
def placements(draw: st.DrawFn, steps: tuple[Step, ...]) -> tuple[PlacementFact, ...]:
    """Something may have become of each approval."""
    return tuple(
        _fact(step, draw(outcomes), step.at + draw(gaps))
        for step in steps
        if step.status in APPROVING and draw(st.booleans())
    )


def _fact(step: Step, outcome: PlacementOutcome, at: datetime) -> PlacementFact:
    ended = None if outcome is PlacementOutcome.WAITING else at
    is_final = step.status is Status.APPROVED
    return PlacementFact(
        step.journal_id,
        step.field("answer_text" if is_final else "interim_text"),
        outcome,
        ended,
        "https://vk.com/1",
        "9",
        "Пауза.",
        AnswerKind.FINAL if is_final else AnswerKind.INTERIM,
    )


complete = histories(
    texts=st.sampled_from([TEXT, "Другой ответ."]),
    reasons=st.just(REASON),
    pictures=st.just(1),
    interims=st.just(INTERIM),
    promises=st.just("24.11.2026 12:00"),
)
"""With all that a step may ask for."""
placed_histories = histories().flatmap(lambda steps: st.tuples(st.just(steps), placements(steps)))


class Office:
    """Decides by the configured rules."""

    def __init__(self, sla: SlaSettings, calendar: ServiceCalendar) -> None:
        self._policy = sla.policy("administration")
        self._calendar = calendar

    def decide(
        self,
        steps: tuple[Step, ...],
        facts: tuple[PlacementFact, ...] = (),
        *,
        frozen: dict[str, Clock] | None = None,
        due_date: date | None = None,
    ) -> Decision:
        now = steps[-1].at + timedelta(hours=2)
        timeline = Timeline(ARRIVED, steps, facts)
        return decide(Case(timeline, self._policy, self._calendar, frozen or {}, due_date, now))


def office(sla: SlaSettings, calendar: ServiceCalendar) -> Office:
    return Office(sla, calendar)


@few
@given(told=placed_histories)
def test_any_history_is_decided_twice_alike(
    sla: SlaSettings,
    calendar: ServiceCalendar,
    told: tuple[tuple[Step, ...], tuple[PlacementFact, ...]],
) -> None:
    first = office(sla, calendar).decide(*told)
    assert office(sla, calendar).decide(*told) == first
    keys = [effect.key for effect in first.effects]
    assert len(set(keys)) == len(keys)
    assert all(0 < len(key) <= KEY_LENGTH for key in keys)


@few
@given(told=placed_histories)
def test_frozen_verdicts_are_what_any_later_decision_finds(
    sla: SlaSettings,
    calendar: ServiceCalendar,
    told: tuple[tuple[Step, ...], tuple[PlacementFact, ...]],
) -> None:
    """What is judged after each step is judged the same at the end."""
    steps, facts = told
    frozen: dict[str, Clock] = {}
    for count in range(1, len(steps) + 1):
        seen = steps[:count]
        known = tuple(fact for fact in facts if fact.approval <= seen[-1].journal_id)
        for clock in office(sla, calendar).decide(seen, known, frozen=frozen).clocks:
            if clock.verdict is not None:
                assert frozen.setdefault(clock.key, clock) == clock


@few
@given(steps=histories())
def test_at_most_one_duty_of_each_party_is_open(
    sla: SlaSettings, calendar: ServiceCalendar, steps: tuple[Step, ...]
) -> None:
    for count in range(1, len(steps) + 1):
        clocks = office(sla, calendar).decide(steps[:count]).clocks
        running = [clock.kind for clock in clocks if clock.running]
        assert len(set(running)) == len(running)
        assert not {"answer", "revision"} <= set(running)


@few
@given(steps=histories(reasons=st.just(REASON)))
def test_a_void_step_leaves_the_clocks_as_if_it_had_not_been_taken(
    sla: SlaSettings, calendar: ServiceCalendar, steps: tuple[Step, ...]
) -> None:
    last = steps[-1]
    without_reason = {**last.fields, "revision_reason": ""}
    entry = replace(last, journal_id=last.journal_id + 1, fields=without_reason)
    void = replace(entry, journal_id=entry.journal_id + 1, status=Status.REVISION)
    before = office(sla, calendar).decide((*steps, entry))
    after = office(sla, calendar).decide((*steps, entry, void))
    if last.status is not Status.REVISION:
        assert after.clocks == before.clocks
        assert after.approval == before.approval


@few
@given(steps=complete)
def test_one_entry_counts_as_two_of_the_same_instant(
    sla: SlaSettings, calendar: ServiceCalendar, steps: tuple[Step, ...]
) -> None:
    split = [steps[0]]
    for before, after in pairwise(steps):
        half = replace(after, status=before.status)
        if after.status in LEAVES_DEPARTMENT:
            half = replace(after, department=before.department)
        split += [half, after]
    assert (
        office(sla, calendar).decide(tuple(split)).clocks
        == office(sla, calendar).decide(steps).clocks
    )


@few
@given(steps=histories())
def test_verdicts_follow_from_stop_and_due(
    sla: SlaSettings, calendar: ServiceCalendar, steps: tuple[Step, ...]
) -> None:
    for clock in office(sla, calendar).decide(steps).clocks:
        assert clock.running == (clock.stop is None)
        if clock.stop and clock.verdict is not Verdict.CANCELLED:
            assert clock.verdict is (Verdict.IN_TIME if clock.stop <= clock.due else Verdict.LATE)


@few
@given(steps=histories(), ends=st.lists(outcomes, min_size=PASSES, max_size=PASSES))
def test_any_ticket_settles_and_places_each_approval_at_most_once(
    sla: SlaSettings,
    calendar: ServiceCalendar,
    steps: tuple[Step, ...],
    ends: list[PlacementOutcome],
) -> None:
    """The outbox carries each key out once; each effect shows in the next observation."""
    desk = office(sla, calendar)
    done: dict[str, PlaceAnswer | UpdateTicket] = {}
    facts: tuple[PlacementFact, ...] = ()
    due_date = None
    for end in ends:
        decision = desk.decide(steps, facts, due_date=due_date)
        effect = next((each for each in decision.effects if each.key not in done), None)
        if effect is None:
            break
        done[effect.key] = effect
        if isinstance(effect, PlaceAnswer):
            approval = next(step for step in steps if step.journal_id == effect.approval)
            facts = (*facts, _fact(approval, end, steps[-1].at))
        else:
            steps = (*steps, _carried_out(effect, steps[-1]))
            due_date = effect.due_date or due_date
    else:
        raise AssertionError(f"does not settle: {list(done)}")
    placed = [effect.approval for effect in done.values() if isinstance(effect, PlaceAnswer)]
    assert len(set(placed)) == len(placed)
    visible = [fact.text for fact in facts if fact.outcome is PlacementOutcome.PLACED]
    assert len(set(visible)) == len(visible)


def _carried_out(effect: UpdateTicket, before: Step) -> Step:
    return replace(
        before,
        journal_id=before.journal_id + 1,
        by_bridge=True,
        status=Status(effect.status) if effect.status else before.status,
        fields={**before.fields, **effect.fields},
    )


def test_every_status_of_the_rules_is_configured(layout: HelpdeskLayout) -> None:
    assert {status.key for status in layout.statuses} == {status.value for status in Status}
