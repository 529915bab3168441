"""The guides' pictures: each is used, there, small, and told in words."""

import io
import re

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from tests.guides.pictures import GUIDES, PICTURES, Use, largest, reduced, uses

USES = [use for guide in GUIDES for use in uses(guide)]
ALL_OF_THEM = 1_500_000
"""Bytes: what everybody who fetches the project fetches, too."""
RUSSIAN = re.compile(r"[А-ЯЁ«].{20,}")
ENGLISH = re.compile(r"[A-Z].{20,}")


@pytest.mark.parametrize("use", USES, ids=lambda use: f"{use.guide.stem}-{use.name}")
def test_a_picture_in_a_guide_is_there_and_told_in_the_guides_language(use: Use) -> None:
    assert use.file == PICTURES / f"{use.name}.png"
    assert use.file.is_file()
    language = RUSSIAN if use.guide.parent.name == "ru" else ENGLISH
    assert language.fullmatch(use.words), use.words


def test_every_picture_is_shown_in_a_guide() -> None:
    assert {path.name for path in PICTURES.iterdir()} == {f"{use.name}.png" for use in USES}


@pytest.mark.parametrize("name", sorted({use.name for use in USES}))
def test_a_picture_is_a_png_of_few_colours_with_nothing_else_in_it(name: str) -> None:
    width, height = largest(name)
    with Image.open(PICTURES / f"{name}.png") as picture:
        assert picture.format == "PNG"
        assert picture.mode == "P"
        assert picture.width <= width
        assert picture.height <= height
        assert set(picture.info) <= {"transparency"}


def test_all_pictures_together_are_fetched_quickly() -> None:
    assert sum(path.stat().st_size for path in PICTURES.iterdir()) < ALL_OF_THEM


@pytest.mark.parametrize(
    ("name", "taken", "becomes"),
    [
        ("board", (1345, 2097), (1200, 1000)),
        ("login", (1000, 400), (1000, 400)),
        ("board-phone", (780, 9770), (390, 844)),
    ],
)
def test_a_pages_picture_is_made_smaller_and_cut_at_its_foot(
    name: str, taken: tuple[int, int], becomes: tuple[int, int]
) -> None:
    page = io.BytesIO()
    Image.new("RGB", taken, "white").save(page, "PNG", pnginfo=_notes())
    with Image.open(io.BytesIO(reduced(page.getvalue(), largest(name)))) as picture:
        assert picture.size == becomes
        assert picture.info == {}


def _notes() -> PngInfo:
    notes = PngInfo()
    notes.add_text("Author", "somebody")
    return notes
