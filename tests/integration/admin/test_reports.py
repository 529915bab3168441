"""The head of the office looks at a report, leafs back, and takes it along."""

from datetime import timedelta
from typing import Any

import pytest

from bridge.office import Office
from bridge.store.database import Store
from sandbox.redmine import RedmineAccess
from sandbox.redmine_staff import create_user
from tests.admin_site import Visitor
from tests.busy_office import BusyOffice
from tests.integration.admin.conftest import NOW


@pytest.fixture(scope="module")
def leader(
    visitor: Visitor,
    access: RedmineAccess,
    layout: dict[str, Any],
    store: Store,
    office: Office,
) -> Visitor:
    BusyOffice(store, office).work(NOW - timedelta(days=40), 40, 60)
    group = layout["groups"]["leaders"]["name"]
    visitor.log_in(create_user(access, "head", "Глеб", "Главный", group))
    return visitor


def test_the_head_of_the_office_sees_the_week_and_leafs_back(leader: Visitor) -> None:
    leader.open("/admin/reports")
    assert leader.text(".report h1").endswith("за неделю 16–22 ноября 2026")
    assert leader.find_all(".report svg rect")
    leader.assert_well_made()
    leader.screenshot("reports")
    leader.press("← раньше")
    assert leader.text(".report h1").endswith("за неделю 9–15 ноября 2026")
    leader.press("Месяц")
    assert leader.text(".report h1").endswith("за ноябрь 2026")
    leader.assert_quiet()


def test_the_report_is_read_on_a_phone(leader: Visitor) -> None:
    with leader.on_a_phone():
        leader.open("/admin/reports")
        leader.assert_fits()
        leader.assert_well_made()
        leader.screenshot("reports-phone")
