"""The second voice learns from the office's closed tickets, and only the better model is kept."""

from pathlib import Path

import pytest

from bridge.config.document import parse_document
from bridge.flow.learning import LEAST_HELD_BACK, Learning, Lesson
from bridge.routing import DepartmentMapping, Router
from bridge.second_voice import ModelsFolder, OfficeRouter
from bridge.sla.clocks import Verdict
from bridge.store import routed_messages
from bridge.store.database import Store
from bridge.store.models import ClockRow, MessageRow, ModelTrialRow, TicketRow
from tests.store_contract.rows import NOW, add_ticket, minutes
from tests.unit.flow.desk import Watch

MAPPING = """
departments:
- {key: roads, name: Дороги, keywords: [яма]}
- {key: sport, name: Спорт, keywords: [стадион]}
"""
SHIPPED = """
{"text": "яма на дороге", "departments": ["roads"]}
{"text": "стадион закрыт", "departments": ["sport"]}
{"text": "спасибо", "departments": []}
"""
TICKETS = 6 * LEAST_HELD_BACK


@pytest.fixture
def learning(store: Store, tmp_path: Path) -> Learning:
    training = tmp_path / "training"
    training.mkdir()
    (training / "shipped.jsonl").write_text(SHIPPED, encoding="utf-8")
    folder = ModelsFolder(tmp_path / "models", training)
    rules = Router(parse_document(MAPPING, DepartmentMapping, "departments.yaml"))
    return Learning(store, OfficeRouter(folder, rules), Watch())


def close(store: Store, number: int, text: str, department: str | None, cause: str = "") -> int:
    """A closed ticket whose answer that department owed."""
    with store.writing() as session:
        ticket = add_ticket(session, number)
        session.get_one(MessageRow, ticket.message_id).text = text
        ticket.closed, ticket.status = True, "placed"
        if department:
            session.add(clock(ticket, department, cause))
        return ticket.id


def clock(ticket: TicketRow, holder: str, cause: str) -> ClockRow:
    return ClockRow(
        ticket_id=ticket.id,
        key=f"answer:{holder}",
        kind="answer",
        clause="3.2.1",
        holder=holder,
        policy="head-feed",
        policy_version="1",
        calendar_version="1",
        start=NOW,
        due=minutes(240),
        stop=minutes(10),
        verdict=Verdict.CANCELLED if cause else Verdict.IN_TIME,
        cause=cause,
    )


def lesson_of_the_office(store: Store, tickets: int = TICKETS) -> None:
    """Here people say «кочка» for what roads does, which neither rules nor shipped texts know."""
    for number in range(tickets):
        text, department = (
            (f"кочка номер {number}", "roads"),
            (f"турнир номер {number}", "sport"),
        )[number % 2]
        close(store, number, text, department)


def test_what_only_this_office_calls_so_is_learnt_kept_and_used_at_once(
    learning: Learning, store: Store
) -> None:
    assert learning.router.route("опять кочка").departments == ()
    lesson_of_the_office(store)

    report = learning.run()

    assert report.lesson is Lesson.KEPT
    assert report.exact > report.former_exact
    assert report.learnt_from + report.held_back == TICKETS
    route = learning.router.route("опять кочка")
    assert (route.departments, route.model_version) == (("roads",), report.version)


def test_what_the_models_were_worth_is_recorded(learning: Learning, store: Store) -> None:
    lesson_of_the_office(store)
    report = learning.run()
    with store.reading() as session:
        [trial] = session.query(ModelTrialRow)
    assert (trial.version, trial.former_version) == (report.version, report.former_version)
    assert (trial.held_back, trial.exact, trial.former_exact, trial.kept) == (
        report.held_back,
        report.exact,
        report.former_exact,
        True,
    )


def test_a_model_that_is_not_better_is_not_kept(learning: Learning, store: Store) -> None:
    for number in range(TICKETS):
        close(store, number, f"яма номер {number}", "roads")
    report = learning.run()
    assert report.lesson is Lesson.NOT_BETTER
    assert not learning.router.folder.office_model.exists()


def test_the_same_training_is_not_tried_again(learning: Learning, store: Store) -> None:
    lesson_of_the_office(store)
    learning.run()
    assert learning.run().lesson is Lesson.NOTHING_NEW


def test_a_few_tickets_would_let_chance_decide(learning: Learning, store: Store) -> None:
    lesson_of_the_office(store, tickets=10)
    assert learning.run().lesson is Lesson.TOO_FEW


def test_the_held_back_tickets_are_the_same_whatever_is_added(
    learning: Learning, store: Store
) -> None:
    lesson_of_the_office(store)
    before = learning.run().held_back
    close(store, TICKETS, "кочка", "roads")
    after = learning.run().held_back
    assert before <= after <= before + 1


def test_a_department_from_which_the_message_was_taken_back_was_not_in_charge(
    store: Store,
) -> None:
    number = close(store, 1, "кочка", "sport", cause="rerouted")
    with store.writing() as session:
        session.add(clock(session.get_one(TicketRow, number), "roads", ""))
    with store.reading() as session:
        [routed] = routed_messages.every(session, 10)
    assert routed.departments == {"roads"}


def test_the_departments_of_a_message_are_those_of_all_its_parts(store: Store) -> None:
    whole = close(store, 1, "кочка и турнир", None)
    for number, department in ((2, "roads"), (3, "sport")):
        part = close(store, number, "", department)
        with store.writing() as session:
            session.get_one(TicketRow, part).parent_id = whole
    with store.reading() as session:
        assert [each.departments for each in routed_messages.every(session, 1)] == [
            {"roads", "sport"}
        ]


def test_a_message_that_nobody_was_to_answer_teaches_what_concerns_nobody(store: Store) -> None:
    thanks, unclear = close(store, 1, "спасибо", None), close(store, 2, "яма", None)
    with store.writing() as session:
        row = session.get_one(TicketRow, thanks)
        row.status, row.route = "no_answer_needed", {"departments": []}
    with store.reading() as session:
        found = {each.ticket_id: each.departments for each in routed_messages.every(session, 10)}
    assert found == {thanks: frozenset()}
    assert unclear not in found
