"""The inbox: every event is found by what one knows of it, and shown with what became of it."""

from datetime import timedelta

import pytest

from bridge.admin.inbox.views import LARGEST_BODY, PAGE
from bridge.helpdesk.accounts import StaffAccount
from bridge.store import audit
from bridge.store.audit import AuditSearch
from bridge.store.models import EventState, InboxEvent, MessageRow
from tests.inbox_and_placement import fill_events, fill_journey, tell
from tests.unit.admin.conftest import ADMINISTRATOR, CURATOR, LEADER, NOW, Pages


@pytest.fixture
def filled(pages: Pages) -> dict[str, int]:
    """Six messages, one a day, the newest yesterday; and two events that are none."""
    with pages.store.writing() as session:
        for number in range(1, 7):
            tell(session, number, NOW - timedelta(days=7 - number))
    return fill_events(pages.store, NOW)


def get(pages: Pages, path: str, account: StaffAccount = CURATOR, status: int = 200) -> str:
    page = pages.as_(account).get(path)
    assert page.status_code == status
    return page.text


def issues(page: str) -> list[int]:
    """The tickets that a list names, in its order."""
    return [number for number in range(1006, 1000, -1) if f"/issues/{number}" in page]


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("", [1006, 1005, 1004, 1003, 1002, 1001]),
        ("source=vk-head", [1006, 1005, 1004, 1003, 1002, 1001]),
        ("source=helpdesk", []),
        ("state=unreadable", []),
        ("kind=wall_reply_new&state=processed", [1006, 1005, 1004, 1003, 1002, 1001]),
        ("issue=1003", [1003]),
        ("issue=%231003", [1003]),
        ("event=2", [1002]),
        ("number=wall-1_2_r4", [1004]),
        ("number=vk:feed:wall-1_2_r4", [1004]),
        ("number=https://m.vk.com/wall-1_2?reply=4", [1004]),
        ("number=event-5", [1005]),
        ("number=nothing", []),
        ("words=автобус", [1002]),
        ("words=АВТОБУС", [1002]),
        ("words=светофор", [1005]),
        ("words=100%25", []),
        ("author=соколова", [1002]),
        ("author=Соколова&words=фонарь", []),
        ("since=2026-11-21", [1006, 1005]),
        ("until=18.11.2026", [1002, 1001]),
        ("since=2026-11-18&until=2026-11-19&words=фонарь", [1003]),
    ],
)
def test_events_are_found_by_what_one_knows_of_them(
    pages: Pages, query: str, there: list[int]
) -> None:
    assert issues(get(pages, f"/admin/inbox?{query}")) == there


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("issue=abc", "«Карточка» — это номер"),
        ("event=99999999999999", "«Событие» — это номер"),
        ("since=вчера", "«С» — это день"),
        ("until=0001-01-01", "такого года"),
        ("since=9999-12-31", "такого года"),
    ],
)
def test_what_cannot_be_looked_for_is_said_in_words(pages: Pages, query: str, told: str) -> None:
    assert told in get(pages, f"/admin/inbox?{query}", status=400)


@pytest.mark.parametrize(
    "path", ["/admin/inbox?before=x", "/admin/inbox/99", "/admin/inbox/ticket/9"]
)
def test_what_is_not_there_is_no_page(pages: Pages, path: str) -> None:
    get(pages, path, status=404)


@pytest.mark.parametrize("number", [2**31, 2**70])
def test_numbers_beyond_any_database_are_no_page(pages: Pages, number: int) -> None:
    get(pages, f"/admin/inbox/{number}", status=404)
    get(pages, f"/admin/inbox/ticket/{number}", status=404)


def test_long_lists_are_paged_and_keep_what_was_asked_for(pages: Pages) -> None:
    with pages.store.writing() as session:
        for number in range(1, PAGE + 3):
            tell(session, number, NOW)
    first = get(pages, "/admin/inbox?source=vk-head")
    assert first.count("весь путь") == PAGE
    assert "?source=vk-head&amp;before=3" in first
    assert get(pages, "/admin/inbox?source=vk-head&before=3").count("весь путь") == 2


def test_an_event_that_could_not_be_read_says_why(pages: Pages, filled: dict[str, int]) -> None:
    page = get(pages, f"/admin/inbox/{filled['unreadable']}")
    assert "не прочитано" in page
    assert "object.from_id: нет обязательного поля" in page
    assert "это событие или сообщение уже известно" in get(pages, f"/admin/inbox/{filled['known']}")


def test_the_body_is_for_administrators_and_never_markup(
    pages: Pages, filled: dict[str, int]
) -> None:
    path = f"/admin/inbox/{filled['unreadable']}"
    assert "alert(1)" not in get(pages, path)
    page = get(pages, path, ADMINISTRATOR)
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


def test_a_body_with_a_structure_shows_it_in_readable_letters(pages: Pages) -> None:
    with pages.store.writing() as session:
        told = tell(session, 1, NOW)
    page = get(pages, f"/admin/inbox/{told.event}", ADMINISTRATOR)
    assert "&#34;text&#34;: &#34;Яма&#34;" in page


def test_a_huge_body_is_cut(pages: Pages) -> None:
    with pages.store.writing() as session:
        told = tell(session, 1, NOW)
        session.get_one(InboxEvent, told.event).body = b"\xff" * (LARGEST_BODY + 9)
    assert len(get(pages, f"/admin/inbox/{told.event}", ADMINISTRATOR)) < LARGEST_BODY + 9_000


def test_an_administrator_has_an_event_processed_again(
    pages: Pages, filled: dict[str, int]
) -> None:
    event = filled["unreadable"]
    answered = pages.as_(ADMINISTRATOR).post(f"/admin/inbox/{event}/replay", follow_redirects=True)
    assert "поручено обработать заново" in answered.text
    assert pages.hints.event_ids == [event]
    with pages.store.reading() as session:
        assert session.get_one(InboxEvent, event).state == EventState.RECEIVED
        (deed,) = audit.page(session, AuditSearch(), 10)
    assert (deed.action, deed.subject, deed.actor) == ("event_replayed", f"event:{event}", "chief")
    assert deed.details == {"was": "unreadable", "source": "vk-head"}


def test_an_event_that_never_was_is_not_processed_again(pages: Pages) -> None:
    answered = pages.as_(ADMINISTRATOR).post("/admin/inbox/7/replay", follow_redirects=True)
    assert "Такого события нет." in answered.text
    assert pages.hints.event_ids == []


def test_replay_is_the_administrators_and_the_inbox_no_leaders(
    pages: Pages, filled: dict[str, int]
) -> None:
    event = filled["unreadable"]
    assert pages.as_(CURATOR).post(f"/admin/inbox/{event}/replay").status_code == 403
    assert "Обработать заново" not in get(pages, f"/admin/inbox/{event}")
    for path in ("/admin/inbox", f"/admin/inbox/{event}", "/admin/inbox/ticket/1"):
        get(pages, path, LEADER, 403)


def test_a_tickets_way_is_told_day_by_day_with_its_times(pages: Pages) -> None:
    told = fill_journey(pages.store, NOW)
    page = get(pages, f"/admin/inbox/ticket/{told.ticket}")
    assert "22.11.2026" in page
    assert "23.11.2026" in page
    assert "принято на веру: исполнитель не назван" in page
    assert "Redmine сообщил об изменении карточки (запись 77)" in page
    assert "https://vk.com/wall-1_2?reply=930" in page
    brief = get(pages, f"/admin/inbox/ticket/{told.ticket}?brief=yes")
    assert "Redmine сообщил" not in brief
    assert "Ответ размещён" in brief


def test_what_citizens_write_is_never_markup(pages: Pages) -> None:
    evil = "<img src=x onerror=alert(1)>\"'"
    with pages.store.writing() as session:
        told = tell(session, 1, NOW)
        message = session.get_one(MessageRow, told.message)
        message.text = message.author_name = evil
        message.link = "javascript:alert(1)"
    for path in (
        "/admin/inbox",
        f"/admin/inbox/{told.event}",
        f"/admin/inbox/ticket/{told.ticket}",
        f"/admin/inbox?words={evil}",
    ):
        page = get(pages, path)
        assert "<img" not in page
        assert 'href="javascript:' not in page
