"""The sweep sees every change of the project's tickets, oldest first, whatever the pages."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bridge.helpdesk.directory import RedmineDirectory
from bridge.helpdesk.port import TicketDraft, TicketUpdate
from bridge.helpdesk.redmine import RedmineHelpdesk
from bridge.helpdesk.redmine_session import RedmineSession

Drafts = Callable[..., TicketDraft]


@pytest.fixture
def tickets(helpdesk: RedmineHelpdesk, draft: Drafts) -> list[int]:
    """Some of them open, some closed, several made within one second."""
    return [
        helpdesk.create(draft(status=status)).id for status in ("new", "placed", "assigned") * 3
    ]


@pytest.fixture
def since(helpdesk: RedmineHelpdesk, tickets: list[int]) -> datetime:
    return helpdesk.read(tickets[0]).created_at


@pytest.fixture(params=[2, 3, 100])
def paged(
    robot_session: RedmineSession, directory: RedmineDirectory, request: pytest.FixtureRequest
) -> RedmineHelpdesk:
    return RedmineHelpdesk(robot_session, directory, page_rows=request.param)


def test_every_change_is_seen_in_order(
    paged: RedmineHelpdesk, helpdesk: RedmineHelpdesk, tickets: list[int], since: datetime
) -> None:
    helpdesk.update(tickets[0], TicketUpdate(note="x"), None)
    stamps = list(paged.changed_since(since))
    assert {stamp.id for stamp in stamps} >= set(tickets)
    assert len(set(stamps)) == len(stamps)
    instants = [stamp.updated_at for stamp in stamps]
    assert instants == sorted(instants)
    assert stamps[-1].updated_at == helpdesk.read(tickets[0]).updated_at


def test_a_ticket_that_changes_while_pages_are_read_hides_no_other(
    helpdesk: RedmineHelpdesk,
    robot_session: RedmineSession,
    directory: RedmineDirectory,
    tickets: list[int],
    since: datetime,
) -> None:
    sweep = RedmineHelpdesk(robot_session, directory, page_rows=4).changed_since(since)
    first = next(stamp for stamp in sweep if stamp.id in tickets)
    helpdesk.update(first.id, TicketUpdate(note="x"), None)
    assert {first.id} | {stamp.id for stamp in sweep} >= set(tickets)


def test_nothing_changed_in_the_future(helpdesk: RedmineHelpdesk) -> None:
    assert list(helpdesk.changed_since(datetime.now(UTC) + timedelta(minutes=5))) == []


def test_an_instant_of_another_zone_and_with_a_fraction_misses_nothing(
    helpdesk: RedmineHelpdesk, tickets: list[int], since: datetime
) -> None:
    perm = since.replace(microsecond=999_999).astimezone(timezone(timedelta(hours=5)))
    assert {stamp.id for stamp in helpdesk.changed_since(perm)} >= set(tickets)
