"""`bridge learn` and `bridge suggestions` as an administrator uses them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bridge.cli import main
from bridge.store import route_corrections
from bridge.store.database import Store
from tests.store_contract.rows import NOW, new_ticket

Run = Callable[..., Result]


@pytest.fixture
def run(store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.setenv("BRIDGE_STORE_URL", str(store.engine.url))
    monkeypatch.setenv("BRIDGE_DATA", str(tmp_path))

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(main, arguments)

    return invoke


@pytest.fixture
def corrected(store: Store) -> None:
    ticket = new_ticket(store)
    with store.writing() as session:
        route_corrections.save(
            session,
            ticket_id=ticket,
            proposed=["sport"],
            chosen=["roads"],
            reasons=[{"department": "sport", "rule": "keyword: каток", "words": ["каток"]}],
            mapping_version="m1",
            model_version="v1",
            now=NOW,
        )


def test_a_new_office_has_a_model_after_learning_and_is_told_what_is_missing(
    run: Run, tmp_path: Path
) -> None:
    result = run("learn")
    assert result.exit_code == 0
    assert "Закрытых карточек пока мало" in result.stdout
    assert [path.suffix for path in (tmp_path / "models").iterdir()] == [".npz"]


def test_learning_answers_in_json(run: Run) -> None:
    answer = json.loads(run("learn", "--json").stdout)
    assert answer["lesson"] == "too_few"
    assert set(answer) >= {"learnt_from", "held_back", "exact", "former_exact", "version"}


@pytest.mark.usefixtures("corrected")
def test_suggestions_name_the_ticket_and_the_rule_that_misled(run: Run) -> None:
    told = run("suggestions").stdout
    assert "Департамент дорог и благоустройства (roads)" in told
    assert "vk:feed:wall-1_2_r1: Яма на дороге" in told
    assert "keyword: каток (1)" in told


@pytest.mark.usefixtures("corrected")
def test_suggestions_answer_in_json(run: Run) -> None:
    roads, sport = json.loads(run("suggestions", "--json").stdout)
    assert (roads["department"], roads["missed"][0]["chosen"]) == ("roads", ["roads"])
    assert sport["misleading"] == [{"rule": "keyword: каток", "messages": 1}]


def test_an_office_without_corrections_is_told_so(run: Run) -> None:
    assert "не исправляли" in run("suggestions").stdout


def test_a_store_that_was_never_made_is_told(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("BRIDGE_STORE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    result = run("suggestions")
    assert result.exit_code == 1
    assert "bridge up" in result.output
