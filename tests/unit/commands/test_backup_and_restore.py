"""An administrator backs the store up and restores it, and is told what is wrong and what to do."""

import json
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from bridge.cli import main
from bridge.store.database import Store
from bridge.store.models import TicketRow
from bridge.store.schema import is_current, revisions
from tests.store_contract.archive import counts
from tests.store_contract.rows import new_ticket


@pytest.fixture
def store(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("BRIDGE_STORE_URL", store.engine.url.render_as_string())
    monkeypatch.setenv("BRIDGE_DATA", str(tmp_path))
    monkeypatch.setenv("BRIDGE_REDIS_URL", f"unix://{tmp_path / 'absent.sock'}")
    return store


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """The store of another machine, which is not there yet."""
    return tmp_path / "other" / "bridge.db"


def bridge(*arguments: str | Path, store: Path | None = None) -> Result:
    """Run a command on the store that is set, or on another machine's."""
    other = (
        {"BRIDGE_STORE_URL": f"sqlite:///{store}", "BRIDGE_DATA": str(store.parent)}
        if store
        else {}
    )
    return CliRunner().invoke(main, [str(argument) for argument in arguments], env=other)


def test_a_store_goes_to_another_machine(store: Store, tmp_path: Path, elsewhere: Path) -> None:
    new_ticket(store, 1)
    made = bridge("backup", tmp_path / "a.zip")
    assert made.exit_code == 0
    assert "строк" in made.output
    restored = bridge("restore", tmp_path / "a.zip", store=elsewhere)
    assert restored.exit_code == 0, restored.output
    assert "Хранилище восстановлено на" in restored.output
    with closing(Store(f"sqlite:///{elsewhere}")) as other, other.reading() as session:
        assert is_current(other.engine)
        assert session.get(TicketRow, 1)


def test_programs_are_told_what_was_done(store: Store, tmp_path: Path, elsewhere: Path) -> None:
    new_ticket(store, 1)
    made = json.loads(bridge("backup", "--json", tmp_path / "a.zip").output)
    assert made["path"] == str(tmp_path / "a.zip")
    assert made["bytes"] == (tmp_path / "a.zip").stat().st_size
    assert (made["revision"], made["rows"]["ticket"]) == (revisions()[-1], 1)
    restored = json.loads(bridge("restore", "--json", tmp_path / "a.zip", store=elsewhere).output)
    assert restored["rows"] == made["rows"]
    assert restored["made_at"] == made["made_at"]
    assert restored["to_look_for"] == 0


def test_a_folder_gets_dated_archives_and_keeps_the_newest(store: Store, tmp_path: Path) -> None:
    new_ticket(store, 1)
    folder = tmp_path / "backups"
    folder.mkdir()
    old = folder / "bridge-2020-01-01T000000Z.zip"
    old.touch()
    assert bridge("backup", folder).exit_code == 0
    assert old.exists()
    result = bridge("backup", "--keep", "1", folder)
    assert result.exit_code == 0
    assert not old.exists()
    (kept,) = folder.iterdir()
    assert kept.stat().st_size > 0


def test_only_a_folder_is_rotated(store: Store, tmp_path: Path) -> None:
    new_ticket(store, 1)
    result = bridge("backup", "--keep", "3", tmp_path / "a.zip")
    assert result.exit_code == 2
    assert "нужна папка" in result.output
    assert not (tmp_path / "a.zip").exists()


def test_a_place_that_cannot_be_written_to_is_named(store: Store, tmp_path: Path) -> None:
    new_ticket(store, 1)
    result = bridge("backup", tmp_path / "absent" / "a.zip")
    assert result.exit_code == 1
    assert "резервная копия не записана" in result.output


def test_a_store_that_is_not_empty_is_replaced_only_on_demand(store: Store, tmp_path: Path) -> None:
    new_ticket(store, 1)
    bridge("backup", tmp_path / "a.zip")
    new_ticket(store, 2)
    refused = bridge("restore", tmp_path / "a.zip")
    assert refused.exit_code == 1
    assert "--replace" in refused.output
    assert counts(store)["ticket"] == 2
    assert bridge("restore", "--replace", tmp_path / "a.zip").exit_code == 0
    assert counts(store)["ticket"] == 1


def test_a_damaged_archive_changes_nothing(store: Store, tmp_path: Path) -> None:
    new_ticket(store, 1)
    bridge("backup", tmp_path / "a.zip")
    whole = (tmp_path / "a.zip").read_bytes()
    (tmp_path / "a.zip").write_bytes(whole[: len(whole) // 2])
    result = bridge("restore", "--replace", tmp_path / "a.zip")
    assert result.exit_code == 1
    assert "возьмите другую копию" in result.output
    assert counts(store)["ticket"] == 1


def test_a_store_of_a_later_version_is_left_alone(store: Store, tmp_path: Path) -> None:
    new_ticket(store, 1)
    bridge("backup", tmp_path / "a.zip")
    with store.transaction() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for command in (
        ("backup", tmp_path / "b.zip"),
        ("restore", "--replace", tmp_path / "a.zip"),
        ("worker",),
        ("poll",),
        ("serve",),
    ):
        result = bridge(*command)
        assert result.exit_code == 1, command
        assert "новее этой версии моста" in result.output, command
    assert counts(store)["ticket"] == 1


def test_a_worker_does_not_work_with_tables_that_are_not_upgraded_yet(store: Store) -> None:
    with store.transaction() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    result = bridge("worker")
    assert result.exit_code == 1
    assert "ещё не обновлены" in result.output


def test_a_store_that_is_not_there_has_nothing_to_back_up(tmp_path: Path, elsewhere: Path) -> None:
    elsewhere.parent.mkdir()
    result = bridge("backup", tmp_path / "a.zip", store=elsewhere)
    assert result.exit_code == 1
    assert "ещё не создано" in result.output
