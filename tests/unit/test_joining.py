"""Several direct messages in a row are one, as long as they come in one breath."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bridge.joining import belongs_to, joined
from bridge.messages import Attachment, Visibility
from tests.store_contract.rows import NOW, message

WINDOW = timedelta(seconds=120)
DIRECT = replace(message(), visibility=Visibility.DIRECT, attachments=())


@pytest.mark.parametrize(
    ("seconds", "belongs"), [(-1, False), (0, True), (5, True), (119, True), (120, False)]
)
def test_message_within_the_window_belongs_to_the_first(seconds: int, belongs: bool) -> None:
    later = replace(DIRECT, posted_at=NOW + timedelta(seconds=seconds))

    assert belongs_to(later, NOW, WINDOW) is belongs


def test_office_that_wants_no_joining_has_none() -> None:
    assert not belongs_to(DIRECT, NOW, timedelta(0))


def test_comment_stands_by_itself() -> None:
    assert not belongs_to(message(), NOW, WINDOW)


def test_text_is_a_line_for_each_with_the_files_of_all() -> None:
    picture = Attachment("photo", "https://sun.example/1.jpg")
    first = replace(DIRECT, text="На улице Ленина")
    second = replace(DIRECT, text="", attachments=(picture,))
    third = replace(DIRECT, external_id="im1_2_3", text="огромная яма")

    whole = joined(first, [second, third])

    assert whole.text == "На улице Ленина\nогромная яма"
    assert whole.attachments == (picture,)
    assert whole.id == first.id


def test_message_that_stands_alone_is_left_as_written() -> None:
    assert joined(DIRECT, []) == DIRECT
