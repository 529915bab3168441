"""A version of the mapping travels as a file and is the same where it arrives."""

from bridge.config.document import parse_document
from bridge.routing import DepartmentMapping
from bridge.routing.mapping_document import write_mapping

SMALL = DepartmentMapping.model_validate(
    {
        "default_departments": {"vk-head": "roads"},
        "synonyms": {"снег": ["сугроб"]},
        "departments": [
            {
                "key": "roads",
                "name": "Дороги: «все»",
                "keywords": ["яма", "=парковом", "обледен*", "№"],
                "phrases": ["снег чистить|вывезти"],
                "topic_codes": ["11.2", "yes"],
                "territory": {"streets": ["Мира"]},
            }
        ],
    }
)


def test_the_shipped_mapping_comes_back_as_it_was(default_mapping: DepartmentMapping) -> None:
    text = write_mapping(default_mapping)
    read = parse_document(text, DepartmentMapping, "departments.yaml")
    assert read == default_mapping
    assert read.version == default_mapping.version


def test_every_kind_of_pattern_and_code_comes_back_as_it_was() -> None:
    assert parse_document(write_mapping(SMALL), DepartmentMapping, "f") == SMALL


def test_a_person_can_read_the_file_and_what_it_says_of_itself() -> None:
    text = write_mapping(SMALL, ["Версия 3", "", "зачем"])
    assert text.startswith("# Версия 3\n#\n# зачем\nconfidence_threshold: 0.5\n")
    assert "  keywords: [яма, =парковом, обледен*, №]\n" in text
    assert "hints" not in text
