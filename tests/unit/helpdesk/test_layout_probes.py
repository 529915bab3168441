"""Whatever an administrator changed or forgot in Redmine is named, with the remedy."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from bridge.findings import Finding, State
from bridge.helpdesk.layout import HelpdeskLayout
from bridge.helpdesk.layout_probes import layout_findings
from bridge.helpdesk.plugin_layout import PluginLayout

GROUPS = {"roads": "Департамент дорог", "housing": "Департамент ЖКХ"}

Damage = Callable[[dict[str, Any]], object]


def findings(answer: Mapping[str, Any], layout: HelpdeskLayout) -> list[Finding]:
    found = PluginLayout.model_validate(answer["layout"])
    return list(layout_findings(found, layout, GROUPS, found.groups.departments))


def test_a_redmine_as_configured_has_nothing_to_mend(
    layout_answer: dict[str, Any], layout: HelpdeskLayout
) -> None:
    states = {finding.name: finding.state for finding in findings(layout_answer, layout)}
    assert set(states.values()) == {State.OK}


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (lambda it: it["settings"].update(rest_api_enabled=False), "«Включить веб-сервис REST»"),
        (lambda it: it["settings"].update(issue_group_assignment=False), "назначение задач"),
        (lambda it: it.update(project=None), "Нет проекта или трекера"),
        (lambda it: it["project"].update(public=True), "общедоступный"),
        (lambda it: it["project"].update(active=False), "закрыт или в архиве"),
        (lambda it: it["tracker"].update(in_project=False), "в проекте нет трекера «Сообщение»"),
        (lambda it: it["statuses"].update(review=None), "нет статуса «Ответ на проверке»"),
        (lambda it: it["statuses"].pop("review"), "нет статуса «Ответ на проверке»"),
        (lambda it: it["statuses"]["placed"].update(closed=False), "«Размещено» должен быть закр"),
        (lambda it: it["statuses"]["new"].update(closed=True), "«Новое» должен быть открытым"),
        (lambda it: it["fields"].update(author=None), "нет поля «Автор»"),
        (lambda it: it["fields"]["author"].update(in_tracker=False), "«Автор» не включено"),
        (lambda it: it["fields"]["external_number"].update(filter=False), "как фильтр"),
        (lambda it: it["roles"].update(robot=None), "Учётной записи робота или его роли нет"),
        (lambda it: it["robot"].update(active=False), "заблокирована"),
        (lambda it: it["roles"]["robot"]["permissions"].remove("edit_issues"), "edit_issues"),
        (lambda it: it["roles"].update(curator=None), "Роли нет"),
        (
            lambda it: it["workflow"]["curator"]["review"].remove("approved"),
            "Не хватает: «Ответ на проверке» → «К размещению»",
        ),
        (lambda it: it["workflow"].pop("department"), "«На доработке» → «Ответ на проверке»"),
        (
            lambda it: it["initial_statuses"]["curator"].remove("new"),
            "новая задача сразу «Новое»",
        ),
        (
            lambda it: it["required_fields"]["curator"]["revision"].remove("revision_reason"),
            "обязательное поле revision_reason в «На доработке»",
        ),
        (lambda it: it["groups"].update(curators=None), "нет группы «Кураторы»"),
        (lambda it: it["groups"].update(leaders=None), "нет группы «Руководство»"),
        (lambda it: it["groups"]["departments"].pop("roads"), "нет группы «Департамент дорог»"),
        (
            lambda it: it["groups"]["departments"]["roads"].update(roles=[]),
            "группе «Департамент дорог» нельзя назначить задачу",
        ),
    ],
)
def test_damage_is_named(
    layout_answer: dict[str, Any], layout: HelpdeskLayout, damage: Damage, complaint: str
) -> None:
    damage(layout_answer["layout"])
    failed = [one for one in findings(layout_answer, layout) if one.state is State.FAIL]
    assert any(complaint in finding.text for finding in failed)
    assert all(finding.remedy for finding in failed)


def test_a_step_that_nobody_should_make_is_a_warning(
    layout_answer: dict[str, Any], layout: HelpdeskLayout
) -> None:
    layout_answer["layout"]["workflow"]["department"]["review"] = ["approved"]
    (warning,) = [one for one in findings(layout_answer, layout) if one.state is not State.OK]
    assert warning.state is State.WARN
    assert "«Ответ на проверке» → «К размещению»" in warning.text
