"""Before a change is saved, one sees where messages would go: one's own and the last real ones."""

from datetime import timedelta

from bridge.store.database import Store
from bridge.store.models import MessageRow
from tests.store_contract.rows import add_ticket
from tests.unit.admin.conftest import CURATOR, Pages
from tests.unit.admin.mapping.conftest import Editor


def _arrived(store: Store, *texts: str) -> None:
    with store.writing() as session:
        for number, text in enumerate(texts, start=1):
            ticket = add_ticket(session, number)
            ticket.issue_id = 100 + number
            message = session.get_one(MessageRow, ticket.message_id)
            message.text = text
            message.received_at += timedelta(minutes=number)


def test_a_message_is_routed_by_the_draft_and_by_the_version_in_force(editor: Editor) -> None:
    editor.change("sport", keywords="каток\nкочка")
    page = editor.send("/try", text="На поле одна кочка")
    in_force, draft = page.split("Действующая версия 1")[1].split("Черновик")
    assert "Решает куратор, предложений нет." in in_force
    assert "иначе, чем сейчас" in draft
    assert "Сразу: Комитет по спорту." in draft
    assert "«кочка» (ключевое слово: кочка)" in draft
    assert "Решали только слова" in draft


def test_while_one_types_only_the_answer_is_sent(editor: Editor) -> None:
    answer = editor.client.post(
        "/admin/mapping/try", data={"text": "яма"}, headers={"HX-Request": "true"}
    )
    assert "Сразу: Департамент дорог." in answer.text
    assert "<html" not in answer.text


def test_a_curator_tries_messages_by_the_version_in_force(pages: Pages, editor: Editor) -> None:
    editor.change("sport", keywords="каток\nкочка")
    page = Editor(pages.as_(CURATOR)).send("/try", text="Кочка")
    assert "Черновик" not in page
    assert "предложений нет" in page


def test_an_empty_message_and_a_hostile_one_are_no_matter(editor: Editor) -> None:
    assert "Напишите текст" in editor.send("/try", text="  ")
    answer = editor.client.post("/admin/mapping/try", data={"text": "</textarea><script>"})
    assert "<script>" not in answer.text.replace('<script src="', "")


def test_only_messages_that_would_go_elsewhere_are_listed(editor: Editor, store: Store) -> None:
    _arrived(store, "Яма на дороге", "Где каток?", "Залейте каток <b>во дворе</b>", "Спасибо")
    editor.change("sport", keywords="стадион")
    editor.change("housing", keywords="батарея\nподъезд\nкаток")
    page = editor.read("/recent")
    assert "2 сообщения из 4 пошли бы иначе, чем по версии 1" in page
    assert "#102 23.11.2026 16:32 Где каток? сразу: Комитет по спорту" in page
    assert "сразу: Департамент ЖКХ" in page
    assert "<b>во дворе</b>" in page, "escaped, so that it is read as it was written"
    assert "Яма на дороге" not in page


def test_a_change_that_moves_no_message_says_so(editor: Editor, store: Store) -> None:
    _arrived(store, "Яма на дороге")
    editor.change("sport", keywords="каток\nстадион")
    assert "Ни одно из 1 не пошло бы иначе" in editor.read("/recent")


def test_without_a_draft_there_is_nothing_to_compare(editor: Editor) -> None:
    assert "Черновика нет" in editor.read("/recent")
