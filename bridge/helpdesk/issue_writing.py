"""What is sent to Redmine to make or change an issue, and whether it was really written.

Redmine drops what the caller may not write (a status that the workflow forbids, a read-only
field) without a word, so every write is compared with the issue as it is afterwards.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from bridge.helpdesk.ids import Numbered, RedmineIds
from bridge.helpdesk.issue_reading import plain, reference
from bridge.helpdesk.layout import EXTERNAL_NUMBER
from bridge.helpdesk.markup import printable
from bridge.helpdesk.port import Issue, TicketDraft, TicketUpdate

JsonObject = dict[str, Any]

_REFERENCES = (
    ("status_id", "status"),
    ("assigned_to_id", "department"),
    ("priority_id", "priority"),
)


def draft_body(draft: TicketDraft, ids: RedmineIds) -> JsonObject:
    """The `issue` of POST /issues.json. Raises `KeyMissing`.

    There is no start date: Redmine would set today and then refuse a due date before it, as a
    message found late may have.
    """
    fields = {**draft.fields, EXTERNAL_NUMBER: draft.external_number}
    parent = {} if draft.parent is None else {"parent_issue_id": draft.parent}
    return parent | {
        "project_id": ids.project,
        "tracker_id": ids.tracker,
        "subject": printable(draft.subject),
        "description": printable(draft.description),
        "status_id": ids.statuses.id(draft.status),
        "assigned_to_id": _assignee(draft.department, ids),
        "start_date": None,
        "due_date": _iso(draft.due_date),
        "custom_fields": _fields_body(fields, ids.fields),
    }


def update_body(update: TicketUpdate, ids: RedmineIds) -> JsonObject:
    """The `issue` of PUT /issues/ID.json; empty when the update says nothing. `KeyMissing`."""
    body: JsonObject = {}
    if update.status is not None:
        body["status_id"] = ids.statuses.id(update.status)
    if update.fields:
        body["custom_fields"] = _fields_body(update.fields, ids.fields)
    if update.due_date is not None:
        body["due_date"] = _iso(update.due_date)
    if update.description:
        body["description"] = printable(update.description)
    note = printable(update.note).strip()
    if note:
        body |= {"notes": note, "private_notes": update.private_note}
    return body


def differences(sent: JsonObject, saved: Mapping[str, Any], ids: RedmineIds) -> tuple[str, ...]:
    """Names of what was sent and is not so in the issue `saved`, notes aside."""
    return tuple(_differences(sent, saved, ids))


def note_is_written(update: TicketUpdate, issue: Issue) -> bool:
    """Whether the bridge's latest note in the issue is the update's, as private as asked for."""
    notes = [entry for entry in issue.journal if entry.by_bridge and entry.notes]
    return bool(notes) and (
        _same(printable(update.note), notes[-1].notes) and notes[-1].private == update.private_note
    )


def _differences(sent: JsonObject, saved: Mapping[str, Any], ids: RedmineIds) -> Iterator[str]:
    for attribute, name in _REFERENCES:
        if attribute in sent and sent[attribute] != reference(saved, attribute.removesuffix("_id")):
            yield name
    if sent.get("parent_issue_id") != reference(saved, "parent") and "parent_issue_id" in sent:
        yield "parent"
    for name in ("subject", "description", "due_date"):
        if name in sent and not _same(sent[name] or "", plain(saved.get(name))):
            yield name
    values = {field["id"]: plain(field.get("value")) for field in saved.get("custom_fields", ())}
    for field in sent.get("custom_fields", ()):
        if not _same(field["value"], values.get(field["id"], "")):
            yield ids.fields.key(field["id"]) or str(field["id"])


def _assignee(department: str | None, ids: RedmineIds) -> int | None:
    return ids.curators_group if department is None else ids.departments.id(department)


def _fields_body(values: Mapping[str, str], fields: Numbered) -> list[JsonObject]:
    return [{"id": fields.id(key), "value": printable(value)} for key, value in values.items()]


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _same(sent: str, saved: str) -> bool:
    """Line endings and outer blanks are the helpdesk's to choose."""
    return sent.strip() == saved.replace("\r\n", "\n").strip()
