"""A long answer goes out in parts that a citizen can read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.publish.rendering import TooLong
from bridge.publish.splitting import MOST_PARTS, split

SENTENCE = "Яму на улице Ленина заделаем до пятницы. "


def test_what_fits_is_one_part_as_it_is() -> None:
    assert split("Яму заделаем.", 13) == ("Яму заделаем.",)


def test_parts_end_with_sentences_and_are_numbered() -> None:
    parts = split(SENTENCE * 6, 100)
    assert len(parts) > 1
    for number, part in enumerate(parts, 1):
        text, mark = part.rsplit("\n", 1)
        assert text.endswith("пятницы.")
        assert mark == f"({number}/{len(parts)})"


def test_a_paragraph_is_kept_whole_where_it_fits() -> None:
    first, second = split(f"{SENTENCE * 2}\n\n{SENTENCE * 2}", 120)
    assert first.count("пятницы") == second.count("пятницы") == 2


def test_a_text_without_a_place_to_cut_is_cut_all_the_same() -> None:
    assert all(len(part) <= 60 for part in split("а" * 150, 60))


def test_what_would_take_too_many_parts_is_left_to_a_person() -> None:
    with pytest.raises(TooLong):
        split(SENTENCE * 40, 120)


@given(
    words=st.lists(st.text("абв.!? \n", min_size=1, max_size=30), min_size=1, max_size=40),
    limit=st.integers(min_value=100, max_value=300),
)
def test_no_word_is_lost_and_no_part_is_too_long(words: list[str], limit: int) -> None:
    text = " ".join(words).strip()
    try:
        parts = split(text, limit)
    except TooLong:
        return
    assert len(parts) <= MOST_PARTS
    assert all(len(part) <= limit for part in parts)
    marked = len(parts) > 1
    bare = [part.rsplit("\n(", 1)[0] if marked else part for part in parts]
    assert "".join("".join(bare).split()) == "".join(text.split())
