"""Files are read before they are taken: a mistake is told with its place."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bridge.cli import main
from bridge.settings import PROJECT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("config", "templates"):
        shutil.copytree(PROJECT / name, tmp_path / name)
    return tmp_path


def validated(folder: Path) -> Result:
    settings = {
        "BRIDGE_CONFIG": str(folder / "config"),
        "BRIDGE_TEMPLATES": str(folder / "templates"),
    }
    return CliRunner().invoke(main, ["validate"], env=settings)


def test_files_that_can_be_read_are_said_to_be_so(folder: Path) -> None:
    result = validated(folder)

    assert result.exit_code == 0
    assert result.stdout == "Файлы настройки читаются.\n"


@pytest.mark.parametrize(
    ("file", "text", "place"),
    [
        ("config/departments.yaml", "departments: [\n", "config/departments.yaml:"),
        ("templates/notes/breach.j2", "текст\n{% if %}\n", "templates/notes/breach.j2:2"),
        ("templates/answers/vk_feed.txt.j2", "{{ text\n", "vk_feed.txt.j2"),
    ],
)
def test_mistake_is_told_with_its_place(folder: Path, file: str, text: str, place: str) -> None:
    (folder / file).write_text(text, encoding="utf-8")

    result = validated(folder)

    assert result.exit_code == 1
    assert place in result.stderr
