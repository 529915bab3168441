"""The administrator serves a citizen's request on personal data by command."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bridge.cli import main
from bridge.store.database import Store
from bridge.store.models import MessageRow, TicketRow
from tests.personal_rows import add_whole_message
from tests.store_contract.rows import NOW


@pytest.fixture
def runner(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setenv("BRIDGE_STORE_URL", f"sqlite:///{tmp_path / 'bridge.db'}")
    with store.writing() as session:
        message_id = add_whole_message(session, 1, NOW, closed=True).message_id
        row = session.get_one(MessageRow, message_id)
        row.author_id, row.author_name = "501", "Анна Петрова"
        session.query(TicketRow).one().issue_id = 7
    return CliRunner()


def test_a_citizen_is_found_exported_and_erased(runner: CliRunner, tmp_path: Path) -> None:
    found = runner.invoke(main, ["person", "find", "петрова"])
    assert found.output.startswith("vk 501  Анна Петрова"), found.output
    file = tmp_path / "copy.json"
    exported = runner.invoke(main, ["person", "export", "vk", "501", str(file)])
    assert exported.exit_code == 0, exported.output
    assert json.loads(file.read_text())["messages"][0]["author"]["name"] == "Анна Петрова"
    assert file.stat().st_mode & 0o777 == 0o600
    erased = runner.invoke(main, ["person", "erase", "vk", "501", "--yes"])
    assert "Забыто сообщений: 1." in erased.output
    assert "#7" in erased.output
    assert runner.invoke(main, ["person", "find", "Петрова"]).exit_code == 1


def test_a_file_that_is_there_is_left_alone(runner: CliRunner, tmp_path: Path) -> None:
    file = tmp_path / "copy.json"
    file.write_text("mine")
    done = runner.invoke(main, ["person", "export", "vk", "501", str(file)])
    assert done.exit_code == 1
    assert file.read_text() == "mine"


def test_somebody_unknown_leaves_no_file_behind(runner: CliRunner, tmp_path: Path) -> None:
    file = tmp_path / "copy.json"
    done = runner.invoke(main, ["person", "export", "ok", "501", str(file)])
    assert "такого заявителя в хранилище нет" in done.output
    assert not file.exists()


def test_erasing_asks_first(runner: CliRunner) -> None:
    assert runner.invoke(main, ["person", "erase", "vk", "501"], input="n\n").exit_code == 1
    assert runner.invoke(main, ["person", "find", "501"]).exit_code == 0


def test_purging_says_what_it_would_do_and_does_it(runner: CliRunner) -> None:
    told = runner.invoke(main, ["purge", "--dry-run"])
    assert "сообщения, карточки которых закрыты до" in told.output
    done = runner.invoke(main, ["purge", "--json"])
    assert set(json.loads(done.stdout)) == {"events", "messages", "differences", "audit"}
