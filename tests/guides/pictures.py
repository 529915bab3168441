"""The pictures of the guides: which of them are used, and how a page's picture gets its size."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image

from bridge.settings import PROJECT

PICTURES: Final = PROJECT / "docs" / "ru" / "pictures"
GUIDES: Final = (PROJECT / "README.md", *sorted((PROJECT / "docs" / "ru").glob("*.md")))
LARGEST: Final = (1200, 1000)
"""Pixels, width and height: as wide as a page of documentation, and not longer than wide."""
LARGEST_OF_A_PHONE: Final = (390, 844)
COLOURS: Final = 256

_USE: Final = re.compile(r"!\[([^\]]*)\]\(([^)\s]*pictures/([\w-]+)\.png)\)")


@dataclass(frozen=True)
class Use:
    """A picture in a guide, with the words for those who do not see it."""

    guide: Path
    name: str
    words: str
    link: str

    @property
    def file(self) -> Path:
        """Where the guide's link leads."""
        return (self.guide.parent / self.link).resolve()


def uses(guide: Path) -> Iterator[Use]:
    """The pictures that one guide shows."""
    for words, link, name in _USE.findall(guide.read_text(encoding="utf-8")):
        yield Use(guide, name, words, link)


def largest(name: str) -> tuple[int, int]:
    """Width and height that a picture of this name may have."""
    return LARGEST_OF_A_PHONE if name.endswith("-phone") else LARGEST


def reduced(taken: bytes, limits: tuple[int, int]) -> bytes:
    """The upper part of the page, as small a PNG as still reads well; nothing but the picture."""
    with Image.open(io.BytesIO(taken)) as page:
        picture = page.convert("RGB")
    width, height = limits
    if picture.width > width:
        lines = round(picture.height * width / picture.width)
        picture = picture.resize((width, lines), Image.Resampling.LANCZOS)
    picture = picture.crop((0, 0, picture.width, min(picture.height, height)))
    written = io.BytesIO()
    # Colours that are few but tell something, of badges and borders, are kept by this method.
    method, dither = Image.Quantize.MAXCOVERAGE, Image.Dither.NONE
    picture.quantize(COLOURS, method=method, dither=dither).save(written, "PNG", optimize=True)
    return written.getvalue()
