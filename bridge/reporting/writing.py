"""The forms in which a report is taken along."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bridge.reporting.figures import Report
from bridge.reporting.page import write_page
from bridge.reporting.storing import to_json

Writer = Callable[[Report, Path], bytes]
"""A report and the folder of the templates → a file's contents."""


@dataclass(frozen=True)
class Form:
    """A kind of file."""

    media_type: str
    write: Writer


def _as_json(report: Report, _templates: Path) -> bytes:
    return json.dumps(to_json(report), ensure_ascii=False, indent=2).encode() + b"\n"


def _as_page(report: Report, templates: Path) -> bytes:
    return write_page(report, templates).encode()


def _as_workbook(report: Report, _templates: Path) -> bytes:
    # Here, not above: the library takes a third of a second to load, and every process would wait.
    from bridge.reporting.workbook import write_workbook

    return write_workbook(report)


FORMS: Final[Mapping[str, Form]] = {
    "xlsx": Form("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _as_workbook),
    "html": Form("text/html; charset=utf-8", _as_page),
    "json": Form("application/json", _as_json),
}
"""By the ending of the file's name."""
