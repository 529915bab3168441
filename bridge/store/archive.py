"""An archive of the store: one file, a member of JSON lines for each table, and a manifest.

It is a zip, so that a person can look into it; nothing in it tells of the database it came from.
"""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

MANIFEST: Final = "manifest.json"
_FORMAT: Final = 1
_DAMAGED: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, KeyError)


class ArchiveRefused(Exception):
    """The archive cannot be used; the text says to the administrator why, and what to do."""


class Member(BaseModel):
    """A table's rows: how many there are, and the SHA-256 of the lines."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: int = Field(ge=0)
    sha256: str


class Manifest(BaseModel):
    """What an archive says of itself. `revision` is the tables', `made_at` the moment it shows."""

    model_config = ConfigDict(frozen=True)

    format: Literal[1] = _FORMAT
    bridge: str
    revision: str
    made_at: AwareDatetime
    tables: dict[str, Member]

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(member.rows for member in self.tables.values())


def write_archive(
    file: BinaryIO,
    tables: Iterable[tuple[str, Iterable[bytes]]],
    *,
    bridge: str,
    revision: str,
    made_at: datetime,
) -> Manifest:
    """Write the tables' lines as they come, and the manifest behind them."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as container:
        members = {name: _write_member(container, name, lines) for name, lines in tables}
        manifest = Manifest(bridge=bridge, revision=revision, made_at=made_at, tables=members)
        container.writestr(MANIFEST, manifest.model_dump_json(indent=1))
    return manifest


def _write_member(container: zipfile.ZipFile, name: str, lines: Iterable[bytes]) -> Member:
    rows, digest = 0, hashlib.sha256()
    with container.open(_path(name), "w", force_zip64=True) as member:
        for line in lines:
            member.write(line)
            digest.update(line)
            rows += 1
    return Member(rows=rows, sha256=digest.hexdigest())


@dataclass(frozen=True)
class Archive:
    """An archive that is open for reading."""

    container: zipfile.ZipFile
    manifest: Manifest

    def lines(self, table: str) -> Iterator[bytes]:
        """A table's rows. Raises `ArchiveRefused` where the file is damaged."""
        try:
            with self.container.open(_path(table)) as member:
                yield from member
        except _DAMAGED as error:
            raise ArchiveRefused(_damaged(table)) from error

    def verify(self, told: Callable[[str, int], None]) -> None:
        """Read all of it once and compare it with the manifest. Raises `ArchiveRefused`."""
        wanted = {MANIFEST, *(_path(name) for name in self.manifest.tables)}
        if wanted != set(self.container.namelist()):
            raise ArchiveRefused(
                "состав архива не тот, что в его описи: возьмите другую резервную копию"
            )
        for name, member in self.manifest.tables.items():
            rows, digest = 0, hashlib.sha256()
            for line in self.lines(name):
                digest.update(line)
                rows += 1
                told(name, 1)
            if (rows, digest.hexdigest()) != (member.rows, member.sha256):
                raise ArchiveRefused(_damaged(name))


@contextmanager
def opened_archive(path: Path) -> Iterator[Archive]:
    """Open an archive. Raises `ArchiveRefused` when the file is none, and `OSError`."""
    try:
        container = zipfile.ZipFile(path)
    except _DAMAGED as error:
        raise ArchiveRefused(
            f"{path}: не резервная копия моста, или файл обрезан; возьмите другую копию"
        ) from error
    with container:
        yield Archive(container, _read_manifest(container))


def _read_manifest(container: zipfile.ZipFile) -> Manifest:
    try:
        document = json.loads(container.read(MANIFEST))
        if document["format"] != _FORMAT:
            raise ArchiveRefused(
                "архив сделан более новой версией моста: обновите мост и повторите"
            )
        return Manifest.model_validate(document)
    except (*_DAMAGED, ValueError, TypeError, ValidationError) as error:
        raise ArchiveRefused(
            "опись архива (manifest.json) не читается: возьмите другую резервную копию"
        ) from error


def _path(table: str) -> str:
    return f"tables/{table}.jsonl"


def _damaged(table: str) -> str:
    return f"архив повреждён (таблица {table}): возьмите другую резервную копию"
