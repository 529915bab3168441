"""How much a workbook would take, found out before it is loaded: a small file may hold anything.

Each part is read as the library would read it, and forgotten at once. Office writes no entities, so
a part that declares some is an attack (https://docs.python.org/3/library/xml.html#xml-security).
"""

import zipfile
from pathlib import Path
from typing import IO, Final
from xml.parsers import expat

from openpyxl.utils import range_boundaries

from bridge.ingest.exchange_refusal import NoExport

LARGEST_UNPACKED: Final = 300 * 1024 * 1024
MOST_CELLS: Final = 2_000_000
"""Cells, rows with a format of their own, and cells of merged areas, which the library makes one by
one: some hundred bytes each."""

_CHUNK: Final = 1024 * 1024
_TOO_LARGE: Final = (
    "книга Excel слишком велика: больше {most} ячеек, считая объединённые и пустые с оформлением. "
    "Удалите лишние строки и столбцы или разделите файл"
)


def refuse_heavy(path: Path) -> None:
    """Raise `NoExport` for what is no workbook, or for one that must not be loaded."""
    try:
        with zipfile.ZipFile(path) as workbook:
            parts = workbook.infolist()
            if sum(part.file_size for part in parts) > LARGEST_UNPACKED:
                raise NoExport("книга Excel слишком велика")
            scale = _Scale()
            for part in parts:
                with workbook.open(part) as contents:
                    scale.weigh(contents)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise NoExport("это не книга XLSX, или она записана не до конца") from None


def too_many_cells() -> NoExport:
    """The refusal of a workbook, also of one that turns out too large later."""
    return NoExport(_TOO_LARGE.format(most=MOST_CELLS))


class _Scale:
    """Counts over all parts of a workbook."""

    def __init__(self) -> None:
        self._cells = 0

    def weigh(self, contents: IO[bytes]) -> None:
        """Count a part's cells; what is no XML has none. Raises `NoExport`."""
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._count
        parser.EntityDeclHandler = _refuse_entity
        try:
            while piece := contents.read(_CHUNK):
                parser.Parse(piece, False)
        except expat.ExpatError:
            # A picture, or broken from here on: the library gets no further either.
            return

    def _count(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "c" | "row":
                self._cells += 1
            case "mergeCell":
                self._cells += _size(attributes.get("ref", ""))
            case _:
                return
        if self._cells > MOST_CELLS:
            raise too_many_cells()


def _refuse_entity(*_declared: object) -> None:
    raise NoExport("в книге Excel объявлены сущности XML: сохраните её в Excel заново")


def _size(area: str) -> int:
    """Cells of an area. Raises `ValueError` for what is none."""
    first_column, first_row, last_column, last_row = range_boundaries(area)
    if not (first_column and first_row and last_column and last_row):
        raise ValueError("an area without an end")
    return (last_column - first_column + 1) * (last_row - first_row + 1)
