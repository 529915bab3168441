"""An update is written whole, on what was read, or it is said what happened instead."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from bridge.helpdesk.directory import RedmineDirectory
from bridge.helpdesk.port import (
    Change,
    IssueMissing,
    SilentlyDropped,
    StaleIssue,
    TicketDraft,
    TicketUpdate,
)
from bridge.helpdesk.redmine import RedmineHelpdesk
from bridge.helpdesk.redmine_session import RedmineSession, ValidationRefused
from sandbox.redmine import RedmineAccess
from sandbox.redmine_staff import RedmineDesk

NOBODYS_ID = 999_999


@pytest.fixture
def ticket(helpdesk: RedmineHelpdesk, draft: Callable[..., TicketDraft]) -> int:
    return helpdesk.create(draft()).id


def test_status_fields_due_date_and_private_note_are_written_at_once(
    helpdesk: RedmineHelpdesk, ticket: int
) -> None:
    update = TicketUpdate(
        status="in_progress",
        fields={"answer_due": "24.11.2026 18:30", "deadline_state": "скоро", "author": ""},
        due_date=date(2026, 11, 25),
        note="Срок по 3.2.1:\n24.11.2026 18:30",
    )
    helpdesk.update(ticket, update, helpdesk.read(ticket).lock_version)
    issue = helpdesk.read(ticket)
    assert issue.status == "in_progress"
    assert update.fields.items() <= issue.fields.items()
    assert issue.due_date == update.due_date
    assert [(entry.notes, entry.private) for entry in issue.journal] == [
        ("", False),
        (update.note, True),
    ]
    assert Change("status", "assigned", "in_progress") in issue.journal[0].changes
    assert all(entry.by_bridge for entry in issue.journal)


def test_a_public_note_is_public(helpdesk: RedmineHelpdesk, ticket: int) -> None:
    helpdesk.update(ticket, TicketUpdate(note="Всем", private_note=False), None)
    (entry,) = helpdesk.read(ticket).journal
    assert (entry.notes, entry.private) == ("Всем", False)


def test_an_update_takes_two_requests_and_an_empty_one_none(
    recorded_helpdesk: RedmineHelpdesk, recording: RedmineSession, ticket: int
) -> None:
    recorded_helpdesk.update(ticket, TicketUpdate(), lock_version=1)
    assert recording.requests == []
    recorded_helpdesk.update(ticket, TicketUpdate(status="in_progress"), None)
    assert recording.requests == [f"put /issues/{ticket}.json", f"get /issues/{ticket}.json"]


def test_what_somebody_changed_since_is_not_overwritten(
    helpdesk: RedmineHelpdesk, curator: RedmineDesk, ticket: int
) -> None:
    seen = helpdesk.read(ticket)
    curator.move(ticket, "withdrawn")
    with pytest.raises(StaleIssue):
        helpdesk.update(ticket, TicketUpdate(status="in_progress", note="x"), seen.lock_version)
    issue = helpdesk.read(ticket)
    assert issue.status == "withdrawn"
    assert not any(entry.notes for entry in issue.journal)


def test_a_note_alone_makes_what_was_read_before_stale(
    helpdesk: RedmineHelpdesk, curator: RedmineDesk, ticket: int
) -> None:
    seen = helpdesk.read(ticket)
    curator.update(ticket, notes="Поторопитесь", private_notes=True)
    with pytest.raises(StaleIssue):
        helpdesk.update(ticket, TicketUpdate(note="x"), seen.lock_version)


def test_a_wrong_value_is_not_taken_for_a_stale_one(helpdesk: RedmineHelpdesk, ticket: int) -> None:
    seen = helpdesk.read(ticket)
    with pytest.raises(ValidationRefused, match="Состояние срока"):
        helpdesk.update(ticket, TicketUpdate(fields={"deadline_state": "горит"}), seen.lock_version)


def test_a_wrong_value_on_a_stale_version_is_stale_first(
    helpdesk: RedmineHelpdesk, curator: RedmineDesk, ticket: int
) -> None:
    seen = helpdesk.read(ticket)
    curator.update(ticket, notes="Поторопитесь")
    with pytest.raises(StaleIssue):
        helpdesk.update(ticket, TicketUpdate(fields={"deadline_state": "горит"}), seen.lock_version)


def test_a_status_that_the_workflow_forbids_is_noticed(
    as_curator: RedmineHelpdesk, ticket: int
) -> None:
    with pytest.raises(SilentlyDropped) as dropped:
        as_curator.update(ticket, TicketUpdate(status="review"), None)
    assert dropped.value.names == ("status",)
    assert dropped.value.issue_id == ticket


def test_a_field_that_may_not_be_edited_is_noticed_and_the_rest_is_written(
    as_curator: RedmineHelpdesk, helpdesk: RedmineHelpdesk, ticket: int
) -> None:
    update = TicketUpdate(fields={"author": "Некто", "photos_required": "1"})
    with pytest.raises(SilentlyDropped) as dropped:
        as_curator.update(ticket, update, None)
    assert dropped.value.names == ("author",)
    assert helpdesk.read(ticket).fields["photos_required"] == "1"


class InterruptedSession(RedmineSession):
    """Lets somebody act between a write and its reading back."""

    def __init__(self, access: RedmineAccess, act: Callable[[], object]) -> None:
        super().__init__(access.url, access.robot_key)
        self._act = act

    def put(self, path: str, body: Any) -> None:
        super().put(path, body)
        self._act()


def test_what_somebody_changes_right_after_stays_and_is_told(
    access: RedmineAccess,
    directory: RedmineDirectory,
    helpdesk: RedmineHelpdesk,
    curator: RedmineDesk,
    ticket: int,
) -> None:
    session = InterruptedSession(access, lambda: curator.move(ticket, "withdrawn"))
    with pytest.raises(SilentlyDropped) as told:
        RedmineHelpdesk(session, directory).update(ticket, TicketUpdate(status="in_progress"), None)
    assert told.value.names == ("status",)
    assert helpdesk.read(ticket).status == "withdrawn"


def test_an_issue_that_is_not_there(helpdesk: RedmineHelpdesk) -> None:
    with pytest.raises(IssueMissing):
        helpdesk.read(NOBODYS_ID)
    with pytest.raises(IssueMissing):
        helpdesk.update(NOBODYS_ID, TicketUpdate(status="new"), None)
