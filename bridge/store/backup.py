"""Backs the store up into an archive, while the bridge works."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO, Final

from sqlalchemy import Connection, Table

from bridge.durable_files import move_durably
from bridge.store.archive import Manifest, write_archive
from bridge.store.database import Store
from bridge.store.schema import NewerSchema, is_known, revision_of, tables_of
from bridge.store.table_rows import lines_of, reflect

_NAMES: Final = "bridge-*.zip"
_UNFINISHED: Final = ".bridge-*.zip.tmp"
_ABANDONED: Final = timedelta(days=1)
_OWN_EYES_ONLY: Final = 0o600
"""Archives are full of personal data."""


class NothingToBackUp(Exception):
    """The store has no tables yet."""


@dataclass(frozen=True)
class Backup:
    """An archive that was made; `size` in bytes."""

    path: Path
    size: int
    manifest: Manifest


def back_up(store: Store, path: Path, now: datetime, told: Callable[[str, int], None]) -> Backup:
    """Write all tables, as of one moment not before `now`, into a file that replaces an older one.

    `told` hears of each row of a table. Raises `StoreUnavailable`, `NothingToBackUp`,
    `NewerSchema`, `OSError`: then there is no new file, and an older one is still there.
    """
    with store.snapshot() as connection:
        revision = revision_of(connection)
        if revision is None:
            raise NothingToBackUp
        if not is_known(revision):
            raise NewerSchema(revision)
        tables = reflect(connection, tables_of(revision))
        with _put_in_place(path) as file:
            manifest = write_archive(
                file,
                ((table.name, _told_lines(connection, table, told)) for table in tables),
                bridge=version("bridge"),
                revision=revision,
                made_at=now,
            )
    return Backup(path, path.stat().st_size, manifest)


def dated_name(now: datetime) -> str:
    """The name of an archive in a folder of archives: in UTC, so that names sort by age."""
    return f"bridge-{now.astimezone(UTC):%Y-%m-%dT%H%M%SZ}.zip"


def rotate(folder: Path, keep: int, now: datetime) -> tuple[Path, ...]:
    """Delete all but the newest archives of a folder, and what killed backups left; return which.

    Raises `OSError`.
    """
    archives = sorted(folder.glob(_NAMES), reverse=True)
    abandoned = (now - _ABANDONED).timestamp()
    unfinished = [path for path in folder.glob(_UNFINISHED) if path.stat().st_mtime < abandoned]
    superfluous = (*archives[keep:], *unfinished)
    for path in superfluous:
        path.unlink()
    return superfluous


def _told_lines(
    connection: Connection, table: Table, told: Callable[[str, int], None]
) -> Iterator[bytes]:
    for line in lines_of(connection, table):
        yield line
        told(table.name, 1)


@contextmanager
def _put_in_place(path: Path) -> Iterator[BinaryIO]:
    """A file that is there under its name only when the block has ended well."""
    unfinished = path.with_name(f".{path.name}.tmp")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL, _OWN_EYES_ONLY)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        move_durably(unfinished, path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
