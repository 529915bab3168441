"""An administrator finds a message in the inbox and follows its way to the answer."""

from bridge.store.database import Store
from bridge.store.models import EventState, InboxEvent
from sandbox.redmine_staff import StaffUser
from tests.admin_site import Visitor
from tests.inbox_and_placement import fill_events, fill_journey, fill_placements
from tests.integration.admin.conftest import NOW


def test_a_message_is_found_and_its_way_followed_and_an_unreadable_event_replayed(
    visitor: Visitor, administrator: StaffUser, store: Store
) -> None:
    fill_placements(store, NOW)
    told = fill_journey(store, NOW)
    unreadable = fill_events(store, NOW)["unreadable"]
    visitor.log_in(administrator)
    visitor.open("/admin/inbox")
    visitor.assert_well_made()
    visitor.screenshot("inbox")
    with visitor.on_a_phone():
        visitor.open("/admin/inbox")
        visitor.assert_fits()
        visitor.assert_accessible()
        visitor.screenshot("inbox-phone")
    visitor.open("/admin/inbox")
    visitor.type("#number", "https://vk.com/wall-1_2?reply=30")
    visitor.press("Найти")
    visitor.click("table a[href*='ticket']")
    assert visitor.path == f"/admin/inbox/ticket/{told.ticket}"
    assert "Ответ размещён" in visitor.text()
    visitor.assert_well_made()
    visitor.screenshot("inbox-ticket")
    with visitor.on_a_phone():
        visitor.open(f"/admin/inbox/ticket/{told.ticket}")
        visitor.assert_fits()
        visitor.screenshot("inbox-ticket-phone")
    visitor.open(f"/admin/inbox/{unreadable}")
    visitor.click(".body summary")
    visitor.assert_well_made()
    visitor.screenshot("inbox-event")
    visitor.press("Обработать заново")
    assert "поручено обработать заново" in visitor.text()
    with store.reading() as session:
        assert session.get_one(InboxEvent, unreadable).state == EventState.RECEIVED
