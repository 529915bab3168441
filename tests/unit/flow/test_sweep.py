"""The sweep finds what no hint told of, and loses nothing when its own hints are lost."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from bridge.flow.reconcile import Trigger
from bridge.flow.sweep import Sweep
from bridge.store import cursors, inbox
from bridge.store.models import EventState, TicketRow
from tests.store_contract.rows import arrival, record
from tests.unit.flow.conftest import PATIENCE, TEXT, Bench
from tests.unit.flow.desk import unavailable

CURSOR = "helpdesk_changes"


@dataclass
class Hinted:
    """What was hinted at."""

    events: list[int] = field(default_factory=list)
    tickets: list[tuple[int, Trigger]] = field(default_factory=list)

    def event(self, event_id: int) -> None:
        self.events.append(event_id)

    def ticket(self, ticket_id: int, trigger: Trigger) -> None:
        self.tickets.append((ticket_id, trigger))

    def ticket_at(self, ticket_id: int, at: datetime) -> None:
        raise AssertionError(f"a sweep sets no timers: ticket {ticket_id}, {at}")


@pytest.fixture
def hinted() -> Hinted:
    return Hinted()


@pytest.fixture
def sweep(created: Bench, hinted: Hinted) -> Sweep:
    with created.store.writing() as session:
        inbox.finish(session, 1, EventState.PROCESSED, "", created.watch())
    created.reconcile()
    swept = Sweep(created.store, created.desk, hinted, PATIENCE, created.watch)
    swept.run()
    hinted.events.clear()
    hinted.tickets.clear()
    return swept


def test_where_all_is_done_there_is_nothing_to_hint_at(sweep: Sweep, hinted: Hinted) -> None:
    sweep.run()
    assert (hinted.events, hinted.tickets) == ([], [])


def test_an_event_whose_hint_was_lost_is_found_and_a_fresh_one_left_to_the_queue(
    created: Bench, sweep: Sweep, hinted: Hinted
) -> None:
    event = record(created.store, arrival("e9", at=created.watch()))
    sweep.run()
    assert hinted.events == []
    created.watch.wait(seconds=PATIENCE.total_seconds() + 1)
    assert sweep.run().events == 1
    assert hinted.events == [event]


def test_a_change_that_no_webhook_told_of_is_found(
    created: Bench, sweep: Sweep, hinted: Hinted
) -> None:
    created.staff(status="review", answer_text=TEXT)
    assert sweep.run().changed == 1
    assert hinted.tickets == [(created.ticket, Trigger.SWEEP)]


def test_a_change_is_found_again_until_it_was_observed(
    created: Bench, sweep: Sweep, hinted: Hinted
) -> None:
    created.staff(status="review", answer_text=TEXT)
    for _ in range(3):
        created.watch.wait(minutes=10)
        assert sweep.run().changed == 1
    created.reconcile()
    created.watch.wait(minutes=10)
    created.reconcile()
    hinted.tickets.clear()
    assert sweep.run().changed == 0
    created.watch.wait(minutes=10)
    assert sweep.run().changed == 0


def test_a_deadline_that_passes_is_a_reason_to_look(
    created: Bench, sweep: Sweep, hinted: Hinted
) -> None:
    look_at = created.row.look_at
    assert look_at is not None
    created.watch.at = look_at - timedelta(seconds=1)
    sweep.run()
    assert hinted.tickets == []
    created.watch.at = look_at
    sweep.run()
    assert hinted.tickets == [(created.ticket, Trigger.TIMER)]


def test_an_effect_whose_time_has_come_is_a_reason_to_look(
    created: Bench, sweep: Sweep, hinted: Hinted
) -> None:
    other = created.another(2)
    sweep.run()
    assert hinted.tickets == [(other.ticket, Trigger.TIMER)]


def test_a_helpdesk_that_is_down_stops_only_its_own_part(
    created: Bench, sweep: Sweep, hinted: Hinted
) -> None:
    before = _cursor(created)
    created.staff(status="review", answer_text=TEXT)
    event = record(created.store, arrival("e9", at=created.watch()))
    created.watch.wait(minutes=1)
    created.desk.unreadable.append(unavailable())
    report = sweep.run()
    assert (report.events, report.changed) == (1, 0)
    assert hinted.events == [event]
    assert _cursor(created) == before
    assert sweep.run().changed == 1


def test_an_issue_that_is_not_the_bridges_is_passed_over(
    created: Bench, sweep: Sweep, hinted: Hinted
) -> None:
    with created.store.writing() as session:
        session.get_one(TicketRow, created.ticket).issue_id = 99
    created.desk.staff(1, note="чужая карточка")
    sweep.run()
    assert hinted.tickets == []


def _cursor(bench: Bench) -> datetime | None:
    with bench.store.reading() as session:
        return cursors.read(session, CURSOR)
