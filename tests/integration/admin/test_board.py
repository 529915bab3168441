"""People see on the board what is due next; it keeps up by itself and leaves alone what they do."""

from datetime import timedelta

import pytest

from bridge.office import Office
from bridge.store.database import Store
from bridge.store.models import TicketRow
from sandbox.redmine_staff import StaffUser
from tests.admin_site import Clock, Visitor
from tests.integration.admin.conftest import NOW
from tests.open_tickets import open_tickets


@pytest.fixture(scope="module", autouse=True)
def at_work(store: Store, office: Office, visitor: Visitor, curator_user: StaffUser) -> None:
    """A curator who is logged in, in the afternoon."""
    open_tickets(store, office, NOW)
    visitor.log_in(curator_user)


def test_a_curator_finds_what_is_to_be_done_in_the_next_half_hour(visitor: Visitor) -> None:
    visitor.open("/admin/board")
    visitor.assert_well_made()
    visitor.screenshot("board")
    visitor.choose("#band", "До 30 минут (2)")
    visitor.wait_until(lambda: visitor.path == "/admin/board?band=30min", "a filtered board")
    assert visitor.texts("tbody td[data-label='Что сделать'] b") == [
        "Направление исполнителю",
        "Размещение ответа",
    ]
    left = visitor.text("#ticket-4 .left")
    visitor.wait_until(lambda: visitor.text("#ticket-4 .left") != left, "a clock that counts down")
    visitor.assert_well_made()


def test_the_board_keeps_up_and_what_one_reads_stays_open(
    visitor: Visitor, store: Store, clock: Clock
) -> None:
    visitor.open("/admin/board")
    visitor.click("#more-7 summary")
    with store.writing() as session:
        session.get_one(TicketRow, 5).closed = True
    clock.instant += timedelta(minutes=1)
    _look_again(visitor)
    visitor.wait_until(lambda: not visitor.find_all("#ticket-5"), "a board without ticket 5")
    assert visitor.find("#more-7").get_attribute("open")
    visitor.wait_until(lambda: "Обновлено в 18:31" in visitor.text("#board-seen"), "the time")
    visitor.assert_well_made()


def test_leaders_see_who_is_late(visitor: Visitor) -> None:
    visitor.open("/admin/board")
    visitor.press("Кто опаздывает")
    assert visitor.texts("tbody th")[0] == "Куратор"
    visitor.assert_well_made()
    visitor.screenshot("board-holders")
    visitor.click("#cell-roads-overdue")
    assert visitor.texts("tbody tr:not(.band) .left")[0].startswith("просрочено на 1 ч")


def test_the_board_is_read_on_a_phone_and_on_the_wall(visitor: Visitor) -> None:
    with visitor.on_a_phone():
        visitor.open("/admin/board")
        visitor.assert_fits()
        visitor.assert_well_made()
        visitor.screenshot("board-phone")
    visitor.open("/admin/board?wall=1")
    assert not visitor.find(".top").is_displayed()
    visitor.assert_well_made()
    visitor.screenshot("board-wall")


def _look_again(visitor: Visitor) -> None:
    """As when somebody comes back to the page."""
    visitor.driver.execute_script("document.dispatchEvent(new Event('visibilitychange'))")
