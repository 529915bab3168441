"""What corrected routes suggest to whoever edits the mapping."""

import pytest

from bridge.config.document import parse_document
from bridge.routing import DepartmentMapping
from bridge.routing.suggestions import Correction, SpokenFor, Suggestion, suggest

MAPPING = """
departments:
- {key: roads, name: Дороги, keywords: [яма, тротуар]}
- {key: sport, name: Спорт, keywords: [каток], phrases: [лед залить]}
"""


@pytest.fixture
def mapping() -> DepartmentMapping:
    return parse_document(MAPPING, DepartmentMapping, "departments.yaml")


def misread(ticket: str, text: str) -> Correction:
    """The pavement is slippery; the bridge thought of the ice rink."""
    return Correction(ticket, text, ("sport",), ("roads",), (SpokenFor("sport", "keyword: каток"),))


def by_department(
    corrections: list[Correction], mapping: DepartmentMapping
) -> dict[str, Suggestion]:
    return {each.department: each for each in suggest(corrections, mapping)}


def test_frequent_words_that_no_rule_of_the_department_has_are_named(
    mapping: DepartmentMapping,
) -> None:
    corrections = [
        misread("#1", "на тротуарах каток, слякоть"),
        misread("#2", "каток у дома, такая слякоть!"),
        misread("#3", "Ледяной каток вместо тротуара"),
    ]
    roads = by_department(corrections, mapping)["roads"]
    assert roads.words == (("каток", 3), ("слякоть", 2))
    assert [each.ticket for each in roads.missed] == ["#1", "#2", "#3"]


def test_a_rule_that_misled_is_counted_for_the_department_that_it_named(
    mapping: DepartmentMapping,
) -> None:
    sport = by_department([misread("#1", "каток"), misread("#2", "каток")], mapping)["sport"]
    assert sport.misleading == (("keyword: каток", 2),)
    assert sport.missed == ()


def test_a_department_that_was_rightly_proposed_is_not_in_the_list(
    mapping: DepartmentMapping,
) -> None:
    both = Correction("#1", "каток и яма", ("sport",), ("roads", "sport"))
    assert set(by_department([both], mapping)) == {"roads"}


def test_departments_that_the_mapping_no_longer_has_are_passed_over(
    mapping: DepartmentMapping,
) -> None:
    assert suggest([Correction("#1", "маршрутка", ("transport",), ("buses",))], mapping) == ()
