"""The journal as a file for a spreadsheet: CSV as Russian Excel opens it."""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import Final
from zoneinfo import ZoneInfo

from bridge.admin.journal.entries import Entry

MIMETYPE: Final = "text/csv; charset=utf-8"
_HEADINGS: Final = ("Когда", "Кто", "Что", "О чём", "Карточка", "Подробности")
_BEGINS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_BYTE_ORDER_MARK: Final = "\ufeff"
"""Without it Excel takes UTF-8 for an old encoding."""


def as_csv(entries: Iterable[Entry], zone: ZoneInfo) -> Iterator[str]:
    """The file line by line, so that a long journal needs no memory."""
    yield _BYTE_ORDER_MARK + _line(_HEADINGS)
    for entry in entries:
        yield _line(
            (
                f"{entry.at.astimezone(zone):%d.%m.%Y %H:%M:%S}",
                entry.who,
                entry.what,
                entry.subject,
                f"#{entry.issue}" if entry.issue else "",
                entry.details,
            )
        )


def _line(cells: Iterable[str]) -> str:
    buffer = StringIO()
    csv.writer(buffer, delimiter=";").writerow(_as_text(cell) for cell in cells)
    return buffer.getvalue()


def _as_text(cell: str) -> str:
    """A spreadsheet must not take what people typed for a formula."""
    return f"'{cell}" if cell.startswith(_BEGINS_A_FORMULA) else cell
