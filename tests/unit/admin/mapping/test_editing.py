"""Departments are edited in a draft that outlives the browser; mistakes stand by their field."""

import pytest

from bridge.store.database import Store
from tests.store_contract.rows import add_ticket
from tests.unit.admin.conftest import ADMINISTRATOR, CURATOR, LEADER, Pages
from tests.unit.admin.mapping.conftest import Editor, Redmine, in_force, mapping, save_version


def test_departments_are_listed_with_group_words_and_load(editor: Editor, store: Store) -> None:
    with store.writing() as session:
        add_ticket(session)
    page = editor.read()
    assert "Действует версия 1" in page
    assert "Департамент дорог Дорожники 3 1" in page
    assert "Комитет по спорту Спорткомитет 1 0" in page


def test_what_is_typed_is_a_draft_and_changes_nothing_yet(
    editor: Editor, pages: Pages, store: Store
) -> None:
    page = editor.change("roads", keywords="яма\n\n  дорога \nухаб\nяма")
    assert "изменения в черновике" in page
    assert "ухаб" not in in_force(store)
    later = Editor(pages.as_(ADMINISTRATOR))
    assert later.form("/department/roads")["keywords"] == "яма\nдорога\nухаб"
    assert "Департамент дорог ! изменено" in later.read()


def test_a_form_that_is_sent_as_it_was_makes_no_draft(editor: Editor) -> None:
    editor.change("roads")
    assert "Черновик" not in editor.read()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("яма\nснег!", "Строка 2: «снег!» — не понятно «снег!». Годится русское слово"),
        ("яма, ухаб", "Каждое слово или словосочетание пишется с новой строки"),
        ("об*", "Перед «*» нужны хотя бы три буквы"),
        ("снег чистить|", "Варианты соединяет знак «|» без пробелов"),
        ("snow", "«snow» — не понятно «snow»"),
        ("я" * 301, "длиннее 300 знаков"),
    ],
)
def test_a_word_that_is_not_understood_is_told_with_its_line_and_what_would_be_right(
    editor: Editor, typed: str, told: str
) -> None:
    page = editor.change("roads", code=400, keywords=typed)
    assert told in page
    assert "Черновик" not in editor.read()


def test_what_belongs_to_another_department_is_refused(editor: Editor) -> None:
    page = editor.change("sport", code=400, topic_codes="11.2", name="Департамент ЖКХ")
    assert "Строка 1: рубрика «11.2» уже у подразделения «Департамент дорог»." in page
    assert "Подразделение «Департамент ЖКХ» уже есть." in page


def test_a_department_is_added_with_a_group_that_redmine_has(editor: Editor) -> None:
    form = editor.form("/new") | {
        "key": "parks",
        "name": "Зелёное хозяйство",
        "group": "Зелёное хозяйство",
        "keywords": "клумба",
    }
    assert "Выберите группу" in editor.send("/new", 400, **(form | {"group": ""}))
    assert "Ключ «roads» уже занят" in editor.send("/new", 400, **(form | {"key": "roads"}))
    assert "латинскими" in editor.send("/new", 400, **(form | {"key": "Парки"}))
    editor.send("/new", **form)
    assert "Зелёное хозяйство ! изменено Зелёное хозяйство 1 0" in editor.read()


def test_a_department_with_open_tickets_is_not_removed_and_they_are_told(
    editor: Editor, store: Store
) -> None:
    with store.writing() as session:
        add_ticket(session).issue_id = 4711
    page = editor.send("/department/roads/remove")
    assert "У подразделения «Департамент дорог» 1 открытая карточка: #4711" in page
    assert "Черновик" not in editor.read()


def test_a_department_that_has_nothing_to_do_is_removed(editor: Editor) -> None:
    assert "удалено из черновика" in editor.send("/department/sport/remove")
    assert "Спорткомитет" not in editor.read().split("Подразделения", 3)[-1]


def test_a_department_that_a_channel_names_is_not_removed(editor: Editor, store: Store) -> None:
    save_version(store, mapping(default_departments={"vk-head": "sport"}))
    assert "указано в общих настройках" in editor.send("/department/sport/remove")


def test_settings_are_typed_as_people_write_them(editor: Editor) -> None:
    form = editor.form("/settings")
    assert form["threshold"] == "50"
    sent = form | {"threshold": "62,5", "several": "split", "default.vk-head": "roads"}
    editor.send("/settings", **sent)
    draft = editor.read("/draft")
    assert "Порог уверенности 0,5 → 0,625" in draft
    assert "решает куратор → каждому своя карточка" in draft
    assert "Подразделение канала: «vk-head» — → roads" in draft


def test_settings_that_cannot_be_are_refused_beside_the_field(editor: Editor) -> None:
    sent = {"threshold": "150", "several": "?", "default.vk-head": "moon", "exclusions": "ой!"}
    page = editor.send("/settings", 400, **sent)
    for told in (
        "Нужно число от 0 до 100",
        "Выберите одно из двух",
        "Такого подразделения нет",
        "Строка 1: «ой!»",
    ):
        assert told in page


def test_a_form_can_be_filled_in_while_redmine_is_away(editor: Editor, redmine: Redmine) -> None:
    redmine.is_away()
    assert "Redmine не отвечает: список групп не получен" in editor.read("/department/roads")
    assert "в черновике" in editor.change("roads", keywords="яма")
    assert "Дорожники" in editor.form("/department/roads")["group"]


@pytest.mark.usefixtures("editor")
def test_curators_look_and_cannot_change(pages: Pages) -> None:
    curator = Editor(pages.as_(CURATOR))
    for path in ("", "/department/roads", "/settings", "/try", "/suggestions", "/history"):
        curator.read(path)
    assert "Записать в черновик" not in curator.read("/department/roads")
    for path in ("/draft", "/recent", "/new"):
        curator.read(path, code=403)
    for path in (
        "/department/roads",
        "/department/roads/remove",
        "/new",
        "/settings",
        "/draft/save",
        "/draft/discard",
        "/draft/put-on-top",
        "/versions/1/restore",
        "/import",
        "/suggestions/add",
        "/suggestions/remove",
    ):
        curator.send(path, code=403)


def test_whoever_only_leads_does_not_see_the_page(pages: Pages) -> None:
    Editor(pages.as_(LEADER)).read(code=403)


def test_a_department_that_is_not_there_is_no_page(editor: Editor) -> None:
    editor.read("/department/moon", code=404)
    editor.send("/department/moon", code=404)
    editor.send("/department/moon/remove", code=404)


def test_hostile_words_are_shown_as_words(editor: Editor, pages: Pages) -> None:
    hostile = '<script>alert("1")</script>'
    sent = editor.form("/department/roads") | {"keywords": hostile, "name": hostile}
    answer = pages.as_(ADMINISTRATOR).post("/admin/mapping/department/roads", data=sent)
    assert answer.status_code == 400
    assert hostile not in answer.text
