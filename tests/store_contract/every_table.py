"""A row in every table that there is, whatever is added to the models."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    String,
    Table,
    func,
    insert,
    select,
    text,
)

from bridge.store.database import Store
from bridge.store.models import Base
from bridge.store.table_rows import reflect
from tests.store_contract.rows import NOW

_TEXT = 'Яма 😡 «на Ленина»,\n"вторая" строка\\'


def fill_every_table(store: Store) -> None:
    """One row more in each, which refers to the newest ones of other tables."""
    with store.transaction() as connection:
        fill_tables(connection, sorted(Base.metadata.tables))


def fill_tables(connection: Connection, names: Sequence[str]) -> None:
    """The same, as the database has them now: they may be those of an older version."""
    numbers = count(1 + len(names) * _newest(connection))
    for table in reflect(connection, names):
        values = dict(_values(connection, table, numbers))
        connection.execute(insert(table).values(values))


def _numbers_itself(connection: Connection, column: Column[Any]) -> bool:
    """Whether the database gives the number; PostgreSQL does only where there is a sequence."""
    if not (column.primary_key and isinstance(column.type, Integer)):
        return False
    return connection.dialect.name == "sqlite" or column.server_default is not None


def _newest(connection: Connection) -> int:
    """The number of the newest event: what was filled in before has lower ones."""
    return connection.scalar(text("SELECT coalesce(max(id), 0) FROM inbox_event")) or 0


def _values(
    connection: Connection, table: Table, numbers: Iterator[int]
) -> Iterator[tuple[str, Any]]:
    for column in table.columns:
        reference = next(iter(column.foreign_keys), None)
        if reference is not None:
            yield column.name, connection.scalar(select(func.max(reference.column)))
        elif not _numbers_itself(connection, column):
            value = _value(column, next(numbers))
            yield column.name, None if _is_taken(connection, column, value) else value


def _is_taken(connection: Connection, column: Column[Any], value: Any) -> bool:
    """Whether it is the one row that may be marked so."""
    if value is not True or not column.nullable:
        return False
    return bool(connection.scalar(select(func.count()).where(column.is_(True))))


def _value(column: Column[Any], number: int) -> Any:
    values: dict[type, Any] = {
        JSON: {"текст": _TEXT, "число": number, "пусто": None, "список": [1, "два"]},
        Boolean: True,
        Integer: number,
        LargeBinary: bytes(range(256)),
        DateTime: _instant(number),
        Date: date(2026, 11, 26),
        String: f"{number} {_TEXT}",
    }
    kind = next(kind for kind in values if isinstance(column.type, kind))
    value = values[kind]
    return value[: column.type.length] if isinstance(column.type, String) else value


def _instant(number: int) -> datetime:
    return NOW + timedelta(days=number, microseconds=123_456)
