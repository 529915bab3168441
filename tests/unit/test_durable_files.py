"""A file is there whole or not at all."""

from pathlib import Path

import pytest

from bridge.durable_files import move_durably, write_durably


def test_file_is_written_and_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_durably(path, b"first")
    write_durably(path, b"second")
    assert path.read_bytes() == b"second"
    assert list(tmp_path.iterdir()) == [path]


def test_file_that_cannot_be_written_leaves_the_earlier_one(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write_durably(path, b"first")
    (tmp_path / ".a.csv.tmp").mkdir()
    with pytest.raises(OSError, match="directory"):
        write_durably(path, b"second")
    assert path.read_bytes() == b"first"


def test_file_is_moved_between_folders(tmp_path: Path) -> None:
    (tmp_path / "done").mkdir()
    write_durably(tmp_path / "a.csv", b"first")
    move_durably(tmp_path / "a.csv", tmp_path / "done" / "a.csv")
    assert not (tmp_path / "a.csv").exists()
    assert (tmp_path / "done" / "a.csv").read_bytes() == b"first"
