"""The administrator looks up who did what, and takes it along as a file."""

from datetime import timedelta

import pytest

from bridge.store import audit
from bridge.store.audit import Action, AuditEntry
from bridge.store.database import Store
from sandbox.redmine_staff import StaffUser
from tests.admin_site import Visitor
from tests.integration.admin.conftest import NOW


@pytest.fixture(scope="module")
def administrators_browser(visitor: Visitor, administrator: StaffUser, store: Store) -> Visitor:
    with store.writing() as session:
        for number in range(70):
            at = NOW - timedelta(minutes=17 * (70 - number))
            who = ("chief", "kuratova", "command:root")[number % 3]
            action = (Action.LOGGED_IN, Action.LOGGED_OUT)[number % 2]
            audit.record(session, AuditEntry(at, who, action, "", {"address": "10.1.0.7"}))
            session.flush()
    visitor.log_in(administrator)
    return visitor


def test_the_deeds_of_one_person_are_found_and_paged(administrators_browser: Visitor) -> None:
    visitor = administrators_browser
    visitor.open("/admin/journal")
    assert "Журнал" in visitor.text("nav [aria-current=page]")
    visitor.assert_well_made()
    visitor.screenshot("journal")
    visitor.press("раньше →")
    assert visitor.find_all("tbody tr")
    visitor.type("#who", "kuratova")
    visitor.press("Найти")
    assert set(visitor.texts("td[data-label='Кто']")) == {"kuratova"}
    visitor.assert_well_made()


def test_the_journal_is_read_on_a_phone(administrators_browser: Visitor) -> None:
    visitor = administrators_browser
    with visitor.on_a_phone():
        visitor.open("/admin/journal?who=command:root")
        visitor.assert_fits()
        visitor.assert_well_made()
        visitor.screenshot("journal-phone")


def test_the_bridges_own_decisions_have_a_tab(administrators_browser: Visitor) -> None:
    visitor = administrators_browser
    visitor.open("/admin/journal")
    visitor.press("Решения моста")
    assert "Ничего не найдено." in visitor.text()
    visitor.assert_well_made()
