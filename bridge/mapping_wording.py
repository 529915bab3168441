"""How versions of the mapping are spoken of, in Russian: by commands, pages and exported files."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bridge.mapping_keeping import KeptVersion
from bridge.sla.wording import local_moment
from bridge.store.models import MappingVersionRow


def version_line(version: KeptVersion, zone: ZoneInfo) -> str:
    """«Версия 5 от 23.11.2026 18:30, ivanov: зачем»."""
    return _line(version.number, version.made_at, version.author, version.note, zone)


def row_line(row: MappingVersionRow, zone: ZoneInfo) -> str:
    """The same of a stored version that need not be readable."""
    return _line(row.id, row.made_at, row.author, row.note, zone)


def export_heading(version: KeptVersion, zone: ZoneInfo) -> list[str]:
    """What an exported file says of itself, in comments."""
    first = _line(version.number, version.made_at, version.author, "", zone)
    return [
        f"Соответствие подразделений. {first}",
        *version.note.splitlines(),
        "Загрузить: страница «Подразделения» или bridge mapping import ФАЙЛ --note ЗАЧЕМ",
    ]


def restoring_note(number: int, note: str) -> str:
    """The note of a version that is an older one again."""
    return f"Возвращена версия {number}" + (f": {note}" if note else "")


def _line(number: int, made_at: datetime, author: str, note: str, zone: ZoneInfo) -> str:
    line = f"Версия {number} от {local_moment(made_at.replace(microsecond=0), zone)}, {author}"
    return f"{line}: {note}" if note else line
