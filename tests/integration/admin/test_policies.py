"""People see what the terms are, and check by hand how a deadline comes about."""

import pytest

from sandbox.redmine_staff import StaffUser
from tests.admin_site import Visitor


@pytest.fixture(scope="module", autouse=True)
def reading(visitor: Visitor, curator_user: StaffUser) -> None:
    """A curator who is logged in."""
    visitor.log_in(curator_user)


def test_a_curator_asks_when_an_answer_is_due_and_sees_how_it_is_counted(
    visitor: Visitor,
) -> None:
    visitor.open("/admin/policies?moment=2026-11-03T16:20")
    visitor.choose("#source", "Политика «Страница администрации города, «Инцидент менеджмент»»")
    visitor.press("Посчитать")
    assert "05.11.2026 17:08" in visitor.texts(".deadline .due b")
    assert "ср 04.11: не считается — День народного единства" in visitor.texts(".counted li")
    visitor.screenshot("policies")
    visitor.press("Сейчас")
    assert visitor.find("#moment").get_attribute("value") == "2026-11-23T18:30"
    assert visitor.find("#source").get_attribute("value") == "policy:administration"


def test_the_policies_and_the_year_are_read_on_a_phone_and_on_paper(visitor: Visitor) -> None:
    visitor.open("/admin/policies?year=2027")
    for summary in visitor.find_all("details summary"):
        summary.click()
    visitor.assert_well_made()
    with visitor.on_a_phone():
        visitor.assert_fits()
        visitor.assert_well_made()
        visitor.screenshot("policies-phone")
