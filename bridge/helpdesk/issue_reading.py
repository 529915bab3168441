"""Turns an issue as Redmine's REST gives it (GET /issues/ID.json) into the port's `Issue`.

https://www.redmine.org/projects/redmine/wiki/Rest_Issues, wiki/Rest_IssueJournals
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import PurePath
from typing import Any

from bridge.helpdesk.ids import Numbered, RedmineIds
from bridge.helpdesk.port import (
    SOMEBODY,
    Change,
    HelpdeskUnavailable,
    Issue,
    IssueFile,
    IssueRow,
    JournalEntry,
)

JsonObject = Mapping[str, Any]

_PICTURE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic", ".bmp"})


def read_issue(issue: JsonObject, ids: RedmineIds, lock_version: int | None) -> Issue:
    """The port's form of `issue`. `HelpdeskUnavailable` when it is not one as documented."""
    try:
        return _issue(issue, ids, lock_version)
    except (KeyError, TypeError, ValueError) as error:
        raise HelpdeskUnavailable(f"the issue read is not as documented: {error!r}") from error


def read_row(row: JsonObject, ids: RedmineIds) -> IssueRow:
    """The port's form of a row of a list. `HelpdeskUnavailable` when it is not as documented."""
    try:
        return IssueRow(
            id=row["id"],
            status=ids.statuses.key(row["status"]["id"]),
            department=ids.departments.key(reference(row, "assigned_to")),
            fields=fields_of(row, ids.fields),
            due_date=_day(row.get("due_date")),
            updated_at=parse_instant(row["updated_on"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise HelpdeskUnavailable(f"a row of a list is not as documented: {error!r}") from error


def fields_of(issue: JsonObject, fields: Numbered) -> dict[str, str]:
    """Values of the configured fields, by key; an empty field is an empty text."""
    values = {
        fields.key(field["id"]): field.get("value") for field in issue.get("custom_fields", ())
    }
    return {key: plain(value) for key, value in values.items() if key is not None}


def plain(value: object) -> str:
    """A text as the bridge uses it: browsers send CRLF and Redmine keeps it; nothing is empty."""
    return value.replace("\r\n", "\n") if isinstance(value, str) else ""


def strangers_in(issue: JsonObject, ids: RedmineIds) -> bool:
    """Whether the issue mentions a status, a field or an assignee that `ids` does not know."""
    fields = (field["id"] for field in issue.get("custom_fields", ()))
    assignee = reference(issue, "assigned_to")
    return (
        not ids.statuses.knows(issue["status"]["id"])
        or any(not ids.fields.knows(field) for field in fields)
        or (assignee not in {None, ids.curators_group} and ids.departments.key(assignee) is None)
    )


def reference(issue: JsonObject, name: str) -> int | None:
    """The number that `name` (`status`, `assigned_to` …) refers to."""
    target = issue.get(name)
    return None if target is None else int(target["id"])


def parse_instant(text: str) -> datetime:
    """Redmine's instant, as aware UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


def _issue(issue: JsonObject, ids: RedmineIds, lock_version: int | None) -> Issue:
    pictures = _pictures(issue)
    return Issue(
        id=issue["id"],
        status=ids.statuses.key(issue["status"]["id"]),
        department=_holder(reference(issue, "assigned_to"), ids),
        fields=fields_of(issue, ids.fields),
        created_at=parse_instant(issue["created_on"]),
        updated_at=parse_instant(issue["updated_on"]),
        author_id=issue["author"]["id"],
        by_bridge=issue["author"]["id"] == ids.robot,
        due_date=_day(issue.get("due_date")),
        journal=tuple(_entry(journal, ids, pictures) for journal in issue["journals"]),
        lock_version=lock_version,
        description=plain(issue.get("description")),
        files=tuple(_file(attachment, ids) for attachment in issue.get("attachments", ())),
    )


def _file(attachment: JsonObject, ids: RedmineIds) -> IssueFile:
    author = attachment.get("author") or {"id": 0}
    return IssueFile(
        id=attachment["id"],
        name=attachment["filename"],
        size=attachment["filesize"],
        content_type=str(attachment.get("content_type") or ""),
        by_bridge=author["id"] == ids.robot,
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _pictures(issue: JsonObject) -> frozenset[str]:
    return frozenset(
        str(attachment["id"])
        for attachment in issue.get("attachments", ())
        if str(attachment.get("content_type") or "").startswith("image/")
    )


def _entry(journal: JsonObject, ids: RedmineIds, pictures: frozenset[str]) -> JournalEntry:
    author = journal.get("user") or {"id": 0, "name": ""}
    return JournalEntry(
        id=journal["id"],
        at=parse_instant(journal["created_on"]),
        author_id=author["id"],
        author_name=author["name"],
        by_bridge=author["id"] == ids.robot,
        changes=tuple(_changes(journal.get("details", ()), ids, pictures)),
        notes=plain(journal.get("notes")),
        private=bool(journal.get("private_notes", False)),
    )


def _changes(
    details: list[JsonObject], ids: RedmineIds, pictures: frozenset[str]
) -> Iterator[Change]:
    for detail in details:
        old, new = detail.get("old_value"), detail.get("new_value")
        match detail["property"], detail["name"]:
            case "attr", "status_id":
                yield Change("status", _key(ids.statuses, old), _key(ids.statuses, new))
            case "attr", "assigned_to_id":
                yield Change("department", _holder(_number(old), ids), _holder(_number(new), ids))
            case "cf", number:
                field = _key(ids.fields, number)
                if field is not None:
                    yield Change(field, plain(old), plain(new))
            case "attachment", number if number in pictures or _looks_like_picture(old or new):
                yield Change("photo", number if old else None, number if new else None)


def _holder(assignee: int | None, ids: RedmineIds) -> str | None:
    if assignee in {None, ids.curators_group}:
        return None
    return ids.departments.key(assignee) or SOMEBODY


def _key(things: Numbered, number: str | None) -> str | None:
    return things.key(_number(number))


def _number(text: str | None) -> int | None:
    return int(text) if text else None


def _looks_like_picture(filename: str | None) -> bool:
    """A deleted attachment is known by its name only."""
    return PurePath(filename or "").suffix.lower() in _PICTURE_SUFFIXES
