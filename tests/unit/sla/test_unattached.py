"""Whoever answers learns once which of the citizen's files are not in the ticket."""

import pytest

from bridge.sla.effects import UpdateTicket
from bridge.sla.unattached import NOTE_LIMIT, UnattachedFile, note_on_files, numbers_told

pytestmark = pytest.mark.clause("3.7.3")


def notes(*numbers: int) -> list[UpdateTicket]:
    files = [
        UnattachedFile(number, f"Фото: https://vk.com/{number}.jpg", "файл пуст")
        for number in numbers
    ]
    return list(note_on_files(files))


def test_several_files_are_told_in_one_note_that_changes_nothing_else() -> None:
    (update,) = notes(4, 5)
    assert update.note
    assert update.note.values["files"] == (
        "* Фото: https://vk.com/4.jpg (файл пуст)\n* Фото: https://vk.com/5.jpg (файл пуст)"
    )
    assert (update.status, update.fields, update.due_date) == (None, {}, None)
    assert notes() == []


def test_a_notes_key_says_which_files_it_tells_of() -> None:
    (update,) = notes(4, 5)
    assert numbers_told([update.key, "addition:7"]) == {4, 5}


def test_many_files_are_told_in_several_notes_with_keys_that_fit() -> None:
    many = range(1_000_000_000, 1_000_000_000 + 2 * NOTE_LIMIT)
    (first,) = notes(*many)
    assert numbers_told([first.key]) == set(many[:NOTE_LIMIT])
    assert len(first.key) <= 128
