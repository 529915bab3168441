"""A list's row shows of a ticket what the ticket itself shows, for as many as are asked for."""

from collections.abc import Callable
from dataclasses import replace

from bridge.helpdesk.directory import RedmineDirectory
from bridge.helpdesk.port import TicketDraft, TicketUpdate
from bridge.helpdesk.redmine import RedmineHelpdesk
from tests.integration.helpdesk.conftest import RecordingSession

Drafts = Callable[..., TicketDraft]


def test_rows_show_what_the_issues_show_open_or_closed(
    helpdesk: RedmineHelpdesk, draft: Drafts
) -> None:
    made = [helpdesk.create(draft(status=status)).id for status in ("new", "assigned", "placed")]
    helpdesk.update(made[0], TicketUpdate(fields={"answer_due": "24.11.2026 18:00"}), None)
    rows = helpdesk.rows(made)
    for number in made:
        row, issue = rows[number], helpdesk.read(number)
        assert (row.status, row.department, row.due_date, row.updated_at) == (
            issue.status,
            issue.department,
            issue.due_date,
            issue.updated_at,
        )
        assert row.fields == issue.fields


def test_whoever_only_looks_sees_what_a_reader_sees_for_one_request(
    helpdesk: RedmineHelpdesk,
    recorded_helpdesk: RedmineHelpdesk,
    recording: RecordingSession,
    draft: Drafts,
) -> None:
    number = helpdesk.create(draft()).id
    helpdesk.update(number, TicketUpdate(note="Заметка"), None)
    assert recorded_helpdesk.view(number) == replace(helpdesk.read(number), lock_version=None)
    assert recording.requests == [f"get /issues/{number}.json"]


def test_what_is_not_there_has_no_row(helpdesk: RedmineHelpdesk, draft: Drafts) -> None:
    number = helpdesk.create(draft()).id
    assert set(helpdesk.rows([number, 10**8])) == {number}
    assert helpdesk.rows([]) == {}


def test_many_rows_take_a_request_for_each_page(
    helpdesk: RedmineHelpdesk,
    recording: RecordingSession,
    directory: RedmineDirectory,
    draft: Drafts,
) -> None:
    made = [helpdesk.create(draft()).id for _ in range(5)]
    paged = RedmineHelpdesk(recording, directory, page_rows=2)
    assert list(paged.rows(made)) == made
    assert recording.requests == ["get /issues.json"] * 3
