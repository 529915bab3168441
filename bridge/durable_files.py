"""Files that are there whole or not at all, and stay there when the power fails."""

import os
from pathlib import Path


def write_durably(path: Path, contents: bytes) -> None:
    """Put a file in place under its name, replacing an earlier one; it is on the disk afterwards.

    Raises `OSError`.
    """
    unfinished = path.with_name(f".{path.name}.tmp")
    with unfinished.open("wb") as file:
        file.write(contents)
        file.flush()
        os.fsync(file.fileno())
    move_durably(unfinished, path)


def move_durably(source: Path, target: Path) -> None:
    """Move a file within a file system, in one step that outlives a power failure.

    Raises `OSError`.
    """
    source.replace(target)
    for folder in {source.parent, target.parent}:
        _sync(folder)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
