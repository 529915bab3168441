"""At most one nightly run has not ended, one process at a time works at it, nothing is lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from bridge.store import nightly
from bridge.store.database import Store
from bridge.store.models import (
    Cause,
    NightlyDifferenceRow,
    NightlyPhase,
    NightlyRunRow,
    Outcome,
    Side,
    TicketRow,
)
from bridge.store.nightly import RunLost, Tally
from tests.store_contract.rows import NOW, minutes, new_ticket


class NightlyContract:
    def test_a_run_that_has_not_ended_is_carried_on_and_not_begun_again(self, store: Store) -> None:
        first = _take(store, "a")
        assert first
        with store.writing() as session:
            nightly.advance(session, first, "a", 7, Tally(looked=3, read=2), minutes(5))
            nightly.pause(session, first, "a", "Redmine не отвечает")
        assert _take(store, "b", now=1) == first
        run = _run(store, first)
        assert (run.reached, run.looked, run.read) == (7, 3, 2)
        assert (run.started_at, run.reason) == (NOW, "Redmine не отвечает")

    def test_a_run_that_is_held_is_refused_until_its_lease_ends(self, store: Store) -> None:
        first = _take(store, "a", until=5)
        assert _take(store, "b", now=4) is None
        assert _take(store, "b", now=6, until=9) == first
        with pytest.raises(RunLost), store.writing() as session:
            nightly.advance(session, first or 0, "a", 9, Tally(), minutes(9))
        assert _run(store, first).reached == 0

    def test_of_many_who_come_at_once_one_gets_the_run(self, store: Store) -> None:
        owners = [f"w{number}" for number in range(6)]
        with ThreadPoolExecutor(len(owners)) as pool:
            taken = list(pool.map(lambda owner: _take(store, owner), owners))
        assert len([run for run in taken if run is not None]) == 1

    def test_after_a_run_has_ended_the_next_one_is_another(self, store: Store) -> None:
        first = _take(store, "a")
        with store.writing() as session:
            nightly.finish(session, first or 0, "a", minutes(3))
        second = _take(store, "a", now=60)
        assert second != first
        with store.reading() as session:
            assert nightly.last_finished_start(session) == NOW

    def test_an_old_run_is_given_up_unless_somebody_works_at_it(self, store: Store) -> None:
        first = _take(store, "a", until=5)
        _give_up(store, minutes(1), at=4)
        assert _active(store) == first
        _give_up(store, minutes(1), at=6)
        assert _active(store) is None
        assert _run(store, first).finished_at is None

    def test_a_phase_begins_at_its_beginning(self, store: Store) -> None:
        first = _take(store, "a") or 0
        with store.writing() as session:
            nightly.advance(session, first, "a", 7, Tally(looked=3), minutes(5))
            nightly.enter(session, first, "a", NightlyPhase.CLOSED)
        run = _run(store, first)
        assert (run.phase, run.reached, run.looked) == ("closed", 0, 3)

    def test_what_stays_as_it_was_is_listed_once_and_what_was_mended_each_time(
        self, store: Store
    ) -> None:
        ticket, run = new_ticket(store), _take(store, "a") or 0

        def listed(outcome: Outcome, became: str = "b") -> bool:
            with store.writing() as session:
                return nightly.add_difference(session, _difference(run, ticket, outcome, became))

        assert [listed(Outcome.LEFT), listed(Outcome.LEFT)] == [True, False]
        assert [listed(Outcome.KEPT), listed(Outcome.KEPT)] == [True, False]
        assert [listed(Outcome.MENDED), listed(Outcome.MENDED)] == [True, True]
        assert listed(Outcome.LEFT, "c")
        with store.reading() as session:
            assert nightly.counts(session, run) == {
                ("unknown", "left"): 2,
                ("unknown", "kept"): 1,
                ("unknown", "mended"): 2,
            }
            first, *rest = nightly.differences(session, run, 0, 100)
            assert nightly.differences(session, run, first.id, 2) == rest[:2]

    def test_the_last_reading_of_a_ticket_is_the_one_that_counts(self, store: Store) -> None:
        ticket, run = new_ticket(store), _take(store, "a") or 0
        for fingerprint, at in (("old", NOW), ("new", minutes(1))):
            with store.writing() as session:
                nightly.save_reading(session, run, ticket, fingerprint, at)
        with store.reading() as session:
            reading = nightly.readings(session, [ticket, 404])[ticket]
        assert (reading.fingerprint, reading.read_at) == ("new", minutes(1))

    def test_closed_tickets_are_those_that_the_run_has_not_read(self, store: Store) -> None:
        run = _take(store, "a") or 0
        numbers = [new_ticket(store, number) for number in (1, 2, 3)]
        with store.writing() as session:
            for ticket in numbers:
                row = session.get_one(TicketRow, ticket)
                row.issue_id, row.closed = 100 + ticket, ticket != numbers[0]
            nightly.save_reading(session, run, numbers[1], "", NOW)
        with store.reading() as session:
            found = nightly.closed_unread(session, run, [100 + number for number in numbers])
            assert list(found) == [numbers[2]]
            assert nightly.count_open(session, 0) == 1


def _take(store: Store, owner: str, now: float = 0, until: float = 5) -> int | None:
    with store.writing() as session:
        nightly.open_run(session, NOW, minutes(now))
        run = nightly.take(session, owner, minutes(now), minutes(until))
        return run.id if run else None


def _run(store: Store, run_id: int | None) -> NightlyRunRow:
    with store.reading() as session:
        return session.get_one(NightlyRunRow, run_id)


def _active(store: Store) -> int | None:
    with store.reading() as session:
        run = nightly.active_run(session)
        return run.id if run else None


def _give_up(store: Store, begun_before: datetime, at: float) -> None:
    with store.writing() as session:
        nightly.abandon(session, begun_before, minutes(at))


def _difference(run: int, ticket: int, outcome: Outcome, became: str) -> NightlyDifferenceRow:
    return NightlyDifferenceRow(
        run_id=run,
        ticket_id=ticket,
        at=NOW,
        side=Side.HELPDESK,
        what="answer_due",
        was="a",
        became=became,
        cause=Cause.UNKNOWN,
        outcome=outcome,
    )
