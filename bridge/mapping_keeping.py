"""Keeps versions of the mapping, and reads them back. Each is in the audit with whoever made it."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from sqlalchemy.orm import Session

from bridge.config.document import parse_document
from bridge.routing.mapping import DepartmentMapping
from bridge.routing.mapping_document import write_mapping
from bridge.store import audit, mapping_versions
from bridge.store.audit import Action, AuditEntry
from bridge.store.database import Store
from bridge.store.mapping_versions import NewVersion, Overtaken
from bridge.store.models import MappingVersionRow

DEPARTMENTS_FILE: Final = "departments.yaml"
FILES_AUTHOR: Final = f"файл {DEPARTMENTS_FILE}"
_FIRST_NOTE: Final = "Первая версия: из файла настройки"
_READ_AT_HAND: Final = 8


@dataclass(frozen=True)
class KeptVersion:
    """A version of the mapping. `made_at` is UTC."""

    number: int
    made_at: datetime
    author: str
    note: str
    mapping: DepartmentMapping


@dataclass(frozen=True)
class Change:
    """What is to be kept: a mapping, who made it and why, and by which deed."""

    mapping: DepartmentMapping
    author: str
    note: str
    action: Action


def keep_version(session: Session, change: Change, after: int, now: datetime) -> int:
    """Bring the mapping into force, with its audit entry, and return its number.

    `after`: the version that the author saw in force. Raises `Overtaken` when there is a newer one.
    """
    number = mapping_versions.add(
        session,
        NewVersion(
            made_at=now,
            author=change.author,
            note=change.note,
            document=write_mapping(change.mapping),
            fingerprint=change.mapping.version,
        ),
        after,
    )
    details = {"note": change.note, "fingerprint": change.mapping.version}
    audit.record(
        session, AuditEntry(now, change.author, change.action, f"mapping:{number}", details)
    )
    return number


def keep_first(store: Store, mapping: DepartmentMapping, now: datetime) -> None:
    """Keep the file's mapping as version 1, unless the store has versions already."""
    with store.reading() as session:
        if mapping_versions.newest_number(session):
            return
    change = Change(mapping, FILES_AUTHOR, _FIRST_NOTE, Action.MAPPING_IMPORTED)
    try:
        with store.writing() as session:
            keep_version(session, change, after=0, now=now)
    except Overtaken:
        # Another process that started at the same time kept it.
        return


def read_version(row: MappingVersionRow) -> KeptVersion:
    """A stored version. Raises `ConfigError` when this program does not understand it."""
    mapping = _parsed(row.document, f"mapping version {row.id}")
    return KeptVersion(row.id, row.made_at, row.author, row.note, mapping)


@lru_cache(_READ_AT_HAND)
def _parsed(document: str, name: str) -> DepartmentMapping:
    return parse_document(document, DepartmentMapping, name)
