"""One worker at a time reconciles a ticket; whoever comes meanwhile is not forgotten."""

import pytest
from sqlalchemy import func, select

from bridge.flow.reconcile import Result, Trigger
from bridge.helpdesk.port import Issue
from bridge.store import inbox, leases
from bridge.store.models import DecisionRow, RepairRow
from tests.store_contract.rows import arrival, record
from tests.unit.flow.conftest import LEASE, PATIENCE, TEXT, Bench
from tests.unit.flow.desk import unavailable


def test_a_ticket_that_is_not_there_is_unknown(bench: Bench) -> None:
    assert bench.reconciler.reconcile(404, Trigger.COMMAND) is Result.UNKNOWN


def test_a_ticket_that_another_worker_holds_is_left_to_it(created: Bench) -> None:
    _take(created, "other")
    created.staff(status="review", answer_text=TEXT)
    assert created.reconcile() is Result.BUSY
    assert created.row.status == "assigned"
    created.watch.wait(seconds=LEASE.total_seconds() + 1)
    assert created.reconcile() is Result.SETTLED
    assert created.row.status == "review"


def test_whoever_holds_the_ticket_looks_again_when_it_was_hinted_at(created: Bench) -> None:
    read = created.desk.read

    def read_then_hint(issue_id: int) -> Issue:
        seen = read(issue_id)
        if seen.status == "assigned":
            created.staff(status="review", answer_text=TEXT)
            assert created.reconcile() is Result.BUSY
        return seen

    created.desk.read = read_then_hint  # type: ignore[method-assign]
    assert created.reconcile() is Result.SETTLED
    assert created.row.status == "review"


@pytest.mark.parametrize("fails", [False, True])
def test_a_worker_that_lost_the_ticket_records_nothing(created: Bench, fails: bool) -> None:
    read = created.desk.read
    created.staff(status="review", answer_text=TEXT)

    def sleep_and_read(issue_id: int) -> Issue:
        created.watch.wait(seconds=LEASE.total_seconds() + 1)
        _take(created, "other")
        if fails:
            raise unavailable()
        return read(issue_id)

    created.desk.read = sleep_and_read  # type: ignore[method-assign]
    assert created.reconcile() is Result.BUSY
    assert (created.row.status, created.row.attention) == ("assigned", "")
    assert created.row.lease_owner == "other"


def test_a_settled_ticket_is_free_for_the_next(created: Bench) -> None:
    assert created.row.lease_owner is None


def test_each_change_leaves_one_line_in_the_audit(created: Bench) -> None:
    before = _count(created, DecisionRow.id)
    created.reconcile()
    assert _count(created, DecisionRow.id) == before
    created.staff(note="Просто заметка")
    created.reconcile()
    assert _count(created, DecisionRow.id) == before + 1


def test_the_audit_says_what_a_decision_takes_for_granted(created: Bench) -> None:
    created.staff(status="placed", answer_text="Яма засыпана.")
    created.reconcile()
    with created.store.reading() as session:
        newest = session.scalars(select(DecisionRow).order_by(DecisionRow.id.desc())).first()
    assert newest
    (assumption,) = newest.summary["assumptions"]
    assert assumption["key"] == "placed_by_word_alone"
    assert "со слов" in assumption["words"]


@pytest.mark.scenario(20)
@pytest.mark.parametrize(("announced", "repairs"), [(False, 1), (True, 0)])
def test_a_change_of_staff_that_no_webhook_told_of_is_counted(
    created: Bench, announced: bool, repairs: int
) -> None:
    created.staff(status="review", answer_text=TEXT)
    if announced:
        record(created.store, arrival(f"journal:{created.issue.journal[-1].id}", inbox.HELPDESK))
    created.watch.wait(seconds=PATIENCE.total_seconds() + 1)
    created.reconcile(Trigger.SWEEP)
    created.reconcile(Trigger.SWEEP)
    assert _count(created, RepairRow.id) == repairs


def test_a_change_whose_webhook_may_still_be_on_its_way_is_not_counted(created: Bench) -> None:
    created.staff(status="review", answer_text=TEXT)
    created.reconcile(Trigger.TIMER)
    assert _count(created, RepairRow.id) == 0


def test_what_the_bridge_itself_wrote_is_no_repair(created: Bench) -> None:
    created.staff(status="review", answer_text=TEXT)
    created.reconcile()
    created.watch.wait(minutes=10)
    created.reconcile(Trigger.SWEEP)
    assert _count(created, RepairRow.id) == 0


def test_an_open_ticket_is_looked_at_when_its_deadline_comes_near_and_when_it_has_passed(
    created: Bench,
) -> None:
    shown = []
    while look_at := created.row.look_at:
        created.watch.at = look_at
        created.reconcile(Trigger.TIMER)
        shown.append((created.issue.fields["deadline_state"], len(created.warnings)))
    assert shown == [("в срок", 1), ("скоро", 2), ("просрочено", 2)]


@pytest.mark.clause("1.4")
def test_a_warning_is_told_once_however_often_the_ticket_is_looked_at(created: Bench) -> None:
    look_at = created.row.look_at
    assert look_at
    created.watch.at = look_at
    for _ in range(3):
        created.reconcile(Trigger.TIMER)
        created.watch.wait(seconds=5)
    assert len(created.warnings) == 1


def _take(bench: Bench, owner: str) -> None:
    now = bench.watch()
    with bench.store.writing() as session:
        assert leases.acquire(session, bench.ticket, owner, now, now + LEASE) is not None


def _count(bench: Bench, column: object) -> int:
    with bench.store.reading() as session:
        return session.scalars(select(func.count(column))).one()
