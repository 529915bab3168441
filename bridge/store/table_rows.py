"""A table's rows as lines of JSON that mean the same in every database, and back.

Tables are read as the database has them and not as the models do: an archive may be older.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Date,
    DateTime,
    LargeBinary,
    MetaData,
    Table,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.exc import DataError, IntegrityError

READ_AT_ONCE: Final = 50
"""Rows fetched together: a row may hold a citizen's file of many megabytes."""
WRITTEN_AT_ONCE: Final = 500
BYTES_AT_ONCE: Final = 4 * 1024 * 1024


class RowRefused(Exception):
    """The database does not take a row; the text names it by table and line."""


def reflect(connection: Connection, names: Sequence[str]) -> Sequence[Table]:
    """The tables of these names as the database has them, each after those that it refers to.

    Raises `sqlalchemy.exc.InvalidRequestError` when one is missing.
    """
    metadata = MetaData()
    metadata.reflect(connection, only=names)
    for table in metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, JSON):
                column.type = JSON(none_as_null=bool(column.nullable))
    return metadata.sorted_tables


def lines_of(connection: Connection, table: Table) -> Iterator[bytes]:
    """The rows in the order of their keys, a line each."""
    rows = connection.execute(
        select(table).order_by(*table.primary_key.columns),
        execution_options={"yield_per": READ_AT_ONCE},
    )
    for row in rows.mappings():
        plain = {name: _to_plain(row[name]) for name in sorted(table.columns.keys())}
        yield json.dumps(plain, separators=(",", ":")).encode() + b"\n"


def insert_lines(
    connection: Connection, table: Table, lines: Iterable[bytes], told: Callable[[int], None]
) -> None:
    """Put the rows of these lines into the table; `told` hears how many, now and then.

    Raises `RowRefused`.
    """
    readers = {column.name: _reader(column, connection.dialect.name) for column in table.columns}
    done = 0
    for batch in _batches(lines):
        try:
            rows = [_row(line, readers) for line in batch]
            connection.execute(insert(table), rows)
        except (ValueError, KeyError, TypeError, DataError, IntegrityError) as error:
            # Not its words and not as the cause: the driver quotes the row.
            raise RowRefused(f"{_place(table, done, batch)}: {type(error).__name__}") from None
        done += len(batch)
        told(len(batch))


def set_sequence(connection: Connection, table: Table) -> None:
    """Have the next row's number be behind those that are there."""
    if connection.dialect.name != "postgresql":
        return
    for column in table.primary_key.columns:
        sequence = connection.scalar(
            text("SELECT pg_get_serial_sequence(:table, :column)"),
            {"table": f'"{table.name}"', "column": column.name},
        )
        newest = connection.scalar(select(func.max(column))) if sequence else None
        if newest is not None:
            connection.execute(
                text("SELECT setval(CAST(:sequence AS regclass), :newest)"),
                {"sequence": sequence, "newest": newest},
            )


def _batches(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    size = 0
    for line in lines:
        batch.append(line)
        size += len(line)
        if len(batch) >= WRITTEN_AT_ONCE or size >= BYTES_AT_ONCE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _place(table: Table, done: int, batch: Sequence[bytes]) -> str:
    return f"{table.name}, строки {done + 1}–{done + len(batch)}"


def _row(line: bytes, readers: Mapping[str, Callable[[Any], Any]]) -> dict[str, Any]:
    plain = json.loads(line)
    if set(plain) != set(readers):
        raise ValueError("other columns")
    return {
        name: None if plain[name] is None else read(plain[name]) for name, read in readers.items()
    }


def _to_plain(value: Any) -> Any:
    match value:
        case datetime():
            # SQLite keeps instants as naive UTC.
            aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
            return aware.isoformat()
        case date():
            return value.isoformat()
        case bytes() | memoryview():
            return b64encode(value).decode()
        case _:
            return value


def _reader(column: Column[Any], dialect: str) -> Callable[[Any], Any]:
    match column.type:
        case DateTime():
            return _read_naive_instant if dialect == "sqlite" else datetime.fromisoformat
        case Date():
            return date.fromisoformat
        case LargeBinary():
            return b64decode
        case _:
            return _as_it_is


def _read_naive_instant(value: str) -> datetime:
    return datetime.fromisoformat(value).replace(tzinfo=None)


def _as_it_is(value: Any) -> Any:
    return value
