"""Rows of a table under the titles of its columns. Pure.

The line of titles is wherever the needed titles stand: exports begin with a name and a period.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bridge.ingest.exchange_cards import Record, normal_name
from bridge.ingest.exchange_refusal import NoExport
from bridge.networks.exchange_settings import CardFields, Names

HEADER_WITHIN: Final = 50
"""Lines in which the titles are looked for."""

NEEDED: Final = ("number", "text", "registered_at")
"""Fields without which no card can be read."""


class NoHeader(NoExport):
    """There is no line with the needed titles."""


@dataclass(frozen=True)
class Line:
    """A line of a table: its number as people see it, and its cells.

    `broken`: it has none, for it goes against the rules of its format.
    """

    number: int
    cells: tuple[Any, ...] = ()
    broken: bool = False


@dataclass(frozen=True)
class Header:
    """The titles of the columns, in their order; a column without one is passed over."""

    titles: tuple[str, ...]

    def record(self, line: Line) -> Record:
        """The line's cells by title; a title that stands over several columns has them all."""
        record: dict[str, Any] = {}
        for title, cell in zip(self.titles, line.cells, strict=False):
            if not title or is_empty(cell):
                continue
            record[title] = _together(record[title], cell) if title in record else cell
        return record


def find_header(lines: Iterator[Line], fields: CardFields) -> Header:
    """The titles; `lines` then stands at the first line below them. Raises `NoHeader`."""
    nearest: Sequence[str] = NEEDED
    for _, line in zip(range(HEADER_WITHIN), lines, strict=False):
        titles = tuple(_title(cell) for cell in line.cells)
        missing = _missing(titles, fields)
        if not missing:
            return Header(titles)
        nearest = min(nearest, missing, key=len)
    raise NoHeader(_explanation(nearest, fields))


def is_empty(cell: Any) -> bool:
    """Whether there is nothing in a cell to be read."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _title(cell: Any) -> str:
    return " ".join(str(cell).split()) if isinstance(cell, str | int | float) else ""


def _together(before: Any, cell: Any) -> list[Any]:
    return [*before, cell] if isinstance(before, list) else [before, cell]


def _missing(titles: Iterable[str], fields: CardFields) -> list[str]:
    known = {normal_name(title) for title in titles}
    return [field for field in NEEDED if not any(n in known for n in _names(field, fields))]


def _names(field: str, fields: CardFields) -> list[str]:
    names: Names = getattr(fields, field)
    return [normal_name(name) for name in names]


def _explanation(missing: Sequence[str], fields: CardFields) -> str:
    wanted = "; ".join(f"«{'» или «'.join(getattr(fields, field))}»" for field in missing)
    return (
        f"в первых {HEADER_WITHIN} строках нет заголовков столбцов, недостаёт: {wanted}. "
        "Назовите столбцы так или впишите их названия в channels.yaml (exchange.fields)"
    )
