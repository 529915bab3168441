"""A folder where people and programs leave files: which are whole, which are done with."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from bridge.durable_files import write_durably

DONE: Final = "done"
REPORT_ENDING: Final = ".report.txt"
MOST_FILES: Final = 500
"""Files that are looked at together, the oldest first."""

_UNFINISHED_ENDINGS: Final = (".part", ".tmp", ".crdownload", ".filepart", ".swp")
_UNFINISHED_BEGINNINGS: Final = (".", "~")
"""Excel leaves `~$name` beside a workbook that is open."""

Fingerprint = str
"""A file's size and time of change."""


@dataclass(frozen=True)
class WatchedFolder:
    """One folder. Every method raises `OSError` when the folder is no use."""

    path: Path

    @classmethod
    def opened(cls, path: Path) -> Self:
        """The folder, made where it is not there yet."""
        (path / DONE).mkdir(parents=True, exist_ok=True)
        return cls(path)

    def present(self) -> dict[str, Fingerprint]:
        """Files by name, the oldest first, without those whose names say that they are not whole.

        What is no file of its own (a folder, a link, a pipe) is passed over.
        """
        with os.scandir(self.path) as entries:
            files = [
                (entry.stat(follow_symlinks=False), entry.name)
                for entry in entries
                if entry.is_file(follow_symlinks=False) and _may_be_whole(entry.name)
            ]
        oldest = sorted(files, key=lambda each: (each[0].st_mtime_ns, each[1]))[:MOST_FILES]
        return {name: f"{stat.st_size}:{stat.st_mtime_ns}" for stat, name in oldest}

    def put_away(self, done: Mapping[str, Fingerprint]) -> None:
        """Move these files into `done`, with their reports; one that has changed since stays."""
        present = self.present() if done else {}
        for name, fingerprint in done.items():
            if present.get(name) == fingerprint:
                target = _free_name(self.path / DONE, name)
                if self._report_of(name).exists():
                    self._report_of(name).replace(target.with_name(target.name + REPORT_ENDING))
                (self.path / name).replace(target)

    def tell(self, name: str, report: str) -> None:
        """Write beside the file what could not be read of it.

        An empty report takes away the one that an earlier state of the file got.
        """
        path, contents = self._report_of(name), report.encode("utf-8-sig")
        if not report:
            path.unlink(missing_ok=True)
        elif not path.exists() or path.read_bytes() != contents:
            write_durably(path, contents)

    def _report_of(self, name: str) -> Path:
        return self.path / (name + REPORT_ENDING)


def _may_be_whole(name: str) -> bool:
    lower = name.lower()
    return not lower.startswith(_UNFINISHED_BEGINNINGS) and not lower.endswith(
        (*_UNFINISHED_ENDINGS, REPORT_ENDING)
    )


def _free_name(folder: Path, name: str) -> Path:
    """The name, with a number where an earlier file has it."""
    target, number = folder / name, 2
    while target.exists():
        target = folder / f"{Path(name).stem} ({number}){Path(name).suffix}"
        number += 1
    return target
