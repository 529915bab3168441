"""Saving makes a version with author, time, note and difference; any of them can come back."""

import io

import pytest

from bridge.config.document import parse_document
from bridge.routing import DepartmentMapping
from bridge.routing.mapping_document import write_mapping
from bridge.store import audit, mapping_versions
from bridge.store.audit import AuditSearch
from bridge.store.database import Store
from bridge.store.mapping_versions import NewVersion
from tests.store_contract.rows import add_ticket
from tests.unit.admin.conftest import NOW, Pages
from tests.unit.admin.mapping.conftest import (
    GROUPS,
    Editor,
    Redmine,
    in_force,
    mapping,
    save_version,
)


def _deeds(store: Store) -> list[tuple[str, str, str]]:
    with store.reading() as session:
        rows = audit.page(session, AuditSearch(), limit=10)
    return [(row.actor, row.action, row.subject) for row in rows]


@pytest.mark.scenario(23)
def test_a_saved_version_rules_at_once_and_is_in_history_and_audit(
    editor: Editor, pages: Pages, store: Store
) -> None:
    editor.change("roads", keywords="дорога\nухаб")
    draft = editor.read("/draft")
    assert "Ключевые слова добавлено ухаб убрано яма" in draft
    page = editor.send("/draft/save", note="Жители пишут «ухаб»")
    assert "Сохранена версия 2" in page
    assert "Отличия от версии 1 Департамент дорог Ключевые слова добавлено ухаб убрано яма" in page
    assert "ухаб" in in_force(store)
    assert pages.parts.office.mapping == mapping(roads={"keywords": ["дорога", "ухаб"]})
    assert "Версия 2 ✓ действует 23.11.2026 18:30 chief Жители пишут «ухаб»" in editor.read(
        "/history"
    )
    assert _deeds(store)[0] == ("chief", "mapping_saved", "mapping:2")
    assert "Черновик" not in editor.read()


def test_a_version_is_not_saved_without_a_note(editor: Editor, store: Store) -> None:
    editor.change("roads", keywords="дорога")
    assert "Напишите, зачем меняете" in editor.send("/draft/save", 400, note="  ")
    assert "яма" in in_force(store)


def test_a_group_that_redmine_does_not_have_is_refused_with_what_to_do(
    editor: Editor, redmine: Redmine, store: Store
) -> None:
    editor.change("roads", keywords="дорога")
    redmine.has(*GROUPS[1:])
    told = (
        "В Redmine нет группы «Дорожники» (подразделение «Департамент дорог»): создайте её"
        " (Администрирование → Группы) и дайте ей роль «Исполнитель» в проекте, или выберите"
        " другую."
    )
    assert told in editor.read("/draft")
    assert told in editor.send("/draft/save", 400, note="зачем")
    assert "яма" in in_force(store)


def test_a_group_without_a_role_that_gets_tickets_is_as_good_as_none(
    editor: Editor, redmine: Redmine
) -> None:
    editor.change("roads", keywords="дорога")
    redmine.has(*GROUPS, role="Руководитель")
    assert "В Redmine нет группы «Дорожники»" in editor.send("/draft/save", 400, note="зачем")


def test_while_redmine_is_away_nothing_is_saved_and_the_draft_stays(
    editor: Editor, redmine: Redmine, store: Store
) -> None:
    editor.change("roads", keywords="дорога")
    redmine.is_away()
    assert "Redmine не отвечает" in editor.send("/draft/save", 400, note="зачем")
    assert "яма" in in_force(store)
    redmine.has(*GROUPS)
    assert "Сохранена версия 2" in editor.send("/draft/save", note="зачем")


def test_another_group_for_a_department_at_work_is_a_warning(editor: Editor, store: Store) -> None:
    with store.writing() as session:
        add_ticket(session).issue_id = 12
    editor.change("roads", group="Зелёное хозяйство")
    assert "а на прежней 1 открытая карточка: #12" in editor.read("/draft")


def test_tickets_that_came_to_a_removed_department_meanwhile_refuse_the_version(
    editor: Editor, store: Store
) -> None:
    editor.send("/department/roads/remove")
    with store.writing() as session:
        add_ticket(session)
    assert "1 открытая карточка" in editor.send("/draft/save", 400, note="зачем")
    assert "roads" in in_force(store)


def test_whoever_saves_second_sees_what_came_meanwhile_and_goes_on_top_of_it(
    editor: Editor, store: Store
) -> None:
    editor.change("roads", keywords="дорога\nухаб")
    save_version(store, mapping(sport={"keywords": ["каток", "лыжня"]}))
    refused = editor.send("/draft/save", 409, note="зачем")
    assert "Тем временем сохранена версия 2" in refused
    assert "petrov: «правка 2»" in refused
    assert "Комитет по спорту Ключевые слова добавлено лыжня" in refused
    assert "поверх версии 2" in editor.send("/draft/put-on-top")
    assert "Сохранена версия 3" in editor.send("/draft/save", note="зачем")
    assert "лыжня" in in_force(store)
    assert "ухаб" in in_force(store)


def test_a_department_that_both_changed_is_not_overwritten(editor: Editor, store: Store) -> None:
    editor.change("roads", keywords="дорога\nухаб")
    save_version(store, mapping(roads={"keywords": ["яма"]}))
    page = editor.send("/draft/put-on-top")
    assert "И вы, и автор версии 2 изменили: Департамент дорог." in page
    editor.send("/draft/save", 409, note="зачем")
    assert "ухаб" not in in_force(store)


def test_changes_that_do_not_go_with_the_newer_version_are_told(
    editor: Editor, store: Store
) -> None:
    editor.change("roads", topic_codes="5")
    save_version(store, mapping(sport={"topic_codes": ["5"]}))
    assert "не сочетаются с версией 2" in editor.send("/draft/put-on-top")


def test_a_discarded_draft_is_gone(editor: Editor) -> None:
    editor.change("roads", keywords="ухаб")
    assert "Черновик удалён" in editor.send("/draft/discard")
    assert editor.form("/department/roads")["keywords"] == "яма\nдорога"
    assert "Сохранять нечего" in editor.send("/draft/save", note="зачем")


@pytest.mark.scenario(23)
def test_an_older_version_comes_back_as_a_new_one(editor: Editor, store: Store) -> None:
    save_version(store, mapping(roads={"keywords": ["ухаб"]}))
    assert "добавлено ухаб убрано яма дорога" in editor.read("/versions/1")
    page = editor.send("/versions/1/restore", in_force="2", note="ошиблись")
    assert "Действует версия 3. Возвращена версия 1: ошиблись." in page
    assert "яма" in in_force(store)
    assert _deeds(store)[0] == ("chief", "mapping_restored", "mapping:3")


def test_a_version_that_is_not_the_one_seen_is_not_replaced(editor: Editor, store: Store) -> None:
    save_version(store, mapping(roads={"keywords": ["ухаб"]}))
    save_version(store, mapping(roads={"keywords": ["колея"]}))
    page = editor.send("/versions/1/restore", in_force="2", note="")
    assert "Тем временем сохранена версия 3" in page
    assert "колея" in in_force(store)
    editor.send("/versions/1/restore", 400, in_force="x")


def test_an_older_version_with_a_group_that_is_gone_does_not_come_back(
    editor: Editor, redmine: Redmine, store: Store
) -> None:
    save_version(store, mapping(roads={"group": "Зелёное хозяйство"}))
    redmine.has(*GROUPS[1:])
    page = editor.send("/versions/1/restore", in_force="2", note="")
    assert "В Redmine нет группы «Дорожники»" in page
    assert "Зелёное хозяйство" in in_force(store)


def test_a_version_travels_as_a_file(editor: Editor, store: Store) -> None:
    answer = editor.client.get("/admin/mapping/versions/1/departments.yaml")
    assert answer.headers["Content-Disposition"] == "attachment; filename=departments.yaml"
    assert answer.text.startswith("# Соответствие подразделений. Версия 1 от 23.11.2026 18:30")
    assert parse_document(answer.text, DepartmentMapping, "f") == mapping()
    changed = answer.text.replace("яма", "ухаб")
    page = editor.send("/import", file=(io.BytesIO(changed.encode()), "departments.yaml"))
    assert "Файл загружен в черновик" in page
    assert "добавлено ухаб убрано яма" in page
    assert "яма" in in_force(store)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"departments:\n- {key: roads, name: x, keywords: [a!]}\n", "departments.yaml:2"),
        (b"- [", "is not YAML"),
        ("яма".encode("cp1251"), "в кодировке UTF-8"),
    ],
)
def test_a_file_that_is_wrong_is_told_by_line(editor: Editor, content: bytes, told: str) -> None:
    page = editor.send("/import", 400, file=(io.BytesIO(content), "departments.yaml"))
    assert told in page
    assert "Черновик" not in editor.read("/history")


def test_a_file_with_nothing_new_and_no_file_at_all_are_told(editor: Editor) -> None:
    same = io.BytesIO(write_mapping(mapping()).encode())
    assert "ничего не изменилось" in editor.send("/import", file=(same, "departments.yaml"))
    assert "Файл не выбран" in editor.send("/import", 400)


def test_history_is_paged(editor: Editor, store: Store) -> None:
    for number in range(55):
        save_version(store, mapping(roads={"keywords": [f"яма № {number}"]}))
    newest = editor.read("/history")
    assert "Версия 56 ✓ действует" in newest
    assert "Версия 6 " not in newest
    assert "Версия 6 " in editor.read("/history?before=7")
    editor.read("/history?before=abc")


def test_a_version_that_is_not_there_is_no_page(editor: Editor) -> None:
    for path in ("/versions/9", "/versions/9/departments.yaml"):
        editor.read(path, code=404)
    editor.send("/versions/9/restore", code=404, in_force="1")


def test_a_version_of_a_newer_program_is_told(editor: Editor, store: Store) -> None:
    with store.writing() as session:
        mapping_versions.add(session, NewVersion(NOW, "a", "n", "novelty: 1\n", "f" * 12), after=1)
    assert "сохранила более новая программа" in editor.read(code=500)


def test_where_nothing_was_ever_saved_the_file_is_edited(pages: Pages, redmine: Redmine) -> None:
    from tests.unit.admin.conftest import ADMINISTRATOR

    editor = Editor(pages.as_(ADMINISTRATOR))
    assert "Действует файл departments.yaml" in editor.read()
    redmine.has(*pages.parts.office.department_groups.values())
    editor.change("sport", priority="7")
    assert "Сохранена версия 1" in editor.send("/draft/save", note="зачем")
