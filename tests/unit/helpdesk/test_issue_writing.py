"""What was sent and is not there is noticed; what only looks different is not."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bridge.helpdesk.ids import KeyMissing, RedmineIds
from bridge.helpdesk.issue_writing import (
    differences,
    draft_body,
    note_is_written,
    update_body,
)
from bridge.helpdesk.port import Change, Issue, JournalEntry, TicketDraft, TicketUpdate

DRAFT = TicketDraft(
    external_number="wall-1_2_r3",
    subject="Яма",
    description="Яма\nво дворе",
    status="assigned",
    department="roads",
    fields={"author": "Анна", "photos_required": "0"},
    due_date=date(2026, 11, 24),
)
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def sent(ids: RedmineIds) -> dict[str, Any]:
    return draft_body(DRAFT, ids)


@pytest.fixture
def saved(ids: RedmineIds) -> dict[str, Any]:
    """The draft as Redmine shows it when all of it was written."""
    values = {**DRAFT.fields, "external_number": DRAFT.external_number, "channel": None}
    return {
        "id": 5,
        "subject": "Яма",
        "description": "Яма\r\nво дворе",
        "status": {"id": ids.statuses.id("assigned")},
        "assigned_to": {"id": ids.departments.id("roads")},
        "due_date": "2026-11-24",
        "custom_fields": [
            {"id": ids.fields.id(key), "value": value} for key, value in values.items()
        ],
    }


def test_a_draft_that_was_written_does_not_differ(
    sent: dict[str, Any], saved: dict[str, Any], ids: RedmineIds
) -> None:
    assert differences(sent, saved, ids) == ()


@pytest.mark.parametrize(
    ("other", "name"),
    [
        ({"status": {"id": 1}}, "status"),
        ({"assigned_to": {"id": 300}}, "department"),
        ({"assigned_to": None}, "department"),
        ({"due_date": None}, "due_date"),
        ({"due_date": "2026-11-25"}, "due_date"),
        ({"subject": "Ям"}, "subject"),
        ({"description": ""}, "description"),
    ],
)
def test_a_dropped_attribute_is_named(
    sent: dict[str, Any], saved: dict[str, Any], ids: RedmineIds, other: dict[str, Any], name: str
) -> None:
    assert differences(sent, saved | other, ids) == (name,)


def test_dropped_fields_are_named_by_key(
    sent: dict[str, Any], saved: dict[str, Any], ids: RedmineIds
) -> None:
    saved["custom_fields"] = [{"id": ids.fields.id("author"), "value": None}]
    assert set(differences(sent, saved, ids)) == {"author", "photos_required", "external_number"}


def test_without_a_department_the_curators_group_holds_the_ticket(ids: RedmineIds) -> None:
    draft = replace(DRAFT, department=None)
    assert draft_body(draft, ids)["assigned_to_id"] == ids.curators_group
    without_group = replace(ids, curators_group=None)
    assert draft_body(draft, without_group)["assigned_to_id"] is None


def test_an_update_says_only_what_changes(ids: RedmineIds) -> None:
    assert update_body(TicketUpdate(), ids) == {}
    assert update_body(TicketUpdate(note=" \r\n", private_note=False), ids) == {}
    assert update_body(TicketUpdate(fields={"author": ""}), ids) == {
        "custom_fields": [{"id": ids.fields.id("author"), "value": ""}]
    }
    assert update_body(TicketUpdate(note="Срок"), ids) == {"notes": "Срок", "private_notes": True}


@pytest.mark.parametrize(
    ("draft", "complaint"),
    [
        (replace(DRAFT, department="space"), "группа подразделения «space» в Redmine не найдено"),
        (replace(DRAFT, status="gone"), "статус «gone»"),
        (replace(DRAFT, fields={"mood": "x"}), "поле «mood»"),
    ],
)
def test_what_redmine_has_no_number_for_is_named_before_anything_is_sent(
    ids: RedmineIds, draft: TicketDraft, complaint: str
) -> None:
    with pytest.raises(KeyMissing, match=complaint):
        draft_body(draft, ids)


def issue_with(*journal: JournalEntry) -> Issue:
    return Issue(
        id=5,
        status="revision",
        department="roads",
        fields={},
        created_at=NOON,
        updated_at=NOON,
        author_id=7,
        by_bridge=True,
        due_date=None,
        journal=journal,
        lock_version=None,
    )


def entry(
    *changes: Change, by_bridge: bool, notes: str = "", private: bool = False
) -> JournalEntry:
    return JournalEntry(
        id=1,
        at=NOON,
        author_id=7 if by_bridge else 21,
        author_name="",
        by_bridge=by_bridge,
        changes=changes,
        notes=notes,
        private=private,
    )


def test_a_private_note_that_everybody_can_read_is_not_as_sent() -> None:
    update = TicketUpdate(note="Срок по 3.2.1\r\n")
    private = entry(by_bridge=True, notes="Срок по 3.2.1", private=True)
    assert note_is_written(update, issue_with(private))
    assert not note_is_written(update, issue_with(replace(private, private=False)))
    assert not note_is_written(update, issue_with(replace(private, by_bridge=False)))
    assert not note_is_written(update, issue_with(private, replace(private, notes="Иное")))
    assert not note_is_written(update, issue_with())
