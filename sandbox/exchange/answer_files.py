"""Imports answers from a folder, as such a system would: it takes each file away."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from sandbox.exchange.model import Answer


def take_answers(folder: Path) -> Iterator[Answer]:
    """Read and remove every answer that lies in the folder; pictures stay where they are."""
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.is_file() and not path.name.startswith(".") and path.suffix in _READERS:
            row = _READERS[path.suffix](path)
            path.unlink()
            yield _answer(path.stem, row)


def _answer(key: str, row: Mapping[str, Any]) -> Answer:
    pictures = str(row.get("Файлы") or "").split("; ")
    return Answer(
        number=str(row["Номер"]),
        text=str(row["Ответ"]),
        link=str(row["Ссылка"] or ""),
        answered_at=str(row["Размещено"]),
        key=key,
        way="file",
        pictures=tuple(filter(None, pictures)),
    )


def _csv(path: Path) -> Mapping[str, Any]:
    text = io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")
    return next(csv.DictReader(text, delimiter=";"))


def _workbook(path: Path) -> Mapping[str, Any]:
    titles, values = load_workbook(path).worksheets[0].iter_rows(values_only=True)
    return dict(zip(map(str, titles), values, strict=True))


def _json(path: Path) -> Mapping[str, Any]:
    row: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return row


_READERS = {".csv": _csv, ".xlsx": _workbook, ".json": _json}
