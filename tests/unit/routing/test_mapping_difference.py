"""People see what a version changes, in words; one's changes go on top of another's."""

from typing import Any

import pytest
from pydantic import ValidationError

from bridge.routing import DepartmentMapping
from bridge.routing.mapping_difference import (
    BothChanged,
    FieldChange,
    Kind,
    SectionChange,
    compare,
    put_on_top,
)

ROADS = {"key": "roads", "name": "Дороги", "keywords": ["яма", "дорога"]}
SPORT = {"key": "sport", "name": "Спорт", "keywords": ["каток"], "topic_codes": ["5"]}


def mapping(*departments: dict[str, Any], **settings: Any) -> DepartmentMapping:
    return DepartmentMapping.model_validate({"departments": departments, **settings})


BASE = mapping(ROADS, SPORT)


def test_words_that_came_and_went_are_told_by_department_and_field() -> None:
    after = mapping(ROADS | {"keywords": ["дорога", "ухаб"]}, SPORT)
    assert compare(BASE, after) == (
        SectionChange(
            "roads",
            "Дороги",
            Kind.CHANGED,
            (FieldChange("Ключевые слова", added=("ухаб",), removed=("яма",)),),
        ),
    )


def test_departments_that_came_and_went_are_told() -> None:
    buses = {"key": "buses", "name": "Автобусы", "keywords": ["маршрутка"]}
    added, removed = compare(BASE, mapping(ROADS, buses))
    assert (added.key, added.kind) == ("buses", Kind.ADDED)
    assert FieldChange("Ключевые слова", added=("маршрутка",)) in added.fields
    assert (removed.key, removed.kind) == ("sport", Kind.REMOVED)


def test_settings_are_told_as_people_write_them() -> None:
    after = mapping(
        ROADS | {"group": "Дорожники"},
        SPORT,
        confidence_threshold=0.65,
        default_departments={"vk-head": "roads"},
        synonyms={"яма": ["ухаб"]},
    )
    general, roads = compare(BASE, after)
    assert general.fields == (
        FieldChange("Порог уверенности", before="0,5", after="0,65"),
        FieldChange("Синонимы: «яма»", added=("ухаб",)),
        FieldChange("Подразделение канала: «vk-head»", before="", after="roads"),
    )
    assert roads.fields == (FieldChange("Группа в Redmine", before="", after="Дорожники"),)


def test_another_order_of_words_is_no_difference() -> None:
    assert compare(BASE, mapping(SPORT, ROADS | {"keywords": ["дорога", "яма"]})) == ()


def test_changes_of_other_departments_go_on_top_of_a_newer_version() -> None:
    theirs = mapping(ROADS | {"name": "Дороги города"}, SPORT, confidence_threshold=0.7)
    mine = mapping(ROADS, SPORT | {"keywords": ["лыжня"]}, several="curator")
    both = put_on_top(BASE, mine, theirs)
    assert both == mapping(
        ROADS | {"name": "Дороги города"},
        SPORT | {"keywords": ["лыжня"]},
        confidence_threshold=0.7,
        several="curator",
    )


def test_a_department_that_one_removed_and_one_that_the_other_added_stay_so() -> None:
    buses = {"key": "buses", "name": "Автобусы"}
    assert put_on_top(BASE, mapping(ROADS), mapping(ROADS, SPORT, buses)) == mapping(ROADS, buses)


def test_a_department_that_both_changed_is_named() -> None:
    mine = mapping(ROADS | {"keywords": ["яма"]}, SPORT)
    theirs = mapping(ROADS | {"keywords": ["дорога"]}, SPORT)
    with pytest.raises(BothChanged) as told:
        put_on_top(BASE, mine, theirs)
    assert told.value.names == ("Дороги",)


def test_the_same_change_of_both_is_no_conflict() -> None:
    same = mapping(ROADS | {"keywords": ["яма"]}, SPORT)
    assert put_on_top(BASE, same, same) == same


def test_changes_that_do_not_go_together_are_refused() -> None:
    mine = mapping(ROADS | {"topic_codes": ["7"]}, SPORT)
    theirs = mapping(ROADS, SPORT | {"topic_codes": ["7"]})
    with pytest.raises(ValidationError, match="topic code"):
        put_on_top(BASE, mine, theirs)
