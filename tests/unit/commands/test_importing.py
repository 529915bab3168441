"""`bridge import`: an export by hand, as often as somebody likes."""

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from bridge.cli import main
from bridge.store.database import Store
from bridge.store.models import InboxEvent

HEADER = "Номер;Текст;Зарегистрировано\n"
ROWS = "".join(f"{n};Яма № {n};24.11.2026 16:2{n}\n" for n in range(1, 4))
Import = Callable[..., Result]


@pytest.fixture
def store_file(migrated: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(migrated, tmp_path / "bridge.db"))


@pytest.fixture
def run(store_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Import:
    """Runs the command over the project's own configuration, without a queue."""
    monkeypatch.setenv("BRIDGE_STORE_URL", f"sqlite:///{store_file}")
    monkeypatch.setenv("BRIDGE_DATA", str(tmp_path))

    def run(contents: str, *options: str, channel: str = "incident", name: str = "a.csv") -> Result:
        file = tmp_path / name
        file.write_text(contents, encoding="utf-8")
        return CliRunner().invoke(main, ["import", *options, channel, str(file)])

    return run


def stored(store_file: Path) -> list[str]:
    with closing(Store(f"sqlite:///{store_file}")) as store, store.reading() as session:
        return list(session.scalars(select(InboxEvent.external_id).order_by(InboxEvent.id)))


def test_cards_are_taken_in_and_counted(run: Import, store_file: Path) -> None:
    result = run(HEADER + ROWS)
    assert result.exit_code == 0, result.output
    assert "прочитано: 3. Новых: 3, изменившихся: 0, уже известных: 0" in result.output
    assert [name for name in stored(store_file) if name.count(":") == 1] == [
        "card:1",
        "card:2",
        "card:3",
    ]


@pytest.mark.scenario(13)
def test_file_imported_again_brings_only_what_changed(run: Import, store_file: Path) -> None:
    run(HEADER + ROWS)
    before = stored(store_file)
    result = run(HEADER + ROWS.replace("Яма № 2", "Две ямы"))
    assert "Новых: 0, изменившихся: 1, уже известных: 2" in result.output
    assert len(stored(store_file)) == len(before) + 1


def test_check_says_what_would_be_read_and_takes_nothing_in(run: Import, store_file: Path) -> None:
    result = run(HEADER + ROWS + "4;Яма;когда-то\n", "--check")
    assert result.exit_code == 1
    assert "Карточек можно прочитать: 3." in result.output
    assert "строка 5: дата и время записаны непонятно" in result.output
    assert stored(store_file) == []


def test_bad_row_is_told_and_the_others_are_taken_in(run: Import, store_file: Path) -> None:
    result = run(HEADER + "4;Яма;когда-то\n" + ROWS)
    assert result.exit_code == 1
    assert "Новых: 3" in result.output
    assert "строка 2: дата и время записаны непонятно" in result.output
    assert [name.split(":")[0] for name in stored(store_file)].count("unreadable") == 1


def test_file_that_is_no_export_ends_the_command(run: Import) -> None:
    result = run("?", name="a.xls")
    assert result.exit_code == 1
    assert "нужен файл XLSX, CSV или JSON" in result.output


@pytest.mark.parametrize("channel", ["vk-head", "nowhere"])
def test_channel_that_takes_no_exports_is_told_which_do(run: Import, channel: str) -> None:
    result = run(HEADER + ROWS, channel=channel)
    assert result.exit_code == 1
    assert "принимают: incident, mss" in result.output
