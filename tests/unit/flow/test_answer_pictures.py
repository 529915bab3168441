"""An answer goes out with the pictures that were approved with it, and with no others (3.4)."""

from collections.abc import Callable

import pytest
from pydantic import TypeAdapter

from bridge.flow.answer_pictures import AnswerPictures, PicturesRefused
from bridge.sla.parts import Part, Standing, Turn
from bridge.store.models import TicketRow
from sandbox.files import PAGE, picture
from tests.store_contract.rows import new_ticket
from tests.unit.flow.conftest import Bench
from tests.unit.flow.desk import CURATOR, ROBOT

pytestmark = pytest.mark.clause("3.4")

LARGEST = 1024 * 1024
FIRST, SECOND, THIRD = (picture(colour=colour) for colour in ("red", "green", "blue"))


@pytest.fixture
def pictures(created: Bench) -> AnswerPictures:
    return AnswerPictures(created.store, created.desk, LARGEST)


def attach(bench: Bench, *contents: bytes, author: int = CURATOR) -> int:
    """Attach pictures; the number of the newest journal entry."""
    names = {f"{len(bench.desk.contents) + place}.jpg": each for place, each in enumerate(contents)}
    bench.desk.add_files(bench.issue.id, author, names)
    return bench.issue.journal[-1].id


def approve(bench: Bench) -> int:
    bench.staff(status="approved")
    return bench.issue.journal[-1].id


def test_the_pictures_of_staff_go_out_in_their_order(
    created: Bench, pictures: AnswerPictures
) -> None:
    attach(created, FIRST, SECOND)
    attach(created, THIRD, author=ROBOT)
    found = pictures.of(created.ticket, approve(created), 10)
    assert [(each.content, each.content_type) for each in found] == [
        (FIRST, "image/jpeg"),
        (SECOND, "image/jpeg"),
    ]


def test_what_is_attached_after_the_approval_stays_inside(
    created: Bench, pictures: AnswerPictures
) -> None:
    attach(created, FIRST)
    approval = approve(created)
    attach(created, SECOND)
    assert [each.content for each in pictures.of(created.ticket, approval, 10)] == [FIRST]


def test_more_pictures_than_the_channel_takes_are_refused(
    created: Bench, pictures: AnswerPictures
) -> None:
    attach(created, FIRST, SECOND, THIRD)
    approval = approve(created)
    assert len(pictures.of(created.ticket, approval, 3)) == 3
    with pytest.raises(PicturesRefused) as refusal:
        pictures.of(created.ticket, approval, 2)
    assert "изображений: 3" in refusal.value.meaning
    assert "не больше 2" in refusal.value.meaning


@pytest.mark.parametrize(
    ("content", "code"),
    [(PAGE, "not_a_picture"), (bytes(LARGEST + 1), "picture_too_large")],
)
def test_what_is_no_picture_to_be_shown_is_refused(
    created: Bench, pictures: AnswerPictures, content: bytes, code: str
) -> None:
    attach(created, content)
    with pytest.raises(PicturesRefused) as refusal:
        pictures.of(created.ticket, approve(created), 10)
    assert refusal.value.code == code
    assert "«0.jpg»" in refusal.value.meaning


def test_pictures_that_were_removed_since_are_told(
    created: Bench, pictures: AnswerPictures
) -> None:
    attach(created, FIRST)
    approval = approve(created)
    created.desk.contents.clear()
    with pytest.raises(PicturesRefused, match="picture_gone"):
        pictures.of(created.ticket, approval, 10)
    created.desk.remove_files(created.issue.id)
    with pytest.raises(PicturesRefused, match="no_pictures"):
        pictures.of(created.ticket, approval, 10)


@pytest.fixture
def part(created: Bench) -> Callable[..., None]:
    """Makes a part with pictures, and gives it a standing by a journal entry."""

    def make(standing: Standing, *contents: bytes, later: bytes = b"") -> None:
        number = created.desk.open_below(created.issue.id, "housing")
        for place, each in enumerate(contents):
            created.desk.add_files(number, CURATOR, {f"part-{place}.jpg": each})
        approval = created.desk.issues[number].journal[-1].id
        if later:
            created.desk.add_files(number, CURATOR, {"later.jpg": later})
        told = Part("housing", (Turn(created.watch(), standing, approval),))
        row_id = new_ticket(created.store, 10 + number)
        with created.store.writing() as session:
            row = session.get_one(TicketRow, row_id)
            row.parent_id, row.issue_id = created.ticket, number
            row.part = TypeAdapter(Part).dump_python(told, mode="json")

    return make


@pytest.mark.clause("2.1.2")
def test_a_common_answer_has_the_pictures_of_all_departments(
    created: Bench, pictures: AnswerPictures, part: Callable[..., None]
) -> None:
    """Each up to its own approval, though the whole's came earlier or later."""
    attach(created, FIRST)
    approval = approve(created)
    part(Standing.APPROVED, SECOND, later=THIRD)
    part(Standing.DROPPED, THIRD)
    found = pictures.of(created.ticket, approval, 10)
    assert [each.content for each in found] == [FIRST, SECOND]
