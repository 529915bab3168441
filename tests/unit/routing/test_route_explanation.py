import re

from bridge.routing import (
    DepartmentMapping,
    Router,
    explain_in_russian,
    explain_rules_in_russian,
)


def test_staff_read_the_department_and_the_words_that_named_it(
    router: Router, default_mapping: DepartmentMapping
) -> None:
    route = router.route("Яма на дороге, чуть колесо не оставила")

    told = explain_in_russian(route, default_mapping)

    assert told.startswith("Подразделение: Департамент дорог и благоустройства (по словам «Яма")
    assert "\n" not in told


def test_staff_read_each_of_several_departments(
    router: Router, default_mapping: DepartmentMapping
) -> None:
    route = router.route("Батареи ледяные, и яма на дороге")

    first, *departments = explain_in_russian(route, default_mapping).split("\n")

    assert first == "Вопросы относятся к нескольким подразделениям:"
    assert len(departments) == len(route.departments)
    assert "— Департамент дорог и благоустройства (по словам «яма … дороге»)." in departments


def test_several_departments_that_are_not_sure_are_called_possible(
    router: Router, default_mapping: DepartmentMapping
) -> None:
    route = router.route("Батареи ледяные, и яма у подъезда")

    assert route.confidence < default_mapping.confidence_threshold
    assert explain_in_russian(route, default_mapping).startswith("Возможно, вопросы относятся")


def test_staff_are_spared_what_only_editors_of_the_rules_need(
    router: Router, default_mapping: DepartmentMapping
) -> None:
    route = router.route("Батареи ледяные, и яма у подъезда")

    told = explain_in_russian(route, default_mapping)

    assert default_mapping.version not in told
    assert not re.search(r"%|\||ключевое слово", told)


def test_a_long_list_of_words_is_cut(router: Router, default_mapping: DepartmentMapping) -> None:
    message = "Яма на дороге, тротуара нет, снег не чищен, фонари не горят, светофор не работает"

    told = explain_in_russian(router.route(message), default_mapping)

    assert told.count("«") == 4
    assert told.endswith(" и другие).")


def test_a_weak_guess_is_called_possible(
    router: Router, default_mapping: DepartmentMapping
) -> None:
    route = router.route("ну и вонь")

    assert route.confidence < default_mapping.confidence_threshold
    assert explain_in_russian(route, default_mapping).startswith("Возможное подразделение: ")


def test_staff_read_that_nothing_was_found(
    router: Router, default_mapping: DepartmentMapping
) -> None:
    assert "не определено" in explain_in_russian(router.route("Спасибо!"), default_mapping)


def test_danger_comes_first(router: Router, default_mapping: DepartmentMapping) -> None:
    told = explain_in_russian(router.route("Собака покусала ребёнка"), default_mapping)

    assert told.startswith("Важно: опасность для жизни или здоровья («Собака … покусала»).")


def test_editors_read_rules_confidence_and_version(
    router: Router, default_mapping: DepartmentMapping
) -> None:
    route = router.route("Батареи ледяные, и яма у подъезда")

    told = explain_rules_in_russian(route, default_mapping)

    assert "— Департамент жилищно-коммунального хозяйства: «Батареи … ледяные»" in told
    assert "— Департамент дорог и благоустройства: «яма» (ключевое слово: яма)." in told
    assert f"Уверенность: {round(route.confidence * 100)} %." in told
    assert f"Версия правил: {default_mapping.version}." in told


def test_editors_read_when_the_curator_decides(
    router: Router, default_mapping: DepartmentMapping
) -> None:
    weak = explain_rules_in_russian(router.route("ну и вонь"), default_mapping)
    nothing = explain_rules_in_russian(router.route("Спасибо!"), default_mapping)

    assert "решение принимает куратор" in weak
    assert "определяет куратор" in nothing
