"""What curators decide otherwise than proposed is a lesson for the mapping (clause 2.1.2)."""

from typing import Any

import pytest

from bridge.store import route_corrections
from bridge.store.database import Store
from bridge.store.models import RouteCorrectionRow, TicketRow
from tests.unit.flow.conftest import Bench

pytestmark = pytest.mark.clause("2.1.2")

REASONS = [{"department": "roads", "rule": "keyword: яма", "words": ["яма"]}]


def proposed(bench: Bench, *departments: str, **more: Any) -> None:
    with bench.store.writing() as session:
        row = session.get_one(TicketRow, bench.ticket)
        row.route = {
            "departments": list(departments),
            "reasons": REASONS,
            "mapping_version": "m1",
            "model_version": "v1",
            "explanation": "",
            **more,
        }


def corrections(store: Store) -> list[RouteCorrectionRow]:
    with store.reading() as session:
        return [row for row, _, _ in route_corrections.page(session, 0, 10)]


def test_another_department_is_recorded_with_what_had_spoken_for_the_first(created: Bench) -> None:
    proposed(created, "roads")
    created.staff(department="housing")
    created.reconcile()
    [row] = corrections(created.store)
    assert (row.proposed, row.chosen, row.reasons) == (["roads"], ["housing"], REASONS)
    assert (row.mapping_version, row.model_version) == ("m1", "v1")
    assert row.at == created.watch()


def test_a_department_where_none_was_proposed_is_recorded(created: Bench) -> None:
    proposed(created)
    created.staff(department=None)
    with created.store.writing() as session:
        session.get_one(TicketRow, created.ticket).department = None
    created.reconcile()
    assert corrections(created.store) == []
    created.staff(department="housing")
    created.reconcile()
    assert [row.chosen for row in corrections(created.store)] == [["housing"]]


def test_a_route_that_is_left_as_proposed_is_none(created: Bench) -> None:
    proposed(created, "roads")
    created.staff(status="in_progress")
    created.reconcile()
    assert corrections(created.store) == []


def test_one_of_two_proposed_departments_is_a_correction_too(created: Bench) -> None:
    proposed(created, "roads", "housing")
    created.reconcile()
    assert [row.chosen for row in corrections(created.store)] == [["roads"]]


def test_a_correction_of_a_correction_is_one_and_one_that_is_taken_back_is_none(
    created: Bench,
) -> None:
    proposed(created, "roads")
    for department in ("housing", "transport"):
        created.staff(department=department)
        created.reconcile()
    assert [row.chosen for row in corrections(created.store)] == [["transport"]]
    created.staff(department="roads")
    created.reconcile()
    assert corrections(created.store) == []


def test_the_pages_own_department_is_no_correction_where_the_text_named_none(
    created: Bench,
) -> None:
    proposed(created)
    created.reconcile()
    assert corrections(created.store) == []
