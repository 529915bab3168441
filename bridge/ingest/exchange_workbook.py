"""The lines of an Excel workbook's sheets, with merged cells filled in."""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.utils.escape import unescape
from openpyxl.worksheet.worksheet import Worksheet

from bridge.ingest.exchange_header import Line
from bridge.ingest.exchange_refusal import NoExport

LARGEST_UNPACKED: Final = 300 * 1024 * 1024
MOST_EMPTY_LINES: Final = 1000
"""After so many a sheet is over: formatting alone can make it a million lines long."""


def sheets_of(path: Path) -> Iterator[tuple[str, Iterator[Line]]]:
    """Each sheet's title and lines. Raises `NoExport`."""
    _refuse_bombs(path)
    try:
        workbook = load_workbook(path, data_only=True)
    except Exception as error:  # noqa: BLE001 - openpyxl raises whatever a broken file makes it to
        kind = type(error).__name__
        raise NoExport(f"книга Excel повреждена или записана не до конца ({kind})") from None
    for sheet in workbook.worksheets:
        yield sheet.title, _lines(sheet)


def _refuse_bombs(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise NoExport("это не книга XLSX, или она записана не до конца") from None
    if unpacked > LARGEST_UNPACKED:
        raise NoExport("книга Excel слишком велика")


def _lines(sheet: Worksheet) -> Iterator[Line]:
    merged = _merged_values(sheet)
    empty = 0
    for number, cells in enumerate(sheet.iter_rows(), 1):
        values = tuple(
            merged.get((number, column), _value(cell)) for column, cell in enumerate(cells, 1)
        )
        empty = 0 if any(value is not None for value in values) else empty + 1
        if empty > MOST_EMPTY_LINES:
            return
        yield Line(number, values)


def _merged_values(sheet: Worksheet) -> dict[tuple[int, int], Any]:
    """The value of a merged area at each of its cells: it holds for all of its lines."""
    values = {}
    for area in sheet.merged_cells.ranges:
        value = _value(sheet.cell(area.min_row, area.min_col))
        if value is not None and area.size["rows"] <= MOST_EMPTY_LINES:
            values.update(dict.fromkeys(area.cells, value))
    return values


def _value(cell: Cell | MergedCell) -> Any:
    """As JSON can hold it; times as ISO 8601 without a zone, which Excel does not know.

    Excel writes a carriage return as `_x000D_`.
    """
    value = cell.value
    if isinstance(value, datetime):
        shows_time = "h" in cell.number_format.lower() or value.time() != time()
        return _rounded(value).isoformat() if shows_time else value.date().isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, str):
        return unescape(value)
    return value if isinstance(value, int | float) else None


def _rounded(value: datetime) -> datetime:
    """To the second: Excel's days are fractions."""
    return (value + timedelta(microseconds=500_000)).replace(microsecond=0)
