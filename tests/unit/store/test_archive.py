"""An archive that is not as it was made is refused before anything is changed."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bridge.store.archive import ArchiveRefused, opened_archive
from bridge.store.backup import back_up, dated_name, rotate
from bridge.store.database import Store
from bridge.store.restoration import require_readable
from bridge.store.schema import revisions
from tests.store_contract.archive import silent
from tests.store_contract.rows import NOW, minutes, new_ticket

MANIFEST = "manifest.json"
MEMBER = "tables/message.jsonl"


@pytest.fixture
def archive(store: Store, tmp_path: Path) -> Path:
    new_ticket(store)
    return back_up(store, tmp_path / "a.zip", NOW, silent).path


def look_at(path: Path) -> None:
    with opened_archive(path) as archive:
        require_readable(archive)
        archive.verify(silent)


def rewritten(path: Path, changes: dict[str, Callable[[bytes], bytes | None]]) -> Path:
    """The same archive with members changed, or left out."""
    other = path.with_name("b.zip")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(other, "w") as target:
        for name in source.namelist():
            contents = changes.get(name, bytes)(source.read(name))
            if contents is not None:
                target.writestr(name, contents)
    return other


def with_manifest(path: Path, **changes: Any) -> Path:
    def change(contents: bytes) -> bytes:
        return json.dumps({**json.loads(contents), **changes}).encode()

    return rewritten(path, {MANIFEST: change})


def test_an_archive_as_it_was_made_is_taken(archive: Path) -> None:
    look_at(archive)


def test_only_the_owner_may_read_it(archive: Path) -> None:
    assert archive.stat().st_mode & 0o777 == 0o600


def test_a_changed_row_is_found_and_its_table_named(archive: Path) -> None:
    changed = rewritten(archive, {MEMBER: lambda rows: rows.replace(b"501", b"502")})
    with pytest.raises(ArchiveRefused, match="таблица message"):
        look_at(changed)


def test_a_missing_row_is_found(archive: Path) -> None:
    with pytest.raises(ArchiveRefused, match="таблица message"):
        look_at(rewritten(archive, {MEMBER: lambda _: b""}))


def test_a_missing_table_is_found(archive: Path) -> None:
    with pytest.raises(ArchiveRefused, match="состав"):
        look_at(rewritten(archive, {MEMBER: lambda _: None}))


def test_a_table_that_the_archive_never_had_is_missed(archive: Path) -> None:
    with opened_archive(archive) as opened:
        tables = opened.manifest.model_dump(mode="json")["tables"]
    del tables["message"]
    without = with_manifest(
        rewritten(archive, {MEMBER: lambda _: None}).rename(archive), tables=tables
    )
    with pytest.raises(ArchiveRefused, match="не все таблицы"):
        look_at(without)


def test_a_missing_or_unreadable_manifest_is_refused(archive: Path) -> None:
    for contents in (None, b"", b"[]", b'{"format": 1}'):
        with pytest.raises(ArchiveRefused, match=r"manifest\.json"):
            look_at(rewritten(archive, {MANIFEST: lambda _, new=contents: new}))


def test_a_file_that_was_cut_short_is_refused(archive: Path) -> None:
    whole = archive.read_bytes()
    for length in (0, 100, len(whole) // 2, len(whole) - 30):
        archive.write_bytes(whole[:length])
        with pytest.raises(ArchiveRefused, match="обрезан"):
            look_at(archive)


def test_a_damaged_byte_is_found(archive: Path) -> None:
    contents = bytearray(archive.read_bytes())
    with zipfile.ZipFile(archive) as container:
        member = container.getinfo(MEMBER)
    header = 30 + len(MEMBER) + len(b"zip64 extra field...")
    contents[member.header_offset + header + member.compress_size // 2] ^= 0xFF
    archive.write_bytes(contents)
    with pytest.raises(ArchiveRefused):
        look_at(archive)


def test_an_archive_of_newer_tables_says_what_to_do(archive: Path) -> None:
    with pytest.raises(ArchiveRefused, match="обновите мост"):
        look_at(with_manifest(archive, revision="9999"))


def test_an_archive_of_a_newer_form_says_what_to_do(archive: Path) -> None:
    with pytest.raises(ArchiveRefused, match="обновите мост"):
        look_at(with_manifest(archive, format=2))


def test_every_revision_has_tables_to_be_restored(archive: Path) -> None:
    with opened_archive(archive) as opened:
        assert opened.manifest.revision == revisions()[-1]
    assert revisions()[0] == "0001"


def test_a_backup_that_fails_leaves_the_former_one(
    store: Store, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = archive.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bridge.store.backup.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        back_up(store, archive, NOW, silent)
    assert archive.read_bytes() == before
    assert [path.name for path in archive.parent.glob("*.tmp")] == []
    assert [path.name for path in archive.parent.glob(".*.tmp")] == []


def test_a_folder_keeps_the_newest_and_nothing_of_others(tmp_path: Path) -> None:
    names = [dated_name(minutes(day * 24 * 60)) for day in range(4)]
    for name in (*names, "notes.zip", ".bridge-old.zip.tmp"):
        (tmp_path / name).touch()
    later = minutes(60 * 24 * 365 * 50)
    rotate(tmp_path, 2, later)
    assert sorted(path.name for path in tmp_path.iterdir()) == [*names[2:], "notes.zip"]


def test_a_backup_that_is_under_way_is_left_alone(tmp_path: Path) -> None:
    unfinished = tmp_path / ".bridge-2026-11-26T013000Z.zip.tmp"
    unfinished.touch()
    assert rotate(tmp_path, 1, minutes(0)) == ()
    assert unfinished.exists()
