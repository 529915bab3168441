"""Files of an issue on the real Redmine: attached by the robot, read back, read by the staff."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest
import requests

from bridge.helpdesk.directory import RedmineDirectory
from bridge.helpdesk.port import (
    FileMissing,
    FileRefused,
    HelpdeskRefused,
    HelpdeskUnavailable,
    IssueMissing,
    NewFile,
    SilentlyDropped,
    TicketDraft,
    Upload,
)
from bridge.helpdesk.redmine import RedmineHelpdesk
from bridge.helpdesk.redmine_session import RedmineSession
from sandbox.files import picture
from sandbox.redmine import RedmineAccess
from sandbox.redmine_staff import RedmineDesk

NAME = "Яма (копия) № 5, фото-17.jpg"
ABOVE_THE_LIMIT = 5120 * 1024 + 1


def photo(name: str = NAME, content: bytes = b"") -> NewFile:
    return NewFile(name, "image/jpeg", content or picture())


@pytest.fixture
def issue_id(helpdesk: RedmineHelpdesk, draft: Callable[..., TicketDraft]) -> int:
    return helpdesk.create(draft()).id


def test_files_are_attached_in_one_step_under_their_own_names(
    helpdesk: RedmineHelpdesk, issue_id: int
) -> None:
    second = photo("Фото-18.jpg", picture(20, 20))
    helpdesk.attach(issue_id, [helpdesk.upload(photo()), helpdesk.upload(second)])
    issue = helpdesk.read(issue_id)
    assert [(file.name, file.size, file.content_type) for file in issue.files] == [
        (NAME, len(picture()), "image/jpeg"),
        ("Фото-18.jpg", len(second.content), "image/jpeg"),
    ]
    assert all(file.by_bridge for file in issue.files)
    (entry,) = issue.journal
    assert [change.name for change in entry.changes] == ["photo", "photo"]
    assert [helpdesk.download(file) for file in issue.files] == [picture(), second.content]


def test_the_department_sees_and_opens_a_file_of_its_ticket(
    helpdesk: RedmineHelpdesk, issue_id: int, roads: RedmineDesk, housing: RedmineDesk
) -> None:
    helpdesk.attach(issue_id, [helpdesk.upload(photo())])
    (file,) = helpdesk.view(issue_id).files
    opened = roads.call("GET", f"/attachments/download/{file.id}")
    assert opened.content == picture()
    assert housing.call("GET", f"/attachments/download/{file.id}").status_code == 403


def test_what_staff_attach_is_theirs(
    helpdesk: RedmineHelpdesk, as_curator: RedmineHelpdesk, issue_id: int
) -> None:
    token = as_curator.upload(photo())
    with pytest.raises(SilentlyDropped):
        # Attached, and not by the robot: what the robot attaches is read back as its own.
        as_curator.attach(issue_id, [token])
    (file,) = helpdesk.view(issue_id).files
    assert not file.by_bridge
    assert helpdesk.download(file) == picture()


class ForgetfulSession(RedmineSession):
    """Loses the first file of every update on the way; Redmine says "done" to the rest."""

    def put(self, path: str, body: Mapping[str, Any]) -> None:
        issue = body["issue"]
        super().put(path, {"issue": issue | {"uploads": issue["uploads"][1:]}})


def test_a_file_that_is_lost_without_a_word_is_noticed(
    access: RedmineAccess, directory: RedmineDirectory, issue_id: int
) -> None:
    helpdesk = RedmineHelpdesk(ForgetfulSession(access.url, access.robot_key), directory)
    uploads = [helpdesk.upload(photo("Фото-19.jpg")), helpdesk.upload(photo())]
    with pytest.raises(SilentlyDropped) as drop:
        helpdesk.attach(issue_id, uploads)
    assert drop.value.names == ("Фото-19.jpg",)
    assert [file.name for file in helpdesk.view(issue_id).files] == [NAME]


def test_an_upload_that_redmine_knows_no_more_is_refused(
    helpdesk: RedmineHelpdesk, issue_id: int
) -> None:
    gone = Upload("999999.0123456789abcdef", "Фото-19.jpg", "image/jpeg", 10)
    with pytest.raises(HelpdeskRefused):
        helpdesk.attach(issue_id, [gone])


def test_a_file_above_redmines_limit_is_refused_in_its_words(helpdesk: RedmineHelpdesk) -> None:
    with pytest.raises(FileRefused) as refusal:
        helpdesk.upload(photo(content=bytes(ABOVE_THE_LIMIT)))
    assert str(refusal.value)


def test_nothing_is_attached_to_an_issue_that_is_not_there(helpdesk: RedmineHelpdesk) -> None:
    with pytest.raises(IssueMissing):
        helpdesk.attach(999_999, [helpdesk.upload(photo())])


def test_a_file_that_was_removed_is_missing(
    helpdesk: RedmineHelpdesk, issue_id: int, access: RedmineAccess
) -> None:
    helpdesk.attach(issue_id, [helpdesk.upload(photo())])
    (file,) = helpdesk.view(issue_id).files
    removed = requests.delete(
        f"{access.url}/attachments/{file.id}.json",
        headers={"X-Redmine-API-Key": access.admin_key},
        timeout=30,
    )
    assert removed.ok
    with pytest.raises(FileMissing):
        helpdesk.download(file)
    (attached, taken_away) = helpdesk.read(issue_id).journal
    (added,), (gone,) = attached.changes, taken_away.changes
    assert (gone.name, gone.old, gone.new) == ("photo", added.new, None)
    assert attached.by_bridge


def test_a_file_of_another_length_than_told_is_not_taken(
    helpdesk: RedmineHelpdesk, issue_id: int
) -> None:
    helpdesk.attach(issue_id, [helpdesk.upload(photo())])
    (file,) = helpdesk.view(issue_id).files
    for size in (file.size - 1, file.size + 1):
        with pytest.raises(HelpdeskUnavailable):
            helpdesk.download(replace(file, size=size))
