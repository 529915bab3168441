"""The lines of a CSV export: `;`, `,` or tabs, UTF-8 with or without its mark, or CP1251."""

import csv
import io
from collections.abc import Iterator
from typing import Final

from bridge.ingest.exchange_header import Line
from bridge.ingest.exchange_refusal import NoExport

DELIMITERS: Final = (";", ",", "\t")

_UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")


def decoded(contents: bytes) -> str:
    """The text of an export. Raises `NoExport`."""
    encodings = ("utf-16",) if contents.startswith(_UTF16_MARKS) else ("utf-8-sig", "cp1251")
    for encoding in encodings:
        try:
            return contents.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NoExport("кодировка не UTF-8 и не Windows-1251")


def csv_lines(text: str, delimiter: str) -> Iterator[Line]:
    """The lines, with the file's own numbers: a cell may hold line breaks."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    while True:
        begins = rows.line_num + 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error:
            yield Line(begins, broken=True)
        else:
            yield Line(begins, tuple(cells))
