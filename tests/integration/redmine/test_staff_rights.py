"""What each role may do in the real Redmine, with its own key: Redmine itself keeps the rules."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.redmine import RedmineError
from sandbox.redmine_staff import RedmineDesk

HELPDESK = yaml.safe_load(Path("config/helpdesk.yaml").read_text(encoding="utf-8"))
STATUSES = [status["key"] for status in HELPDESK["statuses"]]
REASONS = next(field for field in HELPDESK["fields"] if field["key"] == "revision_reason")["values"]
LINK = "https://vk.com/wall-1_2?reply=3"

Tickets = Callable[..., int]


@pytest.mark.clause("1.3", "1.4")
@pytest.mark.parametrize(
    ("role", "status"),
    [(role, status) for role in ("department", "curator") for status in STATUSES],
)
def test_a_role_is_offered_exactly_its_own_steps(
    request: pytest.FixtureRequest, roads_ticket: Tickets, role: str, status: str
) -> None:
    desk: RedmineDesk = request.getfixturevalue({"department": "roads", "curator": "curator"}[role])
    steps = set(HELPDESK["workflow"][role].get(status, []))
    offered = steps | {status} if steps else set()
    assert desk.read(roads_ticket(status)).allowed_statuses == offered


def test_a_department_that_approves_its_own_answer_changes_nothing(
    roads: RedmineDesk, roads_ticket: Tickets
) -> None:
    ticket = roads_ticket("review", answer_text="Яму заделали.")
    assert roads.move(ticket, "approved").status_code == 204
    assert roads.read(ticket).status == "review"


def test_a_department_submits_an_answer_together_with_its_text(
    roads: RedmineDesk, roads_ticket: Tickets
) -> None:
    ticket = roads_ticket("assigned")
    assert roads.move(ticket, "review", {"answer_text": "Яму заделали."}).ok
    seen = roads.read(ticket)
    assert (seen.status, seen.fields["answer_text"]) == ("review", "Яму заделали.")


def test_an_answer_without_text_is_refused(roads: RedmineDesk, roads_ticket: Tickets) -> None:
    ticket = roads_ticket("in_progress")
    refusal = roads.move(ticket, "review")
    assert refusal.status_code == 422
    assert "Текст ответа" in refusal.text
    assert roads.read(ticket).status == "in_progress"


@pytest.mark.parametrize(
    "period", ["завтра", "2026-11-24 18:30", "24.11.2026", "45.11.2026 18:30", ""]
)
def test_an_interim_answer_with_a_wrongly_written_period_is_refused(
    roads: RedmineDesk, roads_ticket: Tickets, period: str
) -> None:
    ticket = roads_ticket("in_progress")
    fields = {"interim_text": "Вопрос изучается.", "interim_until": period}
    refusal = roads.move(ticket, "interim_review", fields)
    assert refusal.status_code == 422
    assert "Срок, названный заявителю" in refusal.text


def test_an_interim_answer_with_its_period_is_taken(
    roads: RedmineDesk, roads_ticket: Tickets
) -> None:
    ticket = roads_ticket("in_progress")
    fields = {"interim_text": "Вопрос изучается.", "interim_until": "24.11.2026 18:30"}
    assert roads.move(ticket, "interim_review", fields).ok
    assert roads.read(ticket).status == "interim_review"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("source", "https://example.org"),
        ("author", "Кто-то другой"),
        ("external_number", "vk:1"),
        ("answer_due", "01.01.2030 00:00"),
        ("deadline_state", "в срок"),
        ("photos_required", "1"),
        ("self_placement", "1"),
    ],
)
def test_a_department_cannot_edit_what_is_not_its_own(
    roads: RedmineDesk, roads_ticket: Tickets, field: str, value: str
) -> None:
    ticket = roads_ticket("in_progress")
    before = roads.read(ticket)
    roads.update(ticket, {field: value}, notes="Взяли в работу.")
    after = roads.read(ticket)
    assert after.fields == before.fields
    assert after.notes == ("Взяли в работу.",)


def test_a_department_cannot_hand_a_ticket_on_or_rewrite_it(
    roads: RedmineDesk, roads_ticket: Tickets, layout: dict[str, Any]
) -> None:
    ticket = roads_ticket("in_progress")
    before = roads.read(ticket)
    other = layout["groups"]["departments"]["housing"]["id"]
    roads.update(
        ticket, assigned_to_id=other, subject="Нет ямы", description="-", due_date="2030-01-01"
    )
    assert roads.read(ticket) == before


def test_a_department_cannot_change_its_answer_once_it_is_approved(
    roads: RedmineDesk, roads_ticket: Tickets
) -> None:
    ticket = roads_ticket("approved", answer_text="Яму заделали.")
    roads.update(ticket, {"answer_text": "Яму не заделали."})
    assert roads.read(ticket).fields["answer_text"] == "Яму заделали."


def test_a_department_sees_tickets_of_its_own_group_only(
    roads: RedmineDesk, housing: RedmineDesk, roads_ticket: Tickets
) -> None:
    ticket = roads_ticket("assigned")
    assert roads.read(ticket).id == ticket
    assert housing.call("GET", f"/issues/{ticket}.json").status_code == 403
    assert housing.call("GET", f"/bridge/issues/{ticket}/lock.json").status_code == 403
    listed = housing.call("GET", "/issues.json?status_id=*&limit=100").json()["issues"]
    assert ticket not in [issue["id"] for issue in listed]


def test_a_department_cannot_make_tickets(roads: RedmineDesk, robot: RedmineDesk) -> None:
    with pytest.raises(RedmineError, match="Проект"):
        roads.open_ticket("Своя заявка", "new")
    found = robot.call("GET", "/issues.json?status_id=*&subject=Своя заявка").json()
    assert found["issues"] == []


def test_a_department_reads_private_notes_on_its_tickets(
    robot: RedmineDesk, roads: RedmineDesk, roads_ticket: Tickets
) -> None:
    ticket = roads_ticket("assigned")
    robot.update(ticket, notes="Срок ответа: пункт 3.2.1.", private_notes=True)
    assert roads.read(ticket).notes == ("Срок ответа: пункт 3.2.1.",)


@pytest.mark.clause("3.7")
@pytest.mark.reading(10)
def test_a_revision_without_a_reason_is_refused(
    curator: RedmineDesk, roads_ticket: Tickets
) -> None:
    ticket = roads_ticket("review", answer_text="Яму заделали.")
    refusal = curator.move(ticket, "revision")
    assert refusal.status_code == 422
    assert "Причина доработки" in refusal.text
    assert curator.read(ticket).status == "review"


@pytest.mark.clause("3.7", "3.7.1", "3.7.2", "3.7.3", "3.7.4")
@pytest.mark.reading(10)
@pytest.mark.parametrize("reason", REASONS)
def test_a_revision_with_one_of_the_reasons_is_taken(
    curator: RedmineDesk, roads_ticket: Tickets, reason: str
) -> None:
    ticket = roads_ticket("review", answer_text="Яму заделали.")
    assert curator.move(ticket, "revision", {"revision_reason": reason}).ok
    seen = curator.read(ticket)
    assert (seen.status, seen.fields["revision_reason"]) == ("revision", reason)


def test_a_revision_with_an_invented_reason_is_refused(
    curator: RedmineDesk, roads_ticket: Tickets
) -> None:
    ticket = roads_ticket("review", answer_text="Яму заделали.")
    assert curator.move(ticket, "revision", {"revision_reason": "Не нравится"}).status_code == 422


def test_a_curator_corrects_an_answer_in_the_same_step_that_approves_it(
    curator: RedmineDesk, roads_ticket: Tickets
) -> None:
    ticket = roads_ticket("review", answer_text="Яму зделали.")
    assert curator.move(ticket, "approved", {"answer_text": "Яму заделали."}).ok
    seen = curator.read(ticket)
    assert (seen.status, seen.fields["answer_text"]) == ("approved", "Яму заделали.")


def test_a_curator_who_placed_an_answer_by_hand_must_give_its_link(
    curator: RedmineDesk, roads_ticket: Tickets
) -> None:
    ticket = roads_ticket("manual_placement", answer_text="Яму заделали.")
    assert curator.move(ticket, "placed").status_code == 422
    assert curator.move(ticket, "placed", {"answer_link": "здесь"}).status_code == 422
    assert curator.move(ticket, "placed", {"answer_link": LINK}).ok
    seen = curator.read(ticket)
    assert (seen.status, seen.fields["answer_link"]) == ("placed", LINK)


def test_a_curator_routes_a_ticket_to_another_department(
    curator: RedmineDesk, roads_ticket: Tickets, layout: dict[str, Any]
) -> None:
    ticket = roads_ticket("misrouted")
    housing_group = layout["groups"]["departments"]["housing"]["id"]
    assert curator.move(ticket, "assigned", assigned_to_id=housing_group).ok
    seen = curator.read(ticket)
    assert (seen.status, seen.assignee_id) == ("assigned", housing_group)


@pytest.mark.parametrize(
    "field", ["author", "source", "external_number", "arrived_at", "answer_due"]
)
def test_a_curator_cannot_edit_what_the_bridge_writes(
    curator: RedmineDesk, roads_ticket: Tickets, field: str
) -> None:
    ticket = roads_ticket("new")
    before = curator.read(ticket)
    curator.update(ticket, {field: "01.01.2030 00:00"}, description="Другое")
    assert curator.read(ticket) == before


def test_the_robot_may_make_every_step(robot: RedmineDesk, roads_ticket: Tickets) -> None:
    for status in STATUSES:
        assert robot.read(roads_ticket(status)).allowed_statuses == set(STATUSES)


@pytest.mark.clause("1.2.1", "1.2.2", "2.1.2")
def test_tickets_can_be_assigned_to_the_curators_and_to_every_department(
    robot: RedmineDesk, layout: dict[str, Any]
) -> None:
    groups = [layout["groups"]["curators"], *layout["groups"]["departments"].values()]
    for group in groups:
        ticket = robot.open_ticket("Сообщение", "assigned", assigned_to_id=group["id"])
        assert robot.read(ticket).assignee_id == group["id"]


def test_a_ticket_is_found_by_its_external_number_and_by_no_other(
    robot: RedmineDesk, layout: Any
) -> None:
    number = layout["fields"]["external_number"]["id"]
    ticket = robot.open_ticket("Сообщение", "new", {"external_number": "vk:wall-1_77"})
    found = robot.call("GET", f"/issues.json?status_id=*&cf_{number}=vk:wall-1_77").json()
    assert [issue["id"] for issue in found["issues"]] == [ticket]
    none = robot.call("GET", f"/issues.json?status_id=*&cf_{number}=vk:wall-1_7").json()
    assert none["issues"] == []
