"""The administrator sees that a channel is ill, tests it, and switches it off for a while."""

from datetime import timedelta

import pytest

from bridge.office import Office
from bridge.store import channel_states
from bridge.store.channel_states import ChannelCondition, Hold
from bridge.store.database import Store
from sandbox.redmine_staff import StaffUser
from tests.admin_site import Visitor
from tests.busy_office import BusyOffice
from tests.integration.admin.conftest import NOW

KEY = "vk-administration"


@pytest.fixture(scope="module")
def administrators_browser(
    visitor: Visitor, administrator: StaffUser, store: Store, office: Office
) -> Visitor:
    BusyOffice(store, office).work(NOW - timedelta(days=7), 7, 60)
    pause = Hold(
        "vk-head",
        ChannelCondition.PAUSED,
        NOW,
        NOW + timedelta(minutes=5),
        "9",
        "ВКонтакте просит не отправлять так часто.",
    )
    with store.writing() as session:
        channel_states.set_hold(session, pause)
    visitor.log_in(administrator)
    return visitor


def test_a_channel_is_tested_switched_off_and_on_again(administrators_browser: Visitor) -> None:
    visitor = administrators_browser
    visitor.open("/admin/channels")
    visitor.assert_well_made()
    visitor.click(f"#{KEY} [aria-label^='Проверить']")
    assert "нашла ошибки" in visitor.text(".flash")
    assert "Нет ключа или секрета" in visitor.text(f"#{KEY} .findings")
    visitor.click(f"#{KEY} summary")
    visitor.type(f"#{KEY}-reason", "Меняем ключи до вечера")
    visitor.click(f"#{KEY} [aria-label^='Выключить']")
    assert "Меняем ключи до вечера" in visitor.text(f"#{KEY}")
    visitor.assert_well_made()
    visitor.screenshot("channels")
    visitor.click(f"#{KEY} [aria-label^='Включить']")
    assert "включён" in visitor.text(".flash")


def test_the_channels_are_read_on_a_phone(administrators_browser: Visitor) -> None:
    visitor = administrators_browser
    with visitor.on_a_phone():
        visitor.open("/admin/channels")
        visitor.assert_fits()
        visitor.assert_well_made()
        visitor.screenshot("channels-phone")
