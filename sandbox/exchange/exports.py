"""Exports as a person makes them in such a system: Excel with merged cells, CSV, JSON."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from sandbox.exchange.payloads import COLUMNS

Rows = Sequence[Sequence[Any]]
"""Lines of one card."""


class ExportForm(StrEnum):
    """The forms that a person can choose among."""

    XLSX = "xlsx"
    CSV = "csv"
    CSV_1251 = "csv-1251"
    JSON = "json"


ENDINGS = {
    ExportForm.XLSX: ".xlsx",
    ExportForm.CSV: ".csv",
    ExportForm.CSV_1251: ".csv",
    ExportForm.JSON: ".json",
}


def write_export(
    folder: Path, name: str, form: ExportForm, rows: Sequence[Rows], objects: Sequence[Any]
) -> Path:
    """Put an export into the folder, whole at once; returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{name}{ENDINGS[form]}"
    unfinished = target.with_name(f"{target.name}.part")
    contents = _json(objects) if form is ExportForm.JSON else _WRITERS[form](rows)
    unfinished.write_bytes(contents)
    return unfinished.replace(target)


def _workbook(cards: Iterable[Rows]) -> bytes:
    """A name and a period first; what holds for all source posts of a card is merged."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Выгрузка карточек"])
    sheet.append([])
    sheet.append(list(COLUMNS))
    for rows in cards:
        first = sheet.max_row + 1
        for row in rows:
            sheet.append(list(row))
        if len(rows) > 1:
            _merge(sheet, first, first + len(rows) - 1)
    contents = io.BytesIO()
    book.save(contents)
    return contents.getvalue()


def _merge(sheet: Any, first: int, last: int) -> None:
    for column, title in enumerate(COLUMNS, 1):
        if title != "Ссылка":
            sheet.merge_cells(start_row=first, end_row=last, start_column=column, end_column=column)


def _csv(cards: Iterable[Rows], encoding: str) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(COLUMNS)
    writer.writerows([_written(cell) for cell in row] for rows in cards for row in rows)
    return text.getvalue().encode(encoding, "replace")


def _written(cell: Any) -> Any:
    return cell.strftime("%d.%m.%Y %H:%M:%S") if isinstance(cell, datetime) else cell


def _json(objects: Sequence[Any]) -> bytes:
    return json.dumps({"cards": objects}, ensure_ascii=False, indent=1).encode()


_WRITERS: Mapping[ExportForm, Callable[[Sequence[Rows]], bytes]] = {
    ExportForm.XLSX: _workbook,
    ExportForm.CSV: lambda rows: _csv(rows, "utf-8-sig"),
    ExportForm.CSV_1251: lambda rows: _csv(rows, "cp1251"),
}
