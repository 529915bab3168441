"""The pictures of an approved answer, from the real Redmine (clause 3.4)."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bridge.flow.answer_pictures import AnswerPictures, PicturesRefused
from bridge.helpdesk.port import NewFile, TicketDraft
from bridge.helpdesk.redmine import RedmineHelpdesk
from bridge.store.database import Store
from bridge.store.models import TicketRow
from bridge.store.schema import upgrade
from sandbox.files import picture
from sandbox.redmine_staff import RedmineDesk
from tests.store_contract.rows import new_ticket

RED, GREEN, BLUE = (picture(colour=colour) for colour in ("red", "green", "blue"))
LARGEST = 1024 * 1024


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store(f"sqlite:///{tmp_path / 'bridge.db'}")) as store:
        upgrade(store.engine)
        yield store


def attach(helpdesk: RedmineHelpdesk, desk: RedmineDesk, issue: int, **files: bytes) -> None:
    """Attach files as one of the staff."""
    uploads = [
        helpdesk.upload(NewFile(f"{name}.png", "image/png", each)) for name, each in files.items()
    ]
    tokens = [
        {"token": each.token, "filename": each.name, "content_type": each.content_type}
        for each in uploads
    ]
    assert desk.update(issue, uploads=tokens).ok


@pytest.mark.clause("3.4")
def test_pictures_that_staff_attached_before_the_approval_belong_to_the_answer(
    store: Store,
    helpdesk: RedmineHelpdesk,
    as_curator: RedmineHelpdesk,
    roads: RedmineDesk,
    curator: RedmineDesk,
    draft: Callable[..., TicketDraft],
) -> None:
    issue = helpdesk.create(draft()).id
    ticket = new_ticket(store)
    with store.writing() as session:
        session.get_one(TicketRow, ticket).issue_id = issue
    helpdesk.attach(issue, [helpdesk.upload(NewFile("Фото-1.jpg", "image/jpeg", BLUE))])
    attach(as_curator, roads, issue, before=RED, after=GREEN)
    roads.move(issue, "review", {"answer_text": "Яму заделали."})
    curator.move(issue, "approved")
    approval = helpdesk.view(issue).journal[-1].id
    attach(as_curator, roads, issue, late=BLUE)

    pictures = AnswerPictures(store, helpdesk, LARGEST)
    found = pictures.of(ticket, approval, 5)
    assert [(each.name, each.content) for each in found] == [
        ("before.png", RED),
        ("after.png", GREEN),
    ]
    assert {each.content_type for each in found} == {"image/jpeg"}

    mine = [file for file in helpdesk.view(issue).files if file.name == "before.png"]
    assert curator.call("DELETE", f"/attachments/{mine[0].id}.json").ok
    assert [each.name for each in pictures.of(ticket, approval, 5)] == ["after.png"]
    with pytest.raises(PicturesRefused, match="too_many_pictures"):
        pictures.of(ticket, approval, 0)
