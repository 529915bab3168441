"""A stored verdict is never written again (reading 1)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bridge.sla.clocks import Clock, Verdict, cancelled, stopped
from bridge.sla.policy import ClockKind
from bridge.sla.readings import Readings
from bridge.store import clocks
from bridge.store.database import Store
from tests.store_contract.rows import NOW, minutes, new_ticket

ANSWER = Clock(
    key="answer:1",
    kind=ClockKind.ANSWER,
    clause="3.2.1",
    holder="roads",
    start=NOW,
    due=NOW + timedelta(hours=4),
    explanation="п. 3.2.1: 4 ч",
    policy="head-feed",
    policy_version="0123456789abcdef",
    calendar_version="fedcba9876543210",
)
PLACEMENT = replace(ANSWER, key="placement:1", kind=ClockKind.PLACEMENT, clause="3.5")


class ClocksContract:
    def test_a_clock_comes_back_as_it_was_saved(self, store: Store) -> None:
        done, off = (
            stopped(ANSWER, minutes(30), Readings()),
            cancelled(PLACEMENT, minutes(40), "withdrawn"),
        )
        ticket = _saved(store, done, off)
        assert _stored(store, ticket) == (done, off)

    def test_a_running_clock_follows_the_rules_of_today(self, store: Store) -> None:
        ticket = _saved(store, ANSWER)
        changed = replace(ANSWER, due=minutes(10), policy="administration", holder="parks")
        _save(store, ticket, changed)
        assert _stored(store, ticket) == (changed,)

    @pytest.mark.reading(1)
    @pytest.mark.scenario(9)
    def test_a_verdict_is_never_rewritten(self, store: Store) -> None:
        late = stopped(ANSWER, minutes(300), Readings())
        ticket = _saved(store, late)
        for other in (ANSWER, stopped(ANSWER, NOW, Readings()), cancelled(ANSWER, NOW, "rerouted")):
            _save(store, ticket, other)
        assert _stored(store, ticket) == (late,)
        assert late.verdict is Verdict.LATE

    @pytest.mark.reading(1)
    def test_a_verdict_stays_when_the_timeline_shows_its_clock_no_more(self, store: Store) -> None:
        done = stopped(ANSWER, minutes(30), Readings())
        ticket = _saved(store, done, PLACEMENT)
        _save(store, ticket)
        assert _stored(store, ticket) == (done,)

    def test_frozen_are_the_clocks_with_a_verdict_of_this_ticket(self, store: Store) -> None:
        done = stopped(ANSWER, minutes(30), Readings())
        ticket = _saved(store, done, PLACEMENT)
        other = new_ticket(store, 2)
        _save(store, other, stopped(PLACEMENT, minutes(5), Readings()))
        with store.reading() as session:
            assert clocks.frozen(session, ticket) == {"answer:1": done}

    def test_running_clocks_become_verdicts_once(self, store: Store) -> None:
        ticket = _saved(store, ANSWER)
        _save(store, ticket, stopped(ANSWER, ANSWER.due, Readings()))
        _save(store, ticket, stopped(ANSWER, ANSWER.due + timedelta(seconds=1), Readings()))
        assert [clock.verdict for clock in _stored(store, ticket)] == [Verdict.IN_TIME]


def _saved(store: Store, *told: Clock) -> int:
    ticket = new_ticket(store)
    _save(store, ticket, *told)
    return ticket


def _save(store: Store, ticket: int, *told: Clock) -> None:
    with store.writing() as session:
        clocks.save(session, ticket, told)


def _stored(store: Store, ticket: int) -> tuple[Clock, ...]:
    with store.reading() as session:
        return clocks.of_ticket(session, ticket)
