from pathlib import Path

import pytest

from bridge.config.document import ConfigError, parse_document
from bridge.routing import DepartmentMapping, load_mapping

ONE = "departments: [{key: roads, name: Дороги, keywords: [яма]}]"


def parse(text: str) -> DepartmentMapping:
    return parse_document(text, DepartmentMapping, "departments.yaml")


def test_version_changes_with_the_rules_and_with_nothing_else() -> None:
    same_rules = (
        "# a comment\ndepartments:\n  - key: roads\n    name: Дороги\n    keywords: [яма]\n"
    )

    assert parse(ONE).version == parse(same_rules).version
    assert parse(ONE).version != parse(ONE.replace("яма", "ухаб")).version


def test_group_is_the_departments_name_unless_given() -> None:
    mapping = parse(
        "departments: [{key: roads, name: Дороги}, {key: sport, name: Спорт, group: ФОК}]"
    )

    assert mapping.department("roads").group_name == "Дороги"
    assert mapping.department("sport").group_name == "ФОК"


def test_topic_code_of_a_source_system_leads_to_its_department() -> None:
    mapping = parse("departments: [{key: roads, name: Дороги, topic_codes: ['12.1']}]")

    department = mapping.department_of_topic("12.1")
    assert department is not None
    assert department.key == "roads"
    assert mapping.department_of_topic("99") is None


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("departments: []", "at least 1 item"),
        ("departments: [{key: Дороги, name: Дороги}]", "departments.0.key"),
        ("departments: [{key: roads, name: Дороги, keyword: [яма]}]", "departments.0.keyword"),
        ("departments: [{key: a, name: Один}, {key: a, name: Два}]", "more than once: a"),
        ("departments: [{key: a, name: Один}, {key: b, name: Один}]", "more than once: Один"),
        (
            "departments:\n- {key: a, name: Один, topic_codes: ['1']}\n"
            "- {key: b, name: Два, topic_codes: ['1']}",
            "topic code is given more than once: 1",
        ),
        (f"default_departments: {{vk: sport}}\n{ONE}", "known keys: roads"),
        ("departments: [{key: a, name: Один, keywords: ['']}]", "at least one word"),
        ("departments: [{key: a, name: Один, phrases: ['снег, лёд']}]", "'снег,'"),
    ],
)
def test_mistake_is_told_with_its_place_and_what_would_be_right(text: str, complaint: str) -> None:
    with pytest.raises(ConfigError, match=r"departments\.yaml:\d+") as caught:
        parse(text)

    assert complaint in str(caught.value)


def test_missing_file_is_told_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.yaml"):
        load_mapping(tmp_path / "nowhere.yaml")
