import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bridge.commands.context import Context
from bridge.commands.route import route_command

pytestmark = pytest.mark.usefixtures("models_in_place")

SHIPPED_CONFIGURATION = Path(__file__).parents[3] / "config"


def run(*arguments: str, stdin: str = "", folder: Path = SHIPPED_CONFIGURATION) -> Result:
    settings = Context(folder)
    return CliRunner().invoke(route_command, arguments, input=stdin, obj=settings)


def test_each_line_of_standard_input_gets_one_json_line() -> None:
    result = run("--json", stdin="яма на тротуаре\n\nспасибо")

    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert [each["departments"] for each in answers] == [["roads"], [], []]
    assert 0 < answers[0]["confidence"] <= 1
    assert {
        "department": "roads",
        "rule": "keyword: яма",
        "words": ["яма"],
    } in answers[0]["reasons"]


def test_arguments_are_explained_in_russian() -> None:
    result = run("Батареи ледяные", "Спасибо")

    assert result.exit_code == 0
    assert "Департамент жилищно-коммунального хозяйства" in result.stdout
    assert "не определено" in result.stdout


def test_broken_mapping_is_told_by_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "departments.yaml").write_text("departments:\n- {key: 1}\n", encoding="utf-8")

    result = run("яма", folder=tmp_path)

    assert result.exit_code == 1
    assert "departments.yaml:2" in result.output


def test_a_fresh_clone_has_the_second_voice_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BRIDGE_MODELS")
    monkeypatch.setenv("BRIDGE_DATA", str(tmp_path / "var"))

    result = run("--json", "Маршрутка не приехала")

    answer = json.loads(result.stdout)
    assert answer["departments"] == ["transport"]
    assert any(each["rule"].startswith("likeness: ") for each in answer["reasons"])
    assert set(answer) == {"departments", "confidence", "reasons"}
