"""What curators corrected becomes a change of the mapping by one click."""

import pytest

from bridge.store import route_corrections
from bridge.store.database import Store
from bridge.store.models import MessageRow
from tests.store_contract.rows import NOW, add_ticket
from tests.unit.admin.conftest import CURATOR, Pages
from tests.unit.admin.mapping.conftest import Editor


def _corrected(store: Store, *texts: str) -> None:
    """Messages that the bridge gave to sports because of a word, and curators to the roads."""
    with store.writing() as session:
        for number, text in enumerate(texts, start=1):
            ticket = add_ticket(session, number)
            ticket.issue_id = 100 + number
            session.get_one(MessageRow, ticket.message_id).text = text
            route_corrections.save(
                session,
                ticket_id=ticket.id,
                proposed=["sport"],
                chosen=["roads"],
                reasons=[
                    {"department": "sport", "rule": "keyword: каток", "words": ["каток"]},
                    {"department": "sport", "rule": "likeness: v1", "words": []},
                ],
                mapping_version="m",
                model_version="v1",
                now=NOW,
            )


TEXTS = ("Тротуар как каток", "Не тротуары, а каток! <b>", "Каток на тротуаре")


def test_words_are_suggested_with_the_tickets_that_have_them(editor: Editor, store: Store) -> None:
    _corrected(store, *TEXTS)
    page = editor.read("/suggestions")
    assert "Не предложено сообщений, которые кураторы отдали этому подразделению: 3." in page
    assert "тротуар 3 #101 , #102 , #103 «Каток на тротуаре» Добавить в черновик" in page
    assert "ключевое слово: каток 3 Убрать" in page
    assert "сходство с прежними сообщениями 3 Ваш" not in page


def test_a_word_goes_into_the_draft_by_one_click_and_is_suggested_no_more(
    editor: Editor, store: Store
) -> None:
    _corrected(store, *TEXTS)
    page = editor.send("/suggestions/add", department="roads", word="тротуар")
    assert "«тротуар» — в черновике, в ключевых словах: Департамент дорог." in page
    assert "тротуар 3" not in page
    assert editor.form("/department/roads")["keywords"] == "яма\nдорога\nтротуар"


def test_a_misleading_rule_is_taken_out_by_one_click(editor: Editor, store: Store) -> None:
    _corrected(store, *TEXTS)
    page = editor.send("/suggestions/remove", department="sport", field="keywords", pattern="каток")
    assert "«каток» — убрано в черновике: Комитет по спорту." in page
    assert "каток 3 Убрать" not in page
    assert editor.form("/department/sport")["keywords"] == ""


def test_wrong_requests_change_nothing(editor: Editor) -> None:
    editor.send("/suggestions/add", 400, department="roads", word="<script>")
    editor.send("/suggestions/add", 404, department="moon", word="яма")
    editor.send("/suggestions/remove", 400, department="roads", field="name", pattern="x")
    assert "Черновик" not in editor.read()


@pytest.mark.usefixtures("editor")
def test_curators_see_suggestions_without_buttons(pages: Pages, store: Store) -> None:
    _corrected(store, *TEXTS)
    page = Editor(pages.as_(CURATOR)).read("/suggestions")
    assert "тротуар 3" in page
    assert "Добавить в черновик" not in page


def test_an_office_without_corrections_is_told(editor: Editor) -> None:
    assert "Подсказок нет" in editor.read("/suggestions")
