"""A ticket is created as drafted, in one request, or it is said what is not so."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from bridge.helpdesk.port import HelpdeskRefused, SilentlyDropped, TicketDraft
from bridge.helpdesk.redmine import RedmineHelpdesk
from bridge.helpdesk.redmine_session import RedmineSession, ValidationRefused

Drafts = Callable[..., TicketDraft]


def test_a_ticket_reads_back_as_it_was_drafted(helpdesk: RedmineHelpdesk, draft: Drafts) -> None:
    fields = {
        "channel": "ВКонтакте",
        "source": "https://vk.com/wall-1_2?reply=3",
        "author": "Анна 😀 «Ё»",
        "arrived_at": "23.11.2026 18:30",
        "deadline_state": "в срок",
        "answer_text": "Первая строка.\n\nТретья: 50% <b>.",
        "photos_required": "1",
        "self_placement": "0",
    }
    wanted = draft(fields=fields)
    created = helpdesk.create(wanted)
    issue = helpdesk.read(created.id)
    assert replace(issue, lock_version=None) == created
    assert (issue.status, issue.department) == ("assigned", "roads")
    assert fields | {"external_number": wanted.external_number} == {
        key: value for key, value in issue.fields.items() if value
    }
    assert issue.due_date == date(2026, 11, 24)
    assert issue.by_bridge
    assert issue.journal == ()
    assert issue.lock_version is not None


def test_creation_takes_one_request(
    recorded_helpdesk: RedmineHelpdesk, recording: RedmineSession, draft: Drafts
) -> None:
    recorded_helpdesk.create(draft())
    assert recording.requests == ["post /issues.json"]


@pytest.mark.parametrize("status", ["new", "placed", "withdrawn"])
def test_the_robot_may_start_in_any_status(
    helpdesk: RedmineHelpdesk, draft: Drafts, status: str
) -> None:
    assert helpdesk.read(helpdesk.create(draft(status=status)).id).status == status


def test_without_a_department_a_ticket_waits_for_the_curators(
    helpdesk: RedmineHelpdesk, robot_session: RedmineSession, draft: Drafts
) -> None:
    issue_id = helpdesk.create(draft(status="new", department=None)).id
    assert helpdesk.read(issue_id).department is None
    shown = robot_session.get(f"/issues/{issue_id}.json", "issue")
    assert shown["assigned_to"]["name"] == "Кураторы"


def test_a_message_found_late_may_be_due_in_the_past(
    helpdesk: RedmineHelpdesk, draft: Drafts
) -> None:
    issue = helpdesk.create(draft(due_date=date(2020, 1, 1)))
    assert helpdesk.read(issue.id).due_date == date(2020, 1, 1)


def test_blanks_and_control_characters_are_no_difference(
    helpdesk: RedmineHelpdesk, draft: Drafts
) -> None:
    wanted = draft(
        subject="  Яма\x00 ", description="\r\nЯма\r\n\r\n", fields={"author": " Анна\x0b "}
    )
    assert helpdesk.read(helpdesk.create(wanted).id).fields["author"].strip() == "Анна"


def test_what_redmine_drops_at_creation_is_named_with_the_ticket(
    as_curator: RedmineHelpdesk, helpdesk: RedmineHelpdesk, draft: Drafts
) -> None:
    wanted = draft(status="approved")
    with pytest.raises(SilentlyDropped) as dropped:
        as_curator.create(wanted)
    assert helpdesk.read(dropped.value.issue_id).status == "new"
    assert {"status", "author", "external_number"} <= set(dropped.value.names)
    assert "subject" not in dropped.value.names


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ({"fields": {"deadline_state": "горит"}}, "Состояние срока"),
        ({"fields": {"arrived_at": "2026-11-23"}}, "Поступило"),
        ({"subject": "я" * 300}, "Тема"),
    ],
)
def test_a_value_that_redmine_refuses_is_refused_in_its_words(
    helpdesk: RedmineHelpdesk, draft: Drafts, wanted: dict[str, Any], name: str
) -> None:
    with pytest.raises(ValidationRefused, match=name) as refused:
        helpdesk.create(draft(**wanted))
    assert not any(value in refused.value.reasons for value in ("горит", "2026-11-23", "яяя"))


def test_a_department_without_a_group_is_named(helpdesk: RedmineHelpdesk, draft: Drafts) -> None:
    with pytest.raises(HelpdeskRefused, match="группа подразделения «space»"):
        helpdesk.create(draft(department="space"))
