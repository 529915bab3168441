"""The page of placement: what waits for a person, why, and what one may do about it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bridge.admin.placement.reading import PAGE
from bridge.flow.reconcile import Trigger
from bridge.store import audit, deliveries, placements
from bridge.store.audit import AuditSearch
from bridge.store.models import AuditRow, DeliveryRow, EffectState, TicketRow
from tests.inbox_and_placement import answer, fill_placements, tell
from tests.unit.admin.conftest import ADMINISTRATOR, CURATOR, LEADER, NOW, Pages

LINK = "https://vk.com/wall-1_2?reply=777"


@pytest.fixture
def filled(pages: Pages) -> dict[str, int]:
    return fill_placements(pages.store, NOW)


def listed(pages: Pages, name: str, status: int = 200) -> str:
    page = pages.as_(CURATOR).get(f"/admin/placement?list={name}")
    assert page.status_code == status
    return page.text


def press(pages: Pages, delivery: int, action: str, **fields: str) -> str:
    """Press a button of the answer as it is shown now; what the curator reads then."""
    with pages.store.reading() as session:
        row = session.get_one(DeliveryRow, delivery)
    mark = {"mark": f"{row.state}.{row.attempts}"}
    client = pages.as_(CURATOR)
    answered = client.post(
        f"/admin/placement/{delivery}/{action}", data=mark | fields, follow_redirects=True
    )
    assert answered.status_code == 200
    return answered.text


def state_of(pages: Pages, delivery: int) -> str:
    with pages.store.reading() as session:
        return session.get_one(DeliveryRow, delivery).state


def deeds(pages: Pages) -> list[AuditRow]:
    with pages.store.reading() as session:
        return list(audit.page(session, AuditSearch(), 20))


@pytest.mark.parametrize(
    ("name", "there"),
    [
        ("attention", {"failed", "uncertain", "late"}),
        ("failed", {"failed", "late"}),
        ("uncertain", {"uncertain"}),
        ("waiting", {"waiting"}),
        ("sending", {"sending"}),
        ("by_hand", {"failed", "uncertain"}),
        ("done", {"done"}),
    ],
)
def test_each_answer_is_in_the_lists_where_one_looks_for_it(
    pages: Pages, filled: dict[str, int], name: str, there: set[str]
) -> None:
    page = listed(pages, name)
    assert {key for key, id_ in filled.items() if f'id="delivery-{id_}"' in page} == there


@pytest.mark.usefixtures("filled")
def test_an_answer_is_shown_with_its_text_target_term_and_reason(pages: Pages) -> None:
    page = listed(pages, "failed")
    for told in (
        "Площадку на Пушкина, 40 очистят",
        "На сообщение: Третий день не вывозят мусор",
        "Комментарии под этой записью закрыты.",
        'href="https://vk.com/wall-1_2?reply=1"',
        "https://redmine.example/issues/1001",
        "просрочено на 10 мин",
        "23.11.2026",
        "/admin/inbox/ticket/",
    ):
        assert told in page


@pytest.mark.usefixtures("filled")
def test_a_system_that_came_later_is_listed_although_its_ticket_is_closed(pages: Pages) -> None:
    page = listed(pages, "attention")
    assert "система пришла позже" in page
    assert "Гражданину он уже виден, сроки не идут." in page


@pytest.mark.usefixtures("filled")
def test_what_was_tried_in_vain_and_will_be_tried_again_is_told(pages: Pages) -> None:
    page = listed(pages, "waiting")
    assert "Прошлая попытка не удалась (код: 6). Робот повторит её сам." in page
    assert "осталось 22 мин" in page


@pytest.mark.usefixtures("filled")
def test_a_ticket_that_is_placed_by_hand_without_the_bridge_is_listed_too(pages: Pages) -> None:
    assert "https://redmine.example/issues/1006" in listed(pages, "by_hand")


def test_an_answer_is_sent_again_once_however_often_one_presses(
    pages: Pages, filled: dict[str, int]
) -> None:
    assert "Поручено отправить ещё раз." in press(pages, filled["failed"], "again")
    assert "уже поручено" in press(pages, filled["failed"], "again")
    assert [deed.action for deed in deeds(pages)] == ["placement_retried"]
    assert deeds(pages)[0].actor == "curator"
    assert [trigger for _, trigger in pages.hints.ticket_ids] == [Trigger.ORDER]
    page = listed(pages, "failed")
    assert "Решение записывается в карточку" in page
    assert f"/admin/placement/{filled['failed']}/again" not in page


def test_the_server_insists_on_a_look_before_an_uncertain_answer_goes_again(
    pages: Pages, filled: dict[str, int]
) -> None:
    assert "я проверил: ответа там нет" in listed(pages, "uncertain")
    assert "второй такой же хуже" in press(pages, filled["uncertain"], "again")
    assert deeds(pages) == []
    assert "Поручено отправить" in press(pages, filled["uncertain"], "again", checked="yes")
    assert deeds(pages)[0].details["checked"] is True


def test_a_look_is_ordered_and_its_outcome_told(pages: Pages, filled: dict[str, int]) -> None:
    assert "Поручено проверить." in press(pages, filled["uncertain"], "look")
    assert "Поручено проверить, виден ли ответ" in listed(pages, "uncertain")
    with pages.store.writing() as session:
        ticket = session.query(TicketRow).filter_by(issue_id=1002).one()
        (order,) = placements.orders(session, [ticket.id])[ticket.id]
        order.state, order.finished_at, order.result = EffectState.DONE, NOW, {"found": None}
        order.meaning = "Робот не может посмотреть: у канала нет ключа."
    assert "Проверить не удалось: Робот не может посмотреть" in listed(pages, "uncertain")


def test_an_answer_placed_by_hand_is_done_with_its_link(
    pages: Pages, filled: dict[str, int]
) -> None:
    assert "ответ размещён вручную" in press(pages, filled["failed"], "by-hand", link=LINK)
    assert state_of(pages, filled["failed"]) == EffectState.DONE
    assert LINK in listed(pages, "done")
    assert (
        "Ничего не изменено"
        in pages.as_(CURATOR)
        .post(
            f"/admin/placement/{filled['failed']}/by-hand",
            data={"mark": "failed.1", "link": LINK},
            follow_redirects=True,
        )
        .text
    )


def test_a_link_elsewhere_is_refused_in_words(pages: Pages, filled: dict[str, int]) -> None:
    told = press(pages, filled["failed"], "by-hand", link="https://evil.example/x")
    assert "Ссылка ведёт не туда" in told
    assert state_of(pages, filled["failed"]) == EffectState.FAILED


def test_an_answer_is_dropped_with_its_reason_only(pages: Pages, filled: dict[str, int]) -> None:
    assert "Выберите причину" in press(pages, filled["failed"], "drop")
    assert "своими словами" in press(pages, filled["failed"], "drop", reason="other")
    long = press(pages, filled["failed"], "drop", reason="other", words="д" * 501)
    assert "короче" in long
    assert deeds(pages) == []
    told = press(pages, filled["failed"], "drop", reason="deleted", words="Автор удалил.")
    assert "Карточка переведена в статус «Снято»" in told
    (deed,) = deeds(pages)
    assert (deed.action, deed.details["words"]) == ("placement_dropped", "Автор удалил.")
    assert f'id="delivery-{filled["failed"]}"' not in listed(pages, "attention")


def test_a_system_that_came_later_is_done_by_hand_without_a_link(
    pages: Pages, filled: dict[str, int]
) -> None:
    press(pages, filled["late"], "by-hand", link="")
    assert state_of(pages, filled["late"]) == EffectState.DONE


@pytest.mark.parametrize("action", ["again", "look", "by-hand", "drop"])
def test_an_answer_that_is_not_there_is_told_to_be_gone(pages: Pages, action: str) -> None:
    told = (
        pages.as_(CURATOR)
        .post(
            f"/admin/placement/999/{action}",
            data={"mark": "x", "reason": "deleted", "link": LINK},
            follow_redirects=True,
        )
        .text
    )
    assert "в списке больше нет" in told


@pytest.mark.usefixtures("filled")
def test_tickets_that_could_not_be_created_are_listed_and_tried_again(pages: Pages) -> None:
    page = listed(pages, "tickets")
    assert "Трекер не может быть пустым" in page
    with pages.store.reading() as session:
        ((ticket, _),) = placements.troubled(session, 10)
    client = pages.as_(CURATOR)
    client.post(f"/admin/placement/tickets/{ticket.id}/again", data={"list": "tickets"})
    assert pages.hints.ticket_ids == [(ticket.id, Trigger.ORDER)]
    (deed,) = deeds(pages)
    assert (deed.action, deed.subject) == ("ticket_retried", f"ticket:{ticket.id}")
    with pages.store.reading() as session:
        assert session.get_one(TicketRow, ticket.id).look_at == NOW


def test_the_leader_sees_no_answers_and_changes_none(pages: Pages, filled: dict[str, int]) -> None:
    leader = pages.as_(LEADER)
    assert leader.get("/admin/placement").status_code == 403
    for action in ("again", "look", "by-hand", "drop"):
        assert leader.post(f"/admin/placement/{filled['failed']}/{action}").status_code == 403
    assert leader.post("/admin/placement/tickets/1/again").status_code == 403
    assert deeds(pages) == []


def test_strangers_words_stay_words(pages: Pages) -> None:
    evil = '<script>alert("x")</script>'
    with pages.store.writing() as session:
        told = tell(session, 1, NOW)
        source = session.get_one(placements.SourceRow, told.source)
        source.link = "javascript:alert(1)"
        session.get_one(placements.MessageRow, told.message).author_name = evil
        answer(session, told, NOW, EffectState.FAILED, text=evil, code=evil, meaning=evil)
    page = listed(pages, "failed")
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert 'href="javascript:' not in page


def test_long_lists_are_paged_the_newest_first(pages: Pages) -> None:
    with pages.store.writing() as session:
        ids = [
            answer(session, tell(session, number, NOW), NOW, EffectState.FAILED)
            for number in range(1, PAGE + 4)
        ]
    first = listed(pages, "failed")
    assert first.count('id="delivery-') == PAGE
    assert f'id="delivery-{ids[-1]}"' in first
    assert f"before={ids[3]}" in first
    second = pages.as_(CURATOR).get(f"/admin/placement?list=failed&before={ids[3]}").text
    assert second.count('id="delivery-') == 3
    assert ">53</span>" in second


@pytest.mark.parametrize(
    "query", ["list=nonsense", "before=x", "before=99999999999", "list=tickets&before=-1"]
)
def test_a_query_that_nobody_understands_is_no_page(pages: Pages, query: str) -> None:
    assert pages.as_(ADMINISTRATOR).get(f"/admin/placement?{query}").status_code == 404


def test_what_was_placed_long_ago_is_not_of_today(pages: Pages) -> None:
    with pages.store.writing() as session:
        answer(session, tell(session, 1, NOW), NOW - timedelta(hours=25), EffectState.DONE)
    assert 'id="delivery-' not in listed(pages, "done")


def test_an_office_where_all_is_placed_is_told_so(pages: Pages) -> None:
    assert "решать нечего" in listed(pages, "attention")
    assert "Все карточки созданы" in listed(pages, "tickets")


def test_parts_of_a_long_answer_are_numbered_and_what_stands_is_warned_of(pages: Pages) -> None:
    with pages.store.writing() as session:
        told = tell(session, 1, NOW)
        first = answer(session, told, NOW, EffectState.DONE)
        row = session.get_one(DeliveryRow, first)
        effect = session.get_one(placements.EffectRow, row.effect_id)
        second = deliveries.open_part(session, effect, told.source, 2, "Продолжение.", NOW)
        deliveries.finish(session, second.id, state=EffectState.FAILED, now=NOW, code="behind")
    page = listed(pages, "failed")
    assert "часть 2 из 2" in page
    assert "Предыдущая часть ответа не размещена" in page
    assert "Два одинаковых ответа" in page


def test_pages_need_no_script(make_pages: Callable[..., Pages]) -> None:
    page = listed(make_pages(), "attention")
    assert "style=" not in page
    assert "onclick" not in page
