"""An interim answer becomes visible with its period, and the ticket goes on (clause 3.6)."""

import pytest

from bridge.publish.port import Remedy
from bridge.sla.clocks import Verdict
from tests.unit.flow.conftest import TEXT, Bench
from tests.unit.flow.desk import refusal

pytestmark = pytest.mark.clause("3.6")

INTERIM = "Яма осмотрена, ждём асфальт до среды."
UNTIL = "24.11.2026 12:00"


@pytest.fixture
def approved(created: Bench) -> Bench:
    created.staff(status="interim_review", interim_text=INTERIM, interim_until=UNTIL)
    created.reconcile()
    created.watch.wait(minutes=1)
    created.staff(status="interim_approved")
    return created


def test_it_stands_there_with_its_period_and_the_deadline_moves(approved: Bench) -> None:
    before = approved.issue.fields["answer_due"]
    approved.reconcile()
    (interim,) = approved.network.visible
    assert interim.text == f"Анна Петрова! {INTERIM} Ответ до {UNTIL}."
    assert approved.issue.status == "interim_placed"
    assert not approved.row.closed
    assert approved.issue.fields["answer_due"] == approved.issue.fields["final_due"] != before
    (note,) = approved.notes
    assert approved.issue.fields["final_due"] in note
    assert approved.verdicts()["interim:1"] == Verdict.IN_TIME


def test_reconciling_again_tells_and_places_nothing_more(approved: Bench) -> None:
    for _ in range(3):
        approved.reconcile()
        approved.watch.wait(minutes=10)
    assert (len(approved.network.calls), len(approved.notes)) == (1, 1)


def test_the_final_answer_follows_under_the_same_message(approved: Bench) -> None:
    approved.reconcile()
    approved.approve()
    approved.reconcile()
    assert [answer.text for answer in approved.network.visible][1] == f"Анна Петрова! {TEXT}"
    assert approved.issue.status == "placed"
    assert approved.verdicts()["final:1"] == Verdict.IN_TIME


def test_one_that_the_network_refuses_goes_to_the_curator_and_stays_interim(
    approved: Bench,
) -> None:
    approved.network.before.append(refusal(Remedy.BY_HAND, "212", "Комментарии закрыты."))
    approved.reconcile()
    assert approved.issue.status == "manual_placement"
    assert "Промежуточный ответ не размещён. Комментарии закрыты." in approved.notes[0]

    approved.staff(status="interim_placed")
    approved.reconcile()
    assert approved.verdicts()["answer:1"] is None
    assert approved.issue.fields["final_due"]
