import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner, Result

from bridge.commands.moderate import moderate_command

SHIPPED_CONFIGURATION = Path(__file__).parents[3] / "config"

pytestmark = pytest.mark.clause("1.3")


def run(*arguments: str, stdin: str = "", folder: Path = SHIPPED_CONFIGURATION) -> Result:
    settings = SimpleNamespace(config_folder=folder)
    return CliRunner().invoke(moderate_command, arguments, input=stdin, obj=settings)


def test_each_line_of_standard_input_gets_one_json_line() -> None:
    result = run("--json", stdin="Х у й вам\n\nспасибо")
    assert result.exit_code == 0
    assert [json.loads(line) for line in result.stdout.splitlines()] == [
        {"flags": ["obscene"], "found": [{"flag": "obscene", "text": "Х у й"}]},
        {"flags": [], "found": []},
        {"flags": [], "found": []},
    ]


def test_arguments_are_explained_in_russian() -> None:
    result = run("Вы дебилы, убью вас", "Спасибо")
    assert result.exit_code == 0
    assert "Оскорбления: «дебилы»." in result.stdout
    assert "Угрозы: «убью»." in result.stdout
    assert "не найдено" in result.stdout
    assert "Версия словаря: " in result.stdout


def test_a_broken_lexicon_is_told_by_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "moderation.yaml").write_text("insult:\n  words: [idiot]\n", encoding="utf-8")
    result = run("яма", folder=tmp_path)
    assert result.exit_code == 1
    assert "moderation.yaml:2" in result.output
