"""A file is what its content says, not what it is called."""

import zipfile
import zlib
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.fetching.file_kinds import PICTURES, recognise
from bridge.fetching.refusals import NotFetched, Reason
from sandbox.files import PAGE, picture


def archive(*names: str, mimetype: str = "") -> bytes:
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        if mimetype:
            packed.writestr("mimetype", mimetype)
        for name in names:
            packed.writestr(name, "<xml/>")
    return content.getvalue()


ARCHIVE = archive("content.xml", mimetype="application/vnd.oasis.opendocument.text")


def bomb(pixels: int) -> bytes:
    """A picture whose header promises a side of so many pixels."""
    content = bytearray(picture(kind="PNG"))
    content[16:24] = pixels.to_bytes(4, "big") * 2
    content[29:33] = zlib.crc32(content[12:29]).to_bytes(4, "big")
    return bytes(content)


@pytest.mark.parametrize(
    ("content", "content_type", "suffix"),
    [
        (picture(), "image/jpeg", ".jpg"),
        (picture(kind="PNG"), "image/png", ".png"),
        (picture(kind="GIF"), "image/gif", ".gif"),
        (picture(kind="WEBP"), "image/webp", ".webp"),
        (b"%PDF-1.7\n", "application/pdf", ".pdf"),
        (b"ID3\x04\x00", "audio/mpeg", ".mp3"),
        (b"\xff\xfb\x90\x64", "audio/mpeg", ".mp3"),
        (b"OggS\x00\x02", "audio/ogg", ".ogg"),
        (b"\x00\x00\x00\x18ftypmp42", "video/mp4", ".mp4"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword", ".doc"),
        (archive("readme.txt"), "application/zip", ".zip"),
    ],
)
def test_kinds_are_recognised(content: bytes, content_type: str, suffix: str) -> None:
    kind = recognise(content)
    assert (kind.content_type, kind.suffix) == (content_type, suffix)


@pytest.mark.parametrize(
    ("content", "suffix"),
    [
        (archive("[Content_Types].xml", "word/document.xml"), ".docx"),
        (archive("[Content_Types].xml", "xl/workbook.xml"), ".xlsx"),
        (archive("[Content_Types].xml", "ppt/presentation.xml"), ".pptx"),
        (archive("content.xml", mimetype="application/vnd.oasis.opendocument.text"), ".odt"),
        (archive("content.xml", mimetype="text/html"), ".zip"),
        (archive("content.xml", mimetype="x" * 5000), ".zip"),
    ],
)
def test_documents_of_offices_are_told_from_other_archives(content: bytes, suffix: str) -> None:
    assert recognise(content).suffix == suffix


@pytest.mark.parametrize(
    "content",
    [
        PAGE,
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"MZ\x90\x00",
        b"\x7fELF",
        b"#!/bin/sh\n",
        b"PK\x03\x04 and nothing more",
        b"\xff\xd8\xff and no picture",
        b"\x89PNG\r\n\x1a\n",
        b"BM" + bytes(100),
        b"x",
    ],
)
def test_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises(NotFetched) as refusal:
        recognise(content)
    assert refusal.value.reason is Reason.NOT_ALLOWED
    assert not refusal.value.is_passing


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([*(picture(kind=kind) for kind in PICTURES), ARCHIVE]),
    st.lists(st.tuples(st.integers(0, 200), st.integers(0, 255)), max_size=8),
    st.integers(0, 2000),
)
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_damaged_file_is_recognised_or_refused(
    content: bytes, damages: list[tuple[int, int]], length: int
) -> None:
    damaged = bytearray(content[:length])
    for place, value in damages:
        damaged[place : place + 1] = bytes([value])
    with suppress(NotFetched):
        assert recognise(bytes(damaged)).suffix


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(NotFetched) as refusal:
        recognise(b"")
    assert refusal.value.reason is Reason.EMPTY


@pytest.mark.parametrize("side", [30_000, 2_000_000])
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_picture_that_would_unfold_to_gigabytes_is_refused_unopened(side: int) -> None:
    with pytest.raises(NotFetched) as refusal:
        recognise(bomb(side))
    assert refusal.value.reason is Reason.TOO_MANY_PIXELS


def test_a_reason_reads_as_the_end_of_a_sentence() -> None:
    for reason in Reason:
        meaning = NotFetched(reason).meaning
        assert meaning[0].islower()
        assert not meaning.endswith(".")
