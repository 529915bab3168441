"""`bridge mapping` as an administrator uses it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bridge.cli import main
from bridge.mapping_keeping import keep_first
from bridge.office import Office
from bridge.settings import PROJECT
from bridge.store import audit
from bridge.store.audit import AuditSearch
from bridge.store.database import Store
from tests.store_contract.rows import NOW

Run = Callable[..., Result]


@pytest.fixture
def run(store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.setenv("BRIDGE_STORE_URL", str(store.engine.url))
    monkeypatch.setenv("BRIDGE_DATA", str(tmp_path))
    keep_first(store, Office.load(PROJECT / "config").mapping, NOW)

    def invoke(*arguments: str, code: int = 0) -> Result:
        result = CliRunner().invoke(main, ["mapping", *arguments])
        assert result.exit_code == code, result.output
        return result

    return invoke


@pytest.fixture
def edited(run: Run, tmp_path: Path) -> Path:
    """The version in force as a file, in which somebody has given the roads another word."""
    file = tmp_path / "departments.yaml"
    run("export", str(file))
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("keywords: [мостик, ", "keywords: [пухляшка, "), encoding="utf-8")
    return file


def test_the_version_in_force_is_shown_with_its_departments(run: Run) -> None:
    told = run("show").stdout
    assert "Версия 1 от 23.11.2026 16:30, файл departments.yaml" in told
    assert "roads                Департамент дорог и благоустройства (группа «" in told


def test_a_file_comes_into_force_by_import_with_what_it_changes(
    run: Run, edited: Path, store: Store
) -> None:
    told = run("import", str(edited), "--note", "новое слово")
    assert "Департамент дорог и благоустройства (roads)" in told.stdout
    assert "    + пухляшка\n    - мостик\n" in told.stdout
    assert "Действует версия 2." in told.stdout
    assert "Комментарии файла не хранятся" in told.stderr
    history = run("history").stdout.splitlines()
    assert history[0].startswith("Версия 2")
    assert history[0].endswith(": новое слово")
    with store.reading() as session:
        entry = audit.page(session, AuditSearch(), limit=1)[0]
    assert (entry.action, entry.subject) == ("mapping_imported", "mapping:2")
    assert entry.actor.startswith("command:")


def test_an_import_that_changes_nothing_makes_no_version(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "same.yaml"
    run("export", str(file))
    assert "ничего не изменено" in run("import", str(file), "--note", "-").stdout
    assert len(run("history").stdout.splitlines()) == 1


def test_an_older_version_comes_back_as_a_new_one(run: Run, edited: Path) -> None:
    run("import", str(edited), "--note", "новое слово")
    assert "    + пухляшка" in run("diff", "1", "2").stdout
    assert "Действует версия 3: то же, что версия 1." in run("restore", "1").stdout
    assert run("diff", "1", "3").stdout == "Различий нет.\n"
    assert run("history").stdout.splitlines()[0].endswith(": Возвращена версия 1")


def test_any_version_can_be_exported(run: Run, edited: Path) -> None:
    run("import", str(edited), "--note", "новое слово")
    assert "пухляшка" not in run("export", "--version", "1").stdout
    exported = run("export").stdout
    assert exported.startswith("# Соответствие подразделений. Версия 2 от ")
    assert "пухляшка" in exported


def test_a_broken_file_is_told_by_line_and_changes_nothing(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text("departments:\n- key: roads\n  name: Дороги\n  keywords: [яма!]\n", "utf-8")
    assert "broken.yaml:4" in run("import", str(file), "--note", "-", code=1).output
    assert len(run("history").stdout.splitlines()) == 1


def test_a_version_that_is_not_there_is_told(run: Run) -> None:
    assert "версии 7 нет" in run("restore", "7", code=1).output
