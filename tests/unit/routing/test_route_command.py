import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bridge.commands.context import Context
from bridge.commands.route import route_command
from bridge.mapping_keeping import keep_first
from bridge.routing import DepartmentMapping
from bridge.routing.mapping_document import write_mapping
from bridge.store.database import Store
from tests.store_contract.rows import NOW

pytestmark = pytest.mark.usefixtures("models_in_place", "no_store")

SHIPPED_CONFIGURATION = Path(__file__).parents[3] / "config"


@pytest.fixture
def no_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file rules where nothing was ever saved."""
    monkeypatch.setenv("BRIDGE_DATA", str(tmp_path / "absent"))


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
    file = tmp_path / "departments.yaml"
    file.write_text("departments:\n- {key: 1}\n", encoding="utf-8")

    result = run("--mapping", str(file), "яма")

    assert result.exit_code == 1
    assert "departments.yaml:2" in result.output


def test_the_version_in_force_rules_and_a_file_can_be_tried_against_it(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BRIDGE_STORE_URL", str(store.engine.url))
    of_sport = mapping_with_keyword("пухляшка", "sport")
    keep_first(store, of_sport, NOW)
    file = tmp_path / "departments.yaml"
    file.write_text(write_mapping(mapping_with_keyword("пухляшка", "roads")), encoding="utf-8")

    in_force = run("--json", "где пухляшка")
    tried = run("--json", "--mapping", str(file), "где пухляшка")

    assert json.loads(in_force.stdout)["departments"] == ["sport"]
    assert json.loads(tried.stdout)["departments"] == ["roads"]


def mapping_with_keyword(word: str, department: str) -> DepartmentMapping:
    return DepartmentMapping.model_validate(
        {
            "departments": [
                {"key": key, "name": key, "keywords": [word] if key == department else []}
                for key in ("roads", "sport")
            ]
        }
    )


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
