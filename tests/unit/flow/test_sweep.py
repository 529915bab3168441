"""The sweep finds what no hint told of, and loses nothing when its own hints are lost."""

from datetime import datetime, timedelta

import pytest

from bridge.commands.working import CollectedHints
from bridge.flow.adoption import Adoption
from bridge.flow.reconcile import Trigger
from bridge.flow.sweep import Sweep
from bridge.store import attachments, cursors, inbox
from bridge.store.models import EventState, MessageRow, TicketRow
from tests.store_contract.rows import arrival, record
from tests.unit.flow.conftest import PATIENCE, TEXT, Bench
from tests.unit.flow.desk import unavailable

CURSOR = "helpdesk_changes"


@pytest.fixture
def hinted() -> CollectedHints:
    return CollectedHints()


@pytest.fixture
def sweep(created: Bench, hinted: CollectedHints) -> Sweep:
    with created.store.writing() as session:
        inbox.finish(session, 1, EventState.PROCESSED, "", created.watch())
    created.reconcile()
    swept = Sweep(
        created.store,
        created.desk,
        Adoption(created.store, created.desk, created.watch),
        hinted,
        PATIENCE,
        created.watch,
    )
    swept.run()
    hinted.event_ids.clear()
    hinted.ticket_ids.clear()
    return swept


def test_where_all_is_done_there_is_nothing_to_hint_at(
    sweep: Sweep, hinted: CollectedHints
) -> None:
    sweep.run()
    assert (hinted.event_ids, hinted.ticket_ids) == ([], [])


def test_while_hints_wait_for_a_worker_none_are_added(
    created: Bench, sweep: Sweep, hinted: CollectedHints
) -> None:
    record(created.store, arrival("waiting", created.watch()))
    created.watch.wait(seconds=2 * PATIENCE.total_seconds())
    hinted.event_ids.append(77)
    sweep.run()
    assert hinted.event_ids == [77]


def test_an_event_whose_hint_was_lost_is_found_and_a_fresh_one_left_to_the_queue(
    created: Bench, sweep: Sweep, hinted: CollectedHints
) -> None:
    event = record(created.store, arrival("e9", at=created.watch()))
    sweep.run()
    assert hinted.event_ids == []
    created.watch.wait(seconds=PATIENCE.total_seconds() + 1)
    assert sweep.run().events == 1
    assert hinted.event_ids == [event]


@pytest.mark.scenario(20)
def test_a_change_that_no_webhook_told_of_is_found(
    created: Bench, sweep: Sweep, hinted: CollectedHints
) -> None:
    created.staff(status="review", answer_text=TEXT)
    assert sweep.run().changed == 1
    assert hinted.ticket_ids == [(created.ticket, Trigger.SWEEP)]


def test_a_change_in_the_very_second_of_the_last_observation_is_found(
    created: Bench, sweep: Sweep
) -> None:
    created.staff(status="in_progress")
    created.reconcile()
    created.staff(status="review", answer_text=TEXT)
    assert created.row.observed_update == created.issue.updated_at
    assert sweep.run().changed == 1


def test_a_change_is_found_again_until_it_was_observed(
    created: Bench, sweep: Sweep, hinted: CollectedHints
) -> None:
    created.staff(status="review", answer_text=TEXT)
    for _ in range(3):
        created.watch.wait(minutes=3)
        assert sweep.run().changed == 1
    created.reconcile()
    created.watch.wait(minutes=3)
    created.reconcile()
    assert sweep.run().changed == 0
    assert len(hinted.ticket_ids) == 3


def test_a_deadline_that_passes_is_a_reason_to_look(
    created: Bench, sweep: Sweep, hinted: CollectedHints
) -> None:
    look_at = created.row.look_at
    assert look_at is not None
    created.watch.at = look_at - timedelta(seconds=1)
    sweep.run()
    assert hinted.ticket_ids == []
    created.watch.at = look_at
    sweep.run()
    assert hinted.ticket_ids == [(created.ticket, Trigger.TIMER)]


def test_an_effect_whose_time_has_come_is_a_reason_to_look(
    created: Bench, sweep: Sweep, hinted: CollectedHints
) -> None:
    other = created.another(2)
    sweep.run()
    assert hinted.ticket_ids == [(other.ticket, Trigger.TIMER)]


def test_a_file_whose_hint_was_lost_is_found_and_a_fresh_one_left_to_the_queue(
    created: Bench, sweep: Sweep, hinted: CollectedHints
) -> None:
    with created.store.writing() as session:
        row = session.get_one(MessageRow, created.row.message_id)
        attachments.add(session, row, created.watch())
    assert sweep.run().files == 0
    created.watch.wait(seconds=PATIENCE.total_seconds() + 1)
    assert sweep.run().files == 1
    assert hinted.attachment_ids == [1]


def test_a_helpdesk_that_is_down_stops_only_its_own_part(
    created: Bench, sweep: Sweep, hinted: CollectedHints
) -> None:
    before = _cursor(created)
    created.staff(status="review", answer_text=TEXT)
    event = record(created.store, arrival("e9", at=created.watch()))
    created.watch.wait(minutes=1)
    created.desk.unreadable.append(unavailable())
    report = sweep.run()
    assert (report.events, report.changed) == (1, 0)
    assert hinted.event_ids == [event]
    assert _cursor(created) == before
    assert sweep.run().changed == 1


def test_an_issue_that_is_not_the_bridges_is_passed_over(
    created: Bench, sweep: Sweep, hinted: CollectedHints
) -> None:
    with created.store.writing() as session:
        session.get_one(TicketRow, created.ticket).issue_id = 99
    created.desk.staff(1, note="чужая карточка")
    sweep.run()
    assert hinted.ticket_ids == []


def _cursor(bench: Bench) -> datetime | None:
    with bench.store.reading() as session:
        return cursors.read(session, CURSOR)
