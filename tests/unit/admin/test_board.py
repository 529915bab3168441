"""The board tells whoever looks what is due next, for whom, and who is late and why."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from bridge.messages import Visibility
from bridge.store.models import MessageRow, TicketRow
from tests.busy_office import add_clock, add_ticket
from tests.open_tickets import TICKETS, open_tickets
from tests.unit.admin.conftest import ADMINISTRATOR, CURATOR, LEADER, NOW, Pages

REFRESHING = {"HX-Request": "true"}


@pytest.fixture
def afternoon(pages: Pages) -> Pages:
    open_tickets(pages.store, pages.parts.office, NOW)
    return pages


def _seen(client: FlaskClient, query: str = "") -> str:
    answer = client.get(f"/admin/board{query}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def _numbers(text: str) -> list[int]:
    """The tickets of the list in the order in which they stand."""
    return [int(part.split('"')[0]) for part in text.split('<tr id="ticket-')[1:]]


def test_the_most_urgent_ticket_stands_first_and_one_without_a_term_last(
    afternoon: Pages,
) -> None:
    text = _seen(afternoon.as_(CURATOR))
    assert _numbers(text) == [1, 2, 3, 4, 5, 7, 6, 8, 10, 9, 11]


def test_a_line_tells_what_is_due_for_whom_and_until_when(afternoon: Pages) -> None:
    text = _seen(afternoon.as_(CURATOR), "?department=transport&band=30min")
    assert "Размещение ответа" in text
    assert "п. 3.5" in text
    assert "осталось 18 мин" in text
    assert "23.11.2026 18:48" in text
    assert "https://redmine.example/issues/5" in text
    assert "Ответ на проверке" in text
    assert "(ответ: Департамент транспорта)" in text


def test_a_late_ticket_says_why(afternoon: Pages) -> None:
    text = _seen(afternoon.as_(CURATOR), "?band=overdue")
    assert "До этого опоздание: Направление исполнителю — Куратор, на 20 мин позже срока" in text
    assert "Возвращено на доработку: п. 3.7.3, отвечает не на все вопросы" in text
    assert "Мост не смог: ВКонтакте отклонил ответ" in text
    assert "просрочено на 1 ч 10 мин" in text


def test_a_clock_in_service_time_tells_what_is_left_of_it(afternoon: Pages) -> None:
    text = _seen(afternoon.as_(CURATOR), "?department=ecology")
    assert "6 ч 55 мин служебного времени" in text
    assert "осталось 22 ч 25 мин" not in _seen(afternoon.as_(CURATOR), "?department=sport")


def test_further_clocks_of_a_ticket_are_in_its_details(afternoon: Pages) -> None:
    text = _seen(afternoon.as_(CURATOR), "?department=sport&band=2h")
    assert "Ещё 1 срок и расчёт" in text
    assert "<b>Подготовка ответа</b>, п. 3.2.1" in text


def test_leaders_see_deadlines_but_no_word_of_a_citizen(afternoon: Pages) -> None:
    text = _seen(afternoon.as_(LEADER))
    assert len(_numbers(text)) == len(TICKETS)
    assert not any(each.text[:20] in text for each in TICKETS)
    assert TICKETS[0].text[:20] in _seen(afternoon.as_(CURATOR))


def test_a_message_cannot_put_markup_into_the_page(pages: Pages) -> None:
    with pages.store.writing() as session:
        ticket = add_ticket(session, NOW, "roads")
        hostile = "<script>alert('1')</script> \"яма\""
        session.get_one(MessageRow, ticket.message_id).text = hostile
        ticket.attention = "<img src=x>"
    text = _seen(pages.as_(CURATOR))
    assert "<script>alert" not in text
    assert "<img" not in text
    assert "&lt;script&gt;alert" in text
    assert "<script>x" not in _seen(pages.as_(CURATOR), '?department=<script>x&clause="><script>x')


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?party=curator", [3, 4, 5]),
        ("?party=department&band=overdue", [1, 2]),
        ("?department=transport", [3, 5]),
        ("?department=roads&party=department", [1, 11]),
        ("?channel=vk-administration", [8, 10]),
        ("?clause=3.1", [4]),
        ("?clause=3.2.1", [1, 7, 6]),
        ("?clause=3.6", [7]),
        ("?band=none", [11]),
        ("?department=culture", []),
        ("?order=arrival&party=department&channel=vk-head", [1, 2, 6, 7, 9, 11]),
        ("?order=holder&band=overdue", [3, 2, 1]),
    ],
)
def test_the_list_is_narrowed_and_sorted_by_the_address(
    afternoon: Pages, query: str, found: list[int]
) -> None:
    assert _numbers(_seen(afternoon.as_(CURATOR), query)) == found


def test_filters_show_how_many_tickets_each_choice_has(afternoon: Pages) -> None:
    text = _seen(afternoon.as_(CURATOR), "?party=curator")
    assert "Кураторы (3)" in text
    assert "Подразделения (8)" in text
    assert "п. 3.1 (1)" in text
    assert "Просрочено (1)" in text
    assert "Департамент транспорта (2)" in text


def test_a_choice_of_which_nothing_is_left_can_still_be_seen(afternoon: Pages) -> None:
    text = _seen(afternoon.as_(CURATOR), "?department=culture")
    assert 'value="culture" selected' in text
    assert "Открытых карточек с таким отбором нет." in text


@pytest.mark.parametrize(
    "query",
    ["?band=soon", "?party=mayor", "?order=name", "?view=map", "?page=0", "?page=x", "?page=²"],
)
def test_what_cannot_be_asked_for_is_told(pages: Pages, query: str) -> None:
    answer = pages.as_(CURATOR).get(f"/admin/board{query}")
    assert answer.status_code == 400
    assert "такого значения нет" in answer.text or "такой страницы нет" in answer.text


def test_the_strip_tells_for_each_side_what_is_near_and_how_much_was_in_time(
    pages: Pages,
) -> None:
    with pages.store.writing() as session:
        for number, verdict, ago in ((1, "in_time", 1), (2, "in_time", 2), (3, "late", 48)):
            ticket = add_ticket(session, NOW, "roads")
            ticket.closed = True
            stop = NOW - timedelta(hours=ago)
            add_clock(
                session,
                ticket,
                key=f"answer:{number}",
                start=stop,
                due=stop,
                stop=stop,
                verdict=verdict,
            )
    text = " ".join(_seen(pages.as_(LEADER)).split())
    assert "сегодня в срок: <b>100 %</b> (2 из 2)" in text
    assert "за 7 дней в срок: <b>66 %</b> (2 из 3)" in text
    assert "сегодня в срок: ещё ничего не завершено" in text


def test_leaders_see_who_is_late_and_get_to_the_tickets(afternoon: Pages) -> None:
    text = _seen(afternoon.as_(LEADER), "?view=holders&band=today")
    rows = [part.split("</th>")[0] for part in text.split('<th scope="row">')[1:]]
    assert rows[0] == "Куратор"
    assert set(rows[1:3]) == {
        "Департамент дорог и благоустройства",
        "Департамент жилищно-коммунального хозяйства",
    }
    assert "/admin/board?party=department&amp;department=roads&amp;band=overdue" in text
    assert "/admin/board?party=curator&amp;band=overdue" in text


def test_whoever_has_no_role_here_is_sent_to_log_in(pages: Pages) -> None:
    answer = pages.app.test_client().get("/admin/board")
    assert answer.status_code == 302


def test_a_refresh_brings_the_board_alone_and_nothing_when_nothing_changed(
    afternoon: Pages,
) -> None:
    client = afternoon.as_(CURATOR)
    first = client.get("/admin/board?party=curator", headers=REFRESHING)
    assert "<html" not in first.text
    version = first.text.split('{"If-None-Match": "')[1].split('"')[0]
    told = REFRESHING | {"If-None-Match": version}
    assert client.get("/admin/board?party=curator", headers=told).status_code == 204
    afternoon.clock.instant += timedelta(seconds=20)
    assert client.get("/admin/board?party=curator", headers=told).status_code == 204
    with afternoon.store.writing() as session:
        session.get_one(TicketRow, 5).status = "approved"
    assert client.get("/admin/board?party=curator", headers=told).status_code == 200


def test_a_ticket_moves_to_the_next_band_by_time_alone(afternoon: Pages) -> None:
    client = afternoon.as_(CURATOR)
    text = _seen(client, "?clause=3.1")
    version = text.split('{"If-None-Match": "')[1].split('"')[0]
    afternoon.clock.instant += timedelta(minutes=13)
    told = REFRESHING | {"If-None-Match": version}
    assert "просрочено на 1 мин" in client.get("/admin/board?clause=3.1", headers=told).text


def test_a_filter_chosen_on_the_page_gets_an_address_without_what_is_empty(
    afternoon: Pages,
) -> None:
    chosen = REFRESHING | {"HX-Trigger": "board-filters"}
    query = "?band=&party=curator&department=&channel=&clause=&order=due"
    answer = afternoon.as_(CURATOR).get(f"/admin/board{query}", headers=chosen)
    assert answer.headers["HX-Replace-Url"] == "/admin/board?party=curator"


def test_a_long_list_is_shown_page_by_page(pages: Pages) -> None:
    with pages.store.writing() as session:
        for number in range(120):
            ticket = add_ticket(session, NOW, "roads")
            add_clock(session, ticket, start=NOW, due=NOW + timedelta(minutes=number + 1))
    client = pages.as_(ADMINISTRATOR)
    first, second = _seen(client), _seen(client, "?page=2")
    assert _numbers(first) + _numbers(second) == list(range(1, 121))
    assert "Показаны 101–120 из 120 открытых карточек" in second
    assert client.get("/admin/board?page=3").status_code == 404


def test_a_screen_on_the_wall_keeps_its_filters_and_shows_no_texts(afternoon: Pages) -> None:
    text = _seen(afternoon.as_(CURATOR), "?wall=1&party=curator")
    assert not any(each.text[:20] in text for each in TICKETS)
    assert 'class="board-page wall"' in text
    assert 'hx-get="/admin/board?party=curator&amp;wall=1"' in text


def test_a_channel_that_is_no_longer_configured_is_shown_by_its_key(pages: Pages) -> None:
    with pages.store.writing() as session:
        add_ticket(session, NOW, "roads", channel="vk-old", visibility=Visibility.DIRECT)
    assert "vk-old, личные сообщения" in _seen(pages.as_(CURATOR))


def test_a_ticket_sent_on_by_staff_counts_for_the_department_that_had_it_last(
    pages: Pages,
) -> None:
    with pages.store.writing() as session:
        ticket = add_ticket(session, NOW, "roads")
        done = {"start": NOW, "due": NOW, "stop": NOW, "verdict": "in_time"}
        add_clock(session, ticket, key="answer:1", holder="housing", **done)
        add_clock(session, ticket, key="placement:1", holder="curator", start=NOW, due=NOW)
    client = pages.as_(CURATOR)
    assert _numbers(_seen(client, "?department=housing")) == [1]
    assert _numbers(_seen(client, "?department=roads")) == []
