"""The page that maps each clause to its setting, code and tests, against what is there."""

from pathlib import Path

import pytest

from bridge.config.document import load_document
from bridge.settings import PROJECT
from bridge.sla.policy import Clocks, SlaSettings
from bridge.sla.readings import Readings
from tests.clauses.citations import Cited, cited_in
from tests.clauses.cited_code import cited_code
from tests.clauses.cited_settings import Setting, cited_settings
from tests.clauses.evidence import Evidence
from tests.clauses.gaps import gaps
from tests.clauses.marked_tests import MarkedTest, marked_tests
from tests.clauses.page import PAGE, render
from tests.clauses.regulation import and_above

KNOWN = ("3.2", "3.3", "3.5", "3.6", "3.7", "3.7.1")


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return Evidence(PROJECT)


def test_the_page_is_what_the_tree_says(evidence: Evidence) -> None:
    written = (PROJECT / PAGE).read_text(encoding="utf-8")
    assert written == render(evidence), "out of date: run scripts/clauses"


def test_every_clause_reading_and_scenario_has_what_carries_it_out(evidence: Evidence) -> None:
    assert list(gaps(evidence)) == []


def test_every_clock_and_reading_of_the_model_says_its_clause_where_it_is_set(
    evidence: Evidence,
) -> None:
    said = {setting.key for setting in evidence.settings if setting.file == "sla.yaml"}
    readings = {f"readings.{name}" for name in Readings.model_fields}
    clocks = {f"common.{name}" for name in Clocks.model_fields}
    # How channels share a message is ours, answers differ by policy, Perm has no first reaction.
    uncited = {"readings.two_policies", "common.answer", "common.first_reaction"}
    assert (readings | clocks) - uncited <= said
    policies = load_document(PROJECT / "config" / "sla.yaml", SlaSettings).policies
    assert {f"policies.{key}.answer" for key in policies} <= said


def test_what_a_note_cites_is_a_clause_that_code_knows(evidence: Evidence) -> None:
    cited = {clause for clauses in evidence.notes.values() for clause in clauses}
    containers = {
        number for number, demand in evidence.regulation.clauses.items() if not demand.rule
    }
    assert [clause for clause in cited - containers if not any(evidence.code_of(clause))] == []


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("clauses 3.2, 3.3", Cited(frozenset({"3.2", "3.3"}))),
        ("(3.2–3.3), readings 4 to 6", Cited(frozenset({"3.2", "3.3"}), frozenset({4, 5, 6}))),
        ("9. Sending back late (readings 7 and 8)", Cited(readings=frozenset({7, 8, 9}))),
        ("a reason is 3.7.1.", Cited(frozenset({"3.7.1"}))),
        ("Redmine 3.5.1, Python 3.11, 13.5, shown as «п. 3.3»", Cited()),
    ],
)
def test_numbers_are_told_from_versions_and_examples(text: str, cited: Cited) -> None:
    assert cited_in(text, KNOWN) == cited


def test_a_key_is_cited_by_comments_by_its_clause_and_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "sla.yaml"
    path.write_text(
        """\
# All of it (3.2).

common:
  placement:
    clause: "3.5"
    term: {unit: elapsed, minutes: 30}
    # Reading 9.
    stops: placed
  silent: 1
list:
  - key: reasons
    hint: Пункт 3.7
    "3.7.1": формальный  # 3.6
""",
        encoding="utf-8",
    )
    assert list(cited_settings(path, KNOWN)) == [
        Setting("sla.yaml", "", Cited(frozenset({"3.2"}))),
        Setting(
            "sla.yaml",
            "common.placement",
            Cited(frozenset({"3.5"})),
            term="{unit: elapsed, minutes: 30}",
        ),
        Setting("sla.yaml", "common.placement.stops", Cited(readings=frozenset({9})), "placed"),
        Setting("sla.yaml", "list.reasons", Cited(frozenset({"3.7"}))),
        Setting("sla.yaml", "list.reasons.3.7.1", Cited(frozenset({"3.7.1", "3.6"})), "формальный"),
    ]


def test_code_is_cited_by_the_innermost_definition(tmp_path: Path) -> None:
    path = tmp_path / "rules.py"
    path.write_text(
        '''\
"""All of 3.2."""


class Board:
    """Nothing."""

    due: int
    """Clause 3.5."""

    def stop(self) -> None:
        version = "3.6"  # reading 2


def plain() -> None:
    """Nothing either."""
''',
        encoding="utf-8",
    )
    assert [(place.name, place.cited) for place in cited_code(path, KNOWN)] == [
        ("", Cited(frozenset({"3.2"}))),
        ("Board", Cited(frozenset({"3.5"}))),
        ("Board.stop", Cited(readings=frozenset({2}))),
    ]


def test_a_test_is_marked_by_itself_its_class_and_its_module(tmp_path: Path) -> None:
    path = tmp_path / "test_rules.py"
    path.write_text(
        """\
pytestmark = [pytest.mark.clause("3.5")]

class TestBoard:
    @pytest.mark.scenario(1, 2)
    def test_one(self) -> None: ...

@pytest.mark.parametrize("x", [1])
def test_two(x: int) -> None: ...

def helper() -> None: ...
""",
        encoding="utf-8",
    )
    assert list(marked_tests(path)) == [
        MarkedTest(path, "test_one", "clause", "3.5"),
        MarkedTest(path, "test_one", "scenario", "1"),
        MarkedTest(path, "test_one", "scenario", "2"),
        MarkedTest(path, "test_two", "clause", "3.5"),
    ]


def test_a_clause_is_part_of_those_above_it() -> None:
    assert and_above("3.7.1") == ("3.7.1", "3.7")
    assert and_above("3.7") == ("3.7",)
