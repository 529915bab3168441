"""The administrator looks up who did what, and takes it along as a file."""

from datetime import timedelta
from itertools import cycle, islice
from typing import Final

import pytest

from bridge.store import audit
from bridge.store.audit import Action, AuditEntry
from bridge.store.database import Store
from sandbox.redmine_staff import StaffUser
from tests.admin_site import Visitor
from tests.integration.admin.conftest import NOW

ADDRESS: Final = {"address": "10.1.0.7"}
PLACE: Final = {"issue": 1002, "channel": "vk-head"}
DEEDS: Final = (
    ("kuratova", Action.LOGGED_IN, "", ADDRESS),
    ("kuratova", Action.PLACEMENT_LOOKED_FOR, "ticket:2", PLACE),
    ("kuratova", Action.PLACED_BY_HAND, "ticket:2", {**PLACE, "link": "https://vk.com/wall-1_2"}),
    ("orlov", Action.LOGIN_REFUSED, "", {"reason": "нет роли"}),
    ("chief", Action.LOGGED_IN, "", ADDRESS),
    ("chief", Action.CHANNEL_SWITCHED_OFF, "channel:vk-head", {"reason": "меняем ключи"}),
    ("chief", Action.CHANNEL_CHECKED, "channel:vk-head", {"failures": 0}),
    ("chief", Action.CHANNEL_SWITCHED_ON, "channel:vk-head", {}),
    ("chief", Action.MAPPING_SAVED, "mapping:4", {"note": "Добавили слова о гололёде"}),
    ("chief", Action.LOGGED_OUT, "", {}),
    ("command:root", Action.PURGED, "", {"events": 1240, "messages": 36}),
)


@pytest.fixture(scope="module")
def administrators_browser(visitor: Visitor, administrator: StaffUser, store: Store) -> Visitor:
    with store.writing() as session:
        for number, (who, action, subject, details) in enumerate(islice(cycle(DEEDS), 70)):
            at = NOW - timedelta(minutes=17 * (70 - number))
            audit.record(session, AuditEntry(at, who, action, subject, details))
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
