"""A message for several departments, from its split to its one answer: clauses 2.1.2 and 3.5."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

import pytest

from bridge.effects import EffectKind
from bridge.flow.adoption import Adoption
from bridge.flow.downloading import Downloading
from bridge.flow.intake import Intake
from bridge.flow.queue import Hints
from bridge.flow.reconcile import Trigger
from bridge.flow.worker import Worker
from bridge.store.models import TicketRow
from tests.unit.flow.conftest import Bench
from tests.unit.flow.desk import Killed, unavailable

ROADS, LIGHT = "Здравствуйте! Яму заделали.", "Фонарь починили."


@dataclass
class Household:
    """The bench's ticket as a whole, with all its parts."""

    bench: Bench
    worker: Worker

    def tickets(self) -> list[TicketRow]:
        with self.bench.store.reading() as session:
            return list(session.query(TicketRow).order_by(TicketRow.id))

    def settle(self) -> None:
        """As the sweep does: whoever is due, until nobody is."""
        for _ in range(12):
            due = [
                row for row in self.tickets() if row.look_at and row.look_at <= self.bench.watch()
            ]
            if not due:
                return
            for row in due:
                self.worker.reconcile(row.id, Trigger.TIMER)
        raise AssertionError("the family does not settle")

    def move(self, number: int, status: str, **fields: str) -> None:
        """Staff move one of the tickets, counted from the whole as 0."""
        row = self.tickets()[number]
        assert row.issue_id
        self.bench.desk.staff(row.issue_id, status=status, **fields)
        self.worker.reconcile(row.id, Trigger.WEBHOOK)
        self.settle()

    def statuses(self) -> list[str]:
        return [row.status for row in self.tickets()]


class NoHints:
    """Relatives are due in the store: a lost hint loses nothing."""

    def ticket(self, ticket_id: int, trigger: Trigger) -> None: ...

    def ticket_at(self, ticket_id: int, at: datetime) -> None: ...


@pytest.fixture
def household(unsettled: Household) -> Household:
    """Every department has its ticket."""
    unsettled.settle()
    return unsettled


@pytest.fixture
def unsettled(bench: Bench) -> Household:
    """The route was sure of two departments; their tickets are stored and not yet made."""
    with bench.store.writing() as session:
        row = session.get_one(TicketRow, bench.ticket)
        row.department = None
        row.route = {"explanation": "Дороги и свет.", "split": ["roads", "light"]}
    adoption = Adoption(bench.store, bench.desk, bench.watch)
    intake, hints = cast(Intake, None), cast(Hints, NoHints())
    worker = Worker(
        bench.store,
        intake,
        cast(Downloading, None),
        bench.reconciler,
        adoption,
        hints,
        bench.reconciler.lease_duration,
        bench.watch,
    )
    found = Household(bench, worker)
    worker.reconcile(bench.ticket, Trigger.MESSAGE)
    return found


def test_each_department_gets_a_ticket_below_the_curators(household: Household) -> None:
    whole, roads, light = household.tickets()
    desk = household.bench.desk
    assert household.statuses() == ["in_progress", "assigned", "assigned"]
    assert [desk.issues[row.issue_id].department for row in (whole, roads, light)] == [
        None,
        "roads",
        "light",
    ]
    assert [desk.parents.get(row.issue_id) for row in (whole, roads, light)] == [
        None,
        whole.issue_id,
        whole.issue_id,
    ]


def test_the_answers_go_out_as_one_when_the_last_is_approved(household: Household) -> None:
    household.bench.watch.wait(minutes=5)
    household.move(1, "review", answer_text=ROADS)
    household.move(2, "review", answer_text=LIGHT)
    household.move(1, "approved")
    assert household.bench.network.visible == []
    household.move(2, "approved")
    (placement,) = household.bench.network.visible
    assert placement.text == "Анна Петрова! Яму заделали.\n\nФонарь починили."
    assert household.statuses() == ["placed"] * 3


@pytest.mark.parametrize("after", range(6))
def test_a_worker_that_dies_anywhere_on_the_way_places_one_answer(
    household: Household, after: int
) -> None:
    household.bench.watch.wait(minutes=5)
    household.move(1, "review", answer_text=ROADS)
    household.move(2, "review", answer_text=LIGHT)
    household.move(1, "approved")
    household.bench.desk.doomed_after = after
    try:
        household.move(2, "approved")
    except Killed:
        household.bench.desk.doomed_after = None
    for _ in range(20):
        household.bench.watch.wait(minutes=2)
        for row in household.tickets():
            household.worker.reconcile(row.id, Trigger.SWEEP)
    assert len(household.bench.network.visible) == 1
    assert household.statuses() == ["placed"] * 3


def test_a_part_that_could_not_be_made_is_made_later(bench: Bench, unsettled: Household) -> None:
    bench.desk.before.append(unavailable())
    unsettled.settle()
    assert [bool(row.issue_id) for row in unsettled.tickets()] == [True, False, True]
    bench.watch.wait(minutes=10)
    unsettled.settle()
    assert unsettled.statuses() == ["in_progress", "assigned", "assigned"]


def test_a_ticket_that_a_curator_puts_below_becomes_a_part(household: Household) -> None:
    bench = household.bench
    whole = household.tickets()[0]
    assert whole.issue_id
    made = bench.desk.open_below(whole.issue_id, "water")
    assert household.worker.adoption.adopt(made, whole.issue_id)
    household.worker.reconcile(household.tickets()[-1].id, Trigger.WEBHOOK)
    household.settle()
    issue = bench.desk.issues[made]
    assert issue.status == "assigned"
    assert issue.fields["external_number"] == f"vk:feed:wall-1_2_r1/#{made}"
    assert issue.fields["author"] == "Анна Петрова"
    assert "Яма на дороге" in issue.description


def test_a_ticket_is_adopted_once_and_only_below_a_ticket_of_ours(household: Household) -> None:
    whole = household.tickets()[0]
    assert whole.issue_id
    made = household.bench.desk.open_below(whole.issue_id, "water")
    first = household.worker.adoption.adopt(made, whole.issue_id)
    second = household.worker.adoption.adopt(made, whole.issue_id)
    assert first
    assert second
    assert first.id == second.id
    part = household.tickets()[1].issue_id
    assert part
    assert (
        household.worker.adoption.adopt(household.bench.desk.open_below(part, "water"), part)
        is None
    )


def test_what_the_bridge_itself_made_is_not_adopted(household: Household) -> None:
    whole, roads, _ = household.tickets()
    assert whole.issue_id
    assert roads.issue_id
    assert household.worker.adoption.adopt(roads.issue_id, whole.issue_id) is None


def test_a_part_has_no_effects_of_placing_its_own_answer(household: Household) -> None:
    household.bench.watch.wait(minutes=5)
    household.move(1, "review", answer_text=ROADS)
    household.move(1, "approved")
    kinds = {row.kind for row in household.bench.effects()}
    assert EffectKind.PLACE_ANSWER not in kinds
