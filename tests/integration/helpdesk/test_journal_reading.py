"""What staff did is read from the journal, however they did it."""

import re
from collections.abc import Callable, Iterator

import pytest
import requests

from bridge.helpdesk.directory import RedmineDirectory
from bridge.helpdesk.port import SOMEBODY, Change, TicketDraft
from bridge.helpdesk.redmine import RedmineHelpdesk
from sandbox.redmine import RedmineAccess
from sandbox.redmine_staff import RedmineDesk, StaffUser

TIMEOUT = 30.0
TINY_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000a49444154789c6360000002000154a24f5d0000000049454e44ae426082"
)

Drafts = Callable[..., TicketDraft]


@pytest.fixture
def ticket(helpdesk: RedmineHelpdesk, draft: Drafts) -> int:
    return helpdesk.create(draft()).id


def test_a_curators_step_with_a_private_note(
    helpdesk: RedmineHelpdesk, curator: RedmineDesk, ticket: int
) -> None:
    curator.move(ticket, "withdrawn", notes="Удалено автором", private_notes=True)
    entries = helpdesk.read(ticket).journal
    assert [entry.changes for entry in entries if entry.changes] == [
        (Change("status", "assigned", "withdrawn"),)
    ]
    assert [(entry.notes, entry.private) for entry in entries if entry.notes] == [
        ("Удалено автором", True)
    ]
    assert {entry.author_name for entry in entries} == {"Анна Куратова"}
    assert not any(entry.by_bridge for entry in entries)


def test_another_department_a_person_and_the_curators_again(
    helpdesk: RedmineHelpdesk,
    curator: RedmineDesk,
    curator_user: StaffUser,
    directory: RedmineDirectory,
    ticket: int,
) -> None:
    curator.update(ticket, assigned_to_id=directory.ids().departments.id("housing"))
    assert helpdesk.read(ticket).department == "housing"
    curator.update(ticket, assigned_to_id=curator_user.id)
    issue = helpdesk.read(ticket)
    assert issue.department == SOMEBODY
    assert [change for entry in issue.journal for change in entry.changes] == [
        Change("department", "roads", "housing"),
        Change("department", "housing", SOMEBODY),
    ]


def test_a_departments_answer(helpdesk: RedmineHelpdesk, roads: RedmineDesk, ticket: int) -> None:
    roads.move(ticket, "review", {"answer_text": "Яму заделали.\r\nСпасибо."})
    issue = helpdesk.read(ticket)
    assert issue.fields["answer_text"] == "Яму заделали.\nСпасибо."
    assert {change for entry in issue.journal for change in entry.changes} == {
        Change("status", "assigned", "review"),
        Change("answer_text", "", "Яму заделали.\nСпасибо."),
    }


def test_a_photo_is_seen_when_it_comes_and_when_it_goes(
    access: RedmineAccess, helpdesk: RedmineHelpdesk, roads: RedmineDesk, ticket: int
) -> None:
    uploads = [upload(access, "двор.png", TINY_PNG), upload(access, "смета.txt", b"1")]
    roads.update(ticket, uploads=uploads)
    ((added,),) = [entry.changes for entry in helpdesk.read(ticket).journal]
    assert (added.name, added.old) == ("photo", None)
    removed = requests.delete(
        f"{access.url}/attachments/{added.new}.json",
        headers={"X-Redmine-API-Key": access.admin_key},
        timeout=TIMEOUT,
    )
    assert removed.ok
    assert helpdesk.read(ticket).journal[-1].changes == (Change("photo", added.new, None),)


def upload(access: RedmineAccess, name: str, content: bytes) -> dict[str, str]:
    answer = requests.post(
        f"{access.url}/uploads.json",
        params={"filename": name},
        data=content,
        headers={
            "X-Redmine-API-Key": access.admin_key,
            "Content-Type": "application/octet-stream",
        },
        timeout=TIMEOUT,
    )
    answer.raise_for_status()
    return {"token": answer.json()["upload"]["token"], "filename": name}


@pytest.fixture
def curators_browser(access: RedmineAccess, curator_user: StaffUser) -> Iterator["Browser"]:
    with requests.Session() as session:
        browser = Browser(session, access.url)
        browser.send(
            "/login", "/login", username=curator_user.login, password=curator_user.password
        )
        yield browser


class Browser:
    """Redmine's own pages, as a person uses them."""

    def __init__(self, session: requests.Session, url: str) -> None:
        self._session = session
        self._url = url

    def send(self, page: str, target: str, **form: object) -> None:
        """Open a page and send a form from it."""
        shown = self._session.get(self._url + page, timeout=TIMEOUT)
        token = re.search(r'name="csrf-token" content="([^"]+)"', shown.text)
        assert token, shown.text[:500]
        answer = self._session.post(
            self._url + target,
            data=form,
            headers={"X-CSRF-Token": token.group(1)},
            timeout=TIMEOUT,
        )
        assert answer.ok, answer.text[:500]


@pytest.mark.scenario(20)
def test_a_bulk_edit_is_in_the_journal_of_each_ticket(
    helpdesk: RedmineHelpdesk, draft: Drafts, curators_browser: Browser, directory: RedmineDirectory
) -> None:
    tickets = [helpdesk.create(draft()).id for _ in range(2)]
    curators_browser.send(
        "/issues/bulk_edit?" + "&".join(f"ids[]={ticket}" for ticket in tickets),
        "/issues/bulk_update",
        **{
            "ids[]": tickets,
            "notes": "Сняты с рассмотрения",
            "issue[status_id]": directory.ids().statuses.id("withdrawn"),
        },
    )
    for ticket in tickets:
        (entry,) = helpdesk.read(ticket).journal
        assert entry.changes == (Change("status", "assigned", "withdrawn"),)
        assert entry.notes == "Сняты с рассмотрения"
