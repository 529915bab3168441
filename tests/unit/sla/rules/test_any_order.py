"""Whatever comes late, twice or in another order, the decision is the same one (scenario 13)."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.helpdesk.port import Change, Issue, JournalEntry
from bridge.observation import observe
from bridge.sla.policy import SlaSettings
from bridge.sla.service_time import ServiceCalendar
from bridge.sla.timeline import Step
from tests.unit.sla.rules.test_any_history import ARRIVED, few, histories, office


@pytest.mark.scenario(13)
@few
@given(steps=histories(pictures=st.just(0)), seed=st.integers())
def test_the_order_in_which_a_journal_is_read_changes_nothing(
    sla: SlaSettings, calendar: ServiceCalendar, steps: tuple[Step, ...], seed: int
) -> None:
    journal = [_entry(before, after) for before, after in pairwise(steps)]
    Random(seed).shuffle(journal)  # noqa: S311
    seen = observe(_issue(steps, tuple(journal)), ARRIVED, ())
    assert office(sla, calendar).decide(seen.steps) == office(sla, calendar).decide(steps)


@pytest.mark.reading(1)
@few
@given(steps=histories())
def test_what_was_judged_is_judged_alike_whatever_happens_later(
    sla: SlaSettings, calendar: ServiceCalendar, steps: tuple[Step, ...]
) -> None:
    """Also where the store was lost, and nothing but the journal is left."""
    in_the_end = {clock.key: clock for clock in office(sla, calendar).decide(steps).clocks}
    for count in range(1, len(steps)):
        for clock in office(sla, calendar).decide(steps[:count]).clocks:
            assert clock.running or in_the_end[clock.key] == clock


@few
@given(steps=histories())
def test_there_is_no_clock_without_its_clause_and_no_verdict_without_an_explanation(
    sla: SlaSettings, calendar: ServiceCalendar, steps: tuple[Step, ...]
) -> None:
    for clock in office(sla, calendar).decide(steps).clocks:
        assert clock.clause.startswith("3.")
        assert clock.explanation.startswith(f"п. {clock.clause}: ") or clock.clause == "3.6"
        assert clock.policy_version
        assert clock.calendar_version


def _entry(before: Step, after: Step) -> JournalEntry:
    changes = [
        Change("status", before.status, after.status),
        Change("department", before.department, after.department),
        *(Change(key, before.fields[key], after.fields[key]) for key in after.fields),
    ]
    return JournalEntry(after.journal_id, after.at, 5, "Иванова", after.by_bridge, tuple(changes))


def _issue(steps: tuple[Step, ...], journal: tuple[JournalEntry, ...]) -> Issue:
    first, last = steps[0], steps[-1]
    return Issue(
        id=7,
        status=last.status,
        department=last.department,
        fields=last.fields,
        created_at=first.at,
        updated_at=last.at,
        author_id=1,
        by_bridge=first.by_bridge,
        due_date=None,
        journal=journal,
        lock_version=1,
    )
