"""Many open tickets at once: copies of one, straight in Redmine's database and in the store's.

Both are SQLite files. Making so many over REST would take an hour.
"""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

Row = dict[str, Any]
Changes = Callable[[Row, int], Mapping[str, Any]]


@dataclass(frozen=True)
class Template:
    """The ticket that is copied, and the field of Redmine's that holds its external number."""

    redmine: Path
    store: Path
    issue: int
    ticket: int
    number_field: int


def copy_tickets(template: Template, copies: int) -> None:
    """Make so many copies, each with journal, fields and clocks of its own."""
    with _open(template.redmine) as redmine:
        first_issue, first_entry = _copy_issues(redmine, template, copies)
        entries = len(_rows(redmine, "journals", "journalized_id", template.issue))
    with _open(template.store) as store:
        _copy_stored(store, template, copies, first_issue, first_entry + entries - 1, entries)


def shown_otherwise(template: Template, field: int, count: int) -> None:
    """Change a field in so many issues behind Redmine's back, as a careless script does."""
    with _open(template.redmine) as redmine:
        redmine.execute(
            "UPDATE custom_values SET value = '01.01.2020 00:00'"
            " WHERE customized_type = 'Issue' AND custom_field_id = ? AND customized_id IN"
            " (SELECT id FROM issues ORDER BY id DESC LIMIT ?)",
            [field, count],
        )


def _copy_issues(redmine: sqlite3.Connection, template: Template, copies: int) -> tuple[int, int]:
    """The first new issue's number, and that of its first journal entry."""
    issue = _rows(redmine, "issues", "id", template.issue)
    values = _rows(redmine, "custom_values", "customized_id", template.issue)
    entries = _rows(redmine, "journals", "journalized_id", template.issue)
    details = [
        row
        for entry in entries
        for row in _rows(redmine, "journal_details", "journal_id", entry["id"])
    ]
    first = _next_id(redmine, "issues")
    first_entry = _next_id(redmine, "journals")
    places = {entry["id"]: place for place, entry in enumerate(entries)}

    def value(row: Row, copy: int) -> Mapping[str, Any]:
        number = {"value": f"{row['value']}-{copy}"}
        own = number if row["custom_field_id"] == template.number_field else {}
        return {"customized_id": first + copy, **own}

    def detail(row: Row, copy: int) -> Mapping[str, Any]:
        return {"journal_id": first_entry + copy * len(entries) + places[row["journal_id"]]}

    def own(row: Row, copy: int) -> Mapping[str, Any]:
        return {"root_id": first + copy, "updated_on": _earlier(row["updated_on"], copy)}

    _copy(redmine, "issues", issue, copies, own)
    _copy(redmine, "custom_values", values, copies, value)
    _copy(redmine, "journals", entries, copies, lambda _row, copy: {"journalized_id": first + copy})
    _copy(redmine, "journal_details", details, copies, detail)
    return first, first_entry


def _copy_stored(
    store: sqlite3.Connection,
    template: Template,
    copies: int,
    first_issue: int,
    newest_entry: int,
    entries: int,
) -> None:
    ticket = _rows(store, "ticket", "id", template.ticket)
    message = _rows(store, "message", "id", ticket[0]["message_id"])
    timed = _rows(store, "clock", "ticket_id", template.ticket)
    first_message, first = _next_id(store, "message"), _next_id(store, "ticket")

    def duty(row: Row, copy: int) -> Mapping[str, Any]:
        return {
            "message_id": first_message + copy,
            "external_number": f"{row['external_number']}-{copy}",
            "issue_id": first_issue + copy,
            "observed_journal": newest_entry + copy * entries,
            "observed_update": _earlier(row["observed_update"], copy),
        }

    _copy(
        store,
        "message",
        message,
        copies,
        lambda row, copy: {"external_id": f"{row['external_id']}-{copy}"},
    )
    _copy(store, "ticket", ticket, copies, duty)
    _copy(store, "clock", timed, copies, lambda _row, copy: {"ticket_id": first + copy})


def _copy(
    database: sqlite3.Connection,
    table: str,
    rows: Sequence[Row],
    copies: int,
    changes: Changes,
) -> None:
    """Copy the rows so many times, with numbers that go on from the last."""
    if not rows:
        return
    columns = ", ".join(rows[0])
    places = ", ".join("?" for _ in rows[0])
    first = _next_id(database, table)

    def copied() -> Iterator[list[Any]]:
        for copy in range(copies):
            for place, row in enumerate(rows):
                number = {"id": first + copy * len(rows) + place}
                yield list({**row, **number, **changes(row, copy)}.values())

    database.executemany(
        f"INSERT INTO {table} ({columns}) VALUES ({places})",  # noqa: S608 - our own names
        copied(),
    )


def _earlier(moment: str, copy: int) -> str:
    """No two tickets were changed last in the same minute."""
    return f"{datetime.fromisoformat(moment) - timedelta(minutes=copy):%Y-%m-%d %H:%M:%S.%f}"


def _rows(database: sqlite3.Connection, table: str, column: str, value: int) -> list[Row]:
    query = f"SELECT * FROM {table} WHERE {column} = ? ORDER BY id"  # noqa: S608 - our own names
    return [dict(row) for row in database.execute(query, [value])]


def _next_id(database: sqlite3.Connection, table: str) -> int:
    query = f"SELECT max(id) FROM {table}"  # noqa: S608 - our own names
    return int(database.execute(query).fetchone()[0]) + 1


@contextmanager
def _open(path: Path) -> Iterator[sqlite3.Connection]:
    """A transaction on an SQLite file that others may have open, too."""
    with closing(sqlite3.connect(path, timeout=60)) as connection, connection:
        connection.row_factory = sqlite3.Row
        yield connection
