"""The lines of an Excel workbook's sheets, with merged cells filled in."""

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
from bridge.ingest.workbook_weight import MOST_CELLS, refuse_heavy, too_many_cells

MOST_EMPTY_LINES: Final = 1000
"""After so many a sheet is over: formatting alone can make it a million lines long."""
MOST_COLUMNS: Final = 200
"""The library makes a cell wherever it looks, and one far to the right makes all lines long."""


def sheets_of(path: Path) -> Iterator[tuple[str, Iterator[Line]]]:
    """Each sheet's title and lines. Raises `NoExport`."""
    refuse_heavy(path)
    try:
        workbook = load_workbook(path, data_only=True)
    except Exception as error:  # noqa: BLE001 - openpyxl raises whatever a broken file makes it to
        kind = type(error).__name__
        raise NoExport(f"книга Excel повреждена или записана не до конца ({kind})") from None
    for sheet in workbook.worksheets:
        yield sheet.title, _lines(sheet)


def _lines(sheet: Worksheet) -> Iterator[Line]:
    merged = _merged_values(sheet)
    columns = min(sheet.max_column, MOST_COLUMNS)
    empty = 0
    for number, cells in enumerate(sheet.iter_rows(max_col=columns), 1):
        if number * columns > MOST_CELLS:
            raise too_many_cells()
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
