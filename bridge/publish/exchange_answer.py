"""An answer in the shape in which a system takes it: a row of a table, or a JSON object. Pure."""

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bridge.messages import Picture, Placement
from bridge.networks.exchange_settings import AnswerNames

_TYPES: Final = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp"}
_ENDING: Final = re.compile(r"\.[a-z0-9]{1,5}", re.ASCII)

Row = Mapping[str, str]


@dataclass(frozen=True)
class AnswerTo:
    """An answer to one card; `answered_at` is in the system's zone, `link` leads to
    where the answer stands on a page, else to the card or its source post."""

    number: str
    text: str
    link: str
    answered_at: datetime

    @classmethod
    def of(cls, placement: Placement, now: datetime) -> "AnswerTo":
        """The answer that a placement makes visible."""
        address = placement.address
        link = placement.stands_at or str(address.get("link", ""))
        return cls(str(address["number"]), placement.text, link, now)

    def row(self, names: AnswerNames) -> dict[str, str]:
        """Its parts by the system's own names, in the order in which they are imported."""
        return {
            names.number: self.number,
            names.answer: self.text,
            names.link: self.link,
            names.answered_at: self.answered_at.isoformat(timespec="seconds"),
        }


def as_csv(row: Row) -> bytes:
    """Titles and one row, as Excel in Russia opens it: `;`, UTF-8 with its mark."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows([list(row), list(row.values())])
    return text.getvalue().encode("utf-8-sig", "replace")


def as_workbook(row: Row) -> bytes:
    """Titles and one row of an Excel workbook; every cell is text, never a formula."""
    # Here, not above: the library takes a third of a second to load, and every process would wait.
    from openpyxl import Workbook

    workbook = Workbook()
    sheet = workbook.worksheets[0]
    for line, values in enumerate((list(row), list(row.values())), 1):
        for column, value in enumerate(values, 1):
            cell = sheet.cell(line, column)
            cell.value = value
            cell.data_type = "s"
    contents = io.BytesIO()
    workbook.save(contents)
    return contents.getvalue()


def as_json(row: Row) -> bytes:
    """One JSON object."""
    return json.dumps(row, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def picture_names(stem: str, pictures: Sequence[Picture]) -> list[str]:
    """File names for the pictures of an answer: staff's own names may be anything."""
    return [f"{stem}-{n}{_ending(picture)}" for n, picture in enumerate(pictures, 1)]


def _ending(picture: Picture) -> str:
    known = _TYPES.get(picture.content_type)
    if known:
        return known
    ending = "." + picture.name.lower().rpartition(".")[2]
    return ending if _ENDING.fullmatch(ending) else ".bin"
