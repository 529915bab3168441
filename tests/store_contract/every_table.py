"""A row in every table that there is, whatever is added to the models."""

from collections.abc import Iterator
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
)

from bridge.store.database import Store
from bridge.store.models import Base
from tests.store_contract.rows import NOW

_TEXT = 'Яма 😡 «на Ленина»,\n"вторая" строка\\'


def fill_every_table(store: Store) -> None:
    """One row more in each, which refers to the newest ones of other tables."""
    numbers = count(1)
    with store.transaction() as connection:
        for table in Base.metadata.sorted_tables:
            values = dict(_values(connection, table, numbers))
            connection.execute(insert(table).values(values))


def _values(
    connection: Connection, table: Table, numbers: Iterator[int]
) -> Iterator[tuple[str, Any]]:
    for column in table.columns:
        reference = next(iter(column.foreign_keys), None)
        if reference is not None:
            yield column.name, connection.scalar(select(func.max(reference.column)))
        elif not (column.primary_key and isinstance(column.type, Integer)):
            yield column.name, _value(column, next(numbers))


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
    kind = next(kind for kind in values if isinstance(_bare(column), kind))
    value = values[kind]
    return value[: _bare(column).length] if kind is String else value


def _bare(column: Column[Any]) -> Any:
    """The type below a decorated one."""
    return getattr(column.type, "impl_instance", column.type)


def _instant(number: int) -> datetime:
    return NOW + timedelta(days=number, microseconds=123_456)
