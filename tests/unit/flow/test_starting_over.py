"""What the bridge could not do is taken up again when a person says so."""

import pytest

from bridge.flow.placement_hold import NotDone
from bridge.flow.reconcile import Trigger
from bridge.flow.starting_over import StartingOver
from bridge.helpdesk.port import HelpdeskRefused
from bridge.store import inbox, leases
from bridge.store.models import EventState
from tests.store_contract.rows import arrival, record
from tests.unit.flow.conftest import LEASE, Bench
from tests.unit.flow.desk import TicketHints
from tests.unit.flow.ordering import BY, deeds


@pytest.fixture
def starting_over(bench: Bench, hints: TicketHints) -> StartingOver:
    return StartingOver(bench.store, hints, bench.watch)


def test_an_update_that_the_helpdesk_refused_is_written_when_its_cause_is_gone(
    created: Bench, starting_over: StartingOver, hints: TicketHints
) -> None:
    created.approve()
    created.desk.before.append(HelpdeskRefused("нет прав"))
    created.reconcile()
    assert "нет прав" in created.row.attention
    created.reconcile()
    assert created.issue.status == "approved"
    starting_over.ticket(created.ticket, BY)
    assert hints.told == [(created.ticket, Trigger.ORDER)]
    created.reconcile()
    assert created.issue.status == "placed"
    assert created.row.attention == ""
    assert deeds(created) == ["ticket_retried"]


def test_a_ticket_that_was_never_created_is_tried_at_once(
    bench: Bench, starting_over: StartingOver
) -> None:
    bench.desk.before = [HelpdeskRefused("нет трекера")] * 2
    bench.reconcile()
    assert "нет трекера" in bench.row.attention
    starting_over.ticket(bench.ticket, BY)
    assert bench.row.look_at == bench.watch()


def test_while_a_worker_acts_for_the_ticket_nobody_else_does(
    created: Bench, starting_over: StartingOver
) -> None:
    now = created.watch()
    with created.store.writing() as session:
        leases.acquire(session, created.ticket, "worker", now, now + LEASE)
    with pytest.raises(NotDone, match="занят"):
        starting_over.ticket(created.ticket, BY)
    assert deeds(created) == []


def test_a_ticket_that_is_not_there_is_told_so(starting_over: StartingOver) -> None:
    with pytest.raises(NotDone, match="Такой карточки нет"):
        starting_over.ticket(99, BY)


def test_an_event_is_processed_as_if_it_had_just_come(
    bench: Bench, starting_over: StartingOver, hints: TicketHints
) -> None:
    event = record(bench.store, arrival("broken"))
    assert event
    with bench.store.writing() as session:
        inbox.finish(session, event, EventState.UNREADABLE, "нет автора", bench.watch())
    starting_over.event(event, BY)
    assert hints.event_ids == [event]
    with bench.store.reading() as session:
        assert inbox.outcome(session, event) == (EventState.RECEIVED, "")
    assert deeds(bench) == ["event_replayed"]
