from bridge.routing import DepartmentMapping, Router, explain_in_russian


def test_note_names_departments_words_rules_and_version(
    router: Router, default_mapping: DepartmentMapping
) -> None:
    route = router.route("Батареи ледяные, и яма у подъезда")

    note = explain_in_russian(route, default_mapping)

    assert "— Департамент жилищно-коммунального хозяйства: «Батареи … ледяные»" in note
    assert "— Департамент дорог и благоустройства: «яма» (ключевое слово: яма)." in note
    assert f"Уверенность: {round(route.confidence * 100)} %." in note
    assert f"Версия правил: {default_mapping.version}." in note


def test_note_says_that_the_curator_decides_when_nothing_was_found(
    router: Router, default_mapping: DepartmentMapping
) -> None:
    note = explain_in_russian(router.route("Спасибо!"), default_mapping)

    assert "не определено" in note
    assert "определяет куратор" in note


def test_note_warns_of_low_confidence(router: Router, default_mapping: DepartmentMapping) -> None:
    route = router.route("ну и вонь")

    assert route.confidence < default_mapping.confidence_threshold
    assert "решение принимает куратор" in explain_in_russian(route, default_mapping)


def test_note_begins_with_the_danger(router: Router, default_mapping: DepartmentMapping) -> None:
    note = explain_in_russian(router.route("Собака покусала ребёнка"), default_mapping)

    assert note.startswith("Важно: опасность для жизни или здоровья («Собака … покусала»).")
