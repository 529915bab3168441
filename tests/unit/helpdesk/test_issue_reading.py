"""What Redmine answers, in the bridge's words. The answers are of a real Redmine 5.0."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from bridge.helpdesk.ids import RedmineIds
from bridge.helpdesk.issue_reading import read_issue, read_row, strangers_in
from bridge.helpdesk.port import SOMEBODY, Change, HelpdeskUnavailable, IssueFile

pytestmark = pytest.mark.usefixtures("process_zone")


@pytest.fixture
def answer(ids: RedmineIds) -> dict[str, Any]:
    return {
        "id": 5,
        "status": {"id": ids.statuses.id("review"), "name": "Ответ на проверке"},
        "author": {"id": ids.robot, "name": "Робот"},
        "assigned_to": {"id": ids.departments.id("roads"), "name": "Департамент дорог"},
        "due_date": "2026-11-24",
        "custom_fields": [
            {"id": ids.fields.id("answer_text"), "name": "Текст ответа", "value": "Да.\r\nНет."},
            {"id": ids.fields.id("answer_link"), "name": "Ссылка на ответ", "value": None},
        ],
        "created_on": "2026-11-23T13:30:00Z",
        "updated_on": "2026-11-23T14:30:00Z",
        "attachments": [
            {
                "id": 31,
                "filename": "IMG_1",
                "filesize": 5,
                "content_type": "image/jpeg",
                "author": {"id": 7, "name": "Робот"},
            },
            {
                "id": 32,
                "filename": "plan.pdf",
                "filesize": 6,
                "content_type": "application/pdf",
                "author": {"id": 21, "name": "Пётр Дорогин"},
            },
        ],
        "journals": [],
    }


def journal(*details: tuple[str, str, str | None, str | None], **more: object) -> dict[str, Any]:
    entry = {
        "id": 1,
        "user": {"id": 21, "name": "Пётр Дорогин"},
        "notes": "",
        "created_on": "2026-11-23T14:00:00Z",
        "private_notes": False,
        "details": [
            {"property": property_, "name": name, "old_value": old, "new_value": new}
            for property_, name, old, new in details
        ],
    }
    return entry | more


def changes_in(
    answer: dict[str, Any], ids: RedmineIds, *details: tuple[str, str, str | None, str | None]
) -> tuple[Change, ...]:
    (entry,) = read_issue(answer | {"journals": [journal(*details)]}, ids, None).journal
    return entry.changes


def test_an_issue_is_read_by_keys(answer: dict[str, Any], ids: RedmineIds) -> None:
    issue = read_issue(answer, ids, lock_version=3)
    assert (issue.status, issue.department) == ("review", "roads")
    assert issue.fields == {"answer_text": "Да.\nНет.", "answer_link": ""}
    assert issue.due_date == date(2026, 11, 24)
    assert issue.updated_at == datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
    assert issue.by_bridge
    assert issue.lock_version == 3


@pytest.mark.parametrize("assignee", [None, {"id": 300, "name": "Кураторы"}])
def test_a_ticket_of_no_department(
    answer: dict[str, Any], ids: RedmineIds, assignee: dict[str, Any] | None
) -> None:
    assert read_issue(answer | {"assigned_to": assignee}, ids, None).department is None


def test_a_person_is_told_apart_from_the_curators(answer: dict[str, Any], ids: RedmineIds) -> None:
    issue = read_issue(answer | {"assigned_to": {"id": 21}}, ids, None)
    assert issue.department == SOMEBODY


def test_a_step_of_status_and_assignee(answer: dict[str, Any], ids: RedmineIds) -> None:
    assert changes_in(
        answer,
        ids,
        ("attr", "status_id", str(ids.statuses.id("new")), str(ids.statuses.id("assigned"))),
        ("attr", "assigned_to_id", "300", str(ids.departments.id("roads"))),
        ("attr", "assigned_to_id", str(ids.departments.id("roads")), "21"),
        ("attr", "assigned_to_id", None, str(ids.departments.id("housing"))),
    ) == (
        Change("status", "new", "assigned"),
        Change("department", None, "roads"),
        Change("department", "roads", SOMEBODY),
        Change("department", None, "housing"),
    )


def test_a_changed_field_with_one_kind_of_line_end(answer: dict[str, Any], ids: RedmineIds) -> None:
    field = str(ids.fields.id("answer_text"))
    assert changes_in(answer, ids, ("cf", field, None, "Да.\r\nНет.")) == (
        Change("answer_text", "", "Да.\nНет."),
    )


def test_pictures_are_photos_and_other_files_are_not(
    answer: dict[str, Any], ids: RedmineIds
) -> None:
    assert changes_in(
        answer,
        ids,
        ("attachment", "31", None, "IMG_1"),
        ("attachment", "32", None, "plan.pdf"),
        ("attachment", "30", "yard.JPG", None),
    ) == (Change("photo", None, "31"), Change("photo", "30", None))


def test_what_the_configuration_does_not_know_is_left_out(
    answer: dict[str, Any], ids: RedmineIds
) -> None:
    assert changes_in(
        answer,
        ids,
        ("attr", "subject", "Яма", "Ямы"),
        ("cf", "999", "1", "2"),
        ("relation", "relates", None, "6"),
        ("attr", "status_id", str(ids.statuses.id("new")), "999"),
    ) == (Change("status", "new", None),)


def test_who_wrote_and_whether_for_everybody(answer: dict[str, Any], ids: RedmineIds) -> None:
    entries = [
        journal(notes="Срок\r\nпродлён", private_notes=True, user={"id": ids.robot, "name": "Р"}),
        journal(notes="Принято"),
    ]
    by_bridge, by_staff = read_issue(answer | {"journals": entries}, ids, None).journal
    assert (by_bridge.by_bridge, by_bridge.private, by_bridge.notes) == (
        True,
        True,
        "Срок\nпродлён",
    )
    assert (by_staff.by_bridge, by_staff.private, by_staff.author_name) == (
        False,
        False,
        "Пётр Дорогин",
    )
    assert by_staff.at == datetime(2026, 11, 23, 14, tzinfo=UTC)


@pytest.mark.parametrize("lost", ["id", "status", "author", "created_on", "journals"])
def test_half_an_issue_is_no_answer(answer: dict[str, Any], ids: RedmineIds, lost: str) -> None:
    del answer[lost]
    with pytest.raises(HelpdeskUnavailable, match="not as documented"):
        read_issue(answer, ids, None)


@pytest.mark.parametrize(
    "stranger",
    [
        {"status": {"id": 999}},
        {"assigned_to": {"id": 999}},
        {"custom_fields": [{"id": 999, "value": ""}]},
    ],
)
def test_numbers_that_are_new_to_the_bridge_are_noticed(
    answer: dict[str, Any], ids: RedmineIds, stranger: dict[str, Any]
) -> None:
    assert not strangers_in(answer, ids)
    assert strangers_in(answer | stranger, ids)


def test_attached_files_are_known_with_who_attached_them(
    answer: dict[str, Any], ids: RedmineIds
) -> None:
    assert read_issue(answer, ids, None).files == (
        IssueFile(31, "IMG_1", 5, "image/jpeg", by_bridge=True),
        IssueFile(32, "plan.pdf", 6, "application/pdf", by_bridge=False),
    )


def test_a_row_of_a_list_shows_what_the_issue_itself_shows(
    answer: dict[str, Any], ids: RedmineIds
) -> None:
    listed = {key: value for key, value in answer.items() if key not in {"attachments", "journals"}}
    row, issue = read_row(listed, ids), read_issue(answer, ids, None)
    assert (row.status, row.department, row.fields) == (
        issue.status,
        issue.department,
        issue.fields,
    )
    assert (row.id, row.due_date, row.updated_at) == (issue.id, issue.due_date, issue.updated_at)


def test_a_row_that_is_not_as_documented_is_an_unavailable_helpdesk(ids: RedmineIds) -> None:
    with pytest.raises(HelpdeskUnavailable, match="row"):
        read_row({"id": 5}, ids)
