"""A ticket is found by exactly its external number, or the search itself is refused."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from bridge.helpdesk.directory import RedmineDirectory
from bridge.helpdesk.ids import Numbered, RedmineIds
from bridge.helpdesk.layout import HelpdeskLayout
from bridge.helpdesk.port import HelpdeskRefused, TicketDraft
from bridge.helpdesk.redmine import RedmineHelpdesk
from bridge.helpdesk.redmine_session import RedmineSession

Drafts = Callable[..., TicketDraft]


@pytest.mark.parametrize(
    "number",
    [
        "vk:wall-1_2_r777",
        "=5",
        "!5",
        "*",
        "~часть",
        "один|два",
        "a&b=c#d+e %41",
        "инцидент № 7 «Ё»",
    ],
)
def test_a_number_finds_its_tickets_and_no_others(
    helpdesk: RedmineHelpdesk, draft: Drafts, number: str
) -> None:
    others = {f"{number}0", f"0{number}", number[:-1], number.upper() + "x", "один"}
    for other in others:
        helpdesk.create(draft(external_number=other))
    first = helpdesk.create(draft(external_number=number)).id
    second = helpdesk.create(draft(external_number=number, status="placed")).id
    assert helpdesk.find(number) == (first, second)


def test_letters_case_matters(helpdesk: RedmineHelpdesk, draft: Drafts) -> None:
    helpdesk.create(draft(external_number="CARD-aBc"))
    assert helpdesk.find("card-abc") == ()


def test_a_number_that_nobody_has_finds_nothing(helpdesk: RedmineHelpdesk) -> None:
    assert helpdesk.find("vk:nobody") == ()


class DirectoryOfUnfilteredField(RedmineDirectory):
    """Has the external number in a field that Redmine does not filter by."""

    def ids(self) -> RedmineIds:
        ids = super().ids()
        fields = {"external_number": ids.fields.id("source")}
        return replace(ids, fields=Numbered("поле", fields, {}))


def test_a_filter_that_redmine_ignores_is_not_taken_for_an_answer(
    helpdesk: RedmineHelpdesk,
    robot_session: RedmineSession,
    helpdesk_layout: HelpdeskLayout,
    department_groups: Mapping[str, str],
    draft: Drafts,
) -> None:
    helpdesk.create(draft())
    directory = DirectoryOfUnfilteredField(robot_session, helpdesk_layout, department_groups)
    with pytest.raises(HelpdeskRefused, match="не ищет по полю внешнего номера"):
        RedmineHelpdesk(robot_session, directory).find("vk:nobody")
