"""No change is missed because others happen while the pages of a sweep are read.

The list behaves as Redmine's: instants finer than a second, filtered from one second before, and
shown as whole seconds.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.helpdesk.directory import RedmineDirectory
from bridge.helpdesk.ids import Numbered, RedmineIds
from bridge.helpdesk.layout import HelpdeskLayout
from bridge.helpdesk.markup import TextFormatting
from bridge.helpdesk.redmine import RedmineHelpdesk
from bridge.helpdesk.redmine_session import RedmineSession

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
NOTHING = Numbered("", {}, {})
IDS = RedmineIds(1, 1, 7, NOTHING, NOTHING, NOTHING, None, TextFormatting.TEXTILE, has_plugin=True)


class ListedRedmine(RedmineSession):
    """Serves the list of issues, and lets somebody change some of them after each page."""

    def __init__(self, changed_at: list[timedelta], touched_after_pages: list[list[int]]) -> None:
        super().__init__("http://redmine.test", "key")
        self.changed_at = {number: NOON + at for number, at in enumerate(changed_at)}
        self._touches = iter(touched_after_pages)
        self._later = NOON + timedelta(minutes=1)
        self.pages = 0

    def get(self, path: str, part: str, params: Mapping[str, Any] | None = None) -> Any:
        assert (path, part, params is not None) == ("/issues.json", "issues", True)
        first = datetime.fromisoformat(params["updated_on"].removeprefix(">="))
        rows = sorted(
            (at, number)
            for number, at in self.changed_at.items()
            if at > first - timedelta(seconds=1)
        )
        page = rows[params["offset"] : params["offset"] + params["limit"]]
        self.pages += 1
        self._touch(next(self._touches, []))
        return [
            {"id": number, "updated_on": f"{at:%Y-%m-%dT%H:%M:%SZ}", "status": {"id": 1}}
            for at, number in page
        ]

    def _touch(self, numbers: list[int]) -> None:
        for number in numbers:
            if number in self.changed_at:
                self._later += timedelta(milliseconds=300)
                self.changed_at[number] = self._later


class FixedDirectory(RedmineDirectory):
    """Numbers that need no asking."""

    def ids(self) -> RedmineIds:
        return IDS


def sweep(redmine: ListedRedmine, layout: HelpdeskLayout, page_rows: int) -> list[int]:
    directory = FixedDirectory(redmine, layout, {})
    helpdesk = RedmineHelpdesk(redmine, directory, page_rows)
    return [stamp.id for stamp in helpdesk.changed_since(NOON)]


@given(
    changed_at=st.lists(
        st.integers(0, 3000).map(lambda thousandths: timedelta(milliseconds=thousandths)),
        max_size=30,
    ),
    touched=st.lists(st.lists(st.integers(0, 29), max_size=2, unique=True), max_size=20),
    page_rows=st.integers(4, 8),
)
def test_every_issue_is_seen_whatever_changes_between_pages(
    layout: HelpdeskLayout,
    changed_at: list[timedelta],
    touched: list[list[int]],
    page_rows: int,
) -> None:
    redmine = ListedRedmine(changed_at, touched)
    assert set(sweep(redmine, layout, page_rows)) == set(range(len(changed_at)))


def test_the_first_page_that_moves_to_the_end_hides_no_other(layout: HelpdeskLayout) -> None:
    seconds = [timedelta(seconds=place) for place in range(12)]
    redmine = ListedRedmine(seconds, [[0, 1, 2, 3]])
    assert set(sweep(redmine, layout, page_rows=4)) == set(range(12))


def test_what_leaves_a_crowded_second_hides_no_other(layout: HelpdeskLayout) -> None:
    redmine = ListedRedmine([timedelta()] * 20, [[0, 1], [], [4, 5]])
    assert set(sweep(redmine, layout, page_rows=4)) == set(range(20))


def test_a_bulk_edit_of_more_than_a_page_within_one_second_is_seen(
    layout: HelpdeskLayout,
) -> None:
    redmine = ListedRedmine([timedelta()] * 350, [])
    assert sorted(sweep(redmine, layout, page_rows=100)) == list(range(350))


def test_a_quiet_project_costs_one_request(layout: HelpdeskLayout) -> None:
    redmine = ListedRedmine([timedelta()] * 99, [])
    assert len(sweep(redmine, layout, page_rows=100)) == 99
    assert redmine.pages == 1


@pytest.mark.parametrize("page_rows", [0, 1, 101])
def test_a_page_that_redmine_would_not_serve_is_refused(
    layout: HelpdeskLayout, page_rows: int
) -> None:
    with pytest.raises(ValueError, match="2 to 100"):
        sweep(ListedRedmine([], []), layout, page_rows)
