"""What a file is, by its content: neither its name nor what a server says of it counts.

Pictures are opened as far as their header: a small file may unfold to gigabytes.
"""

import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image, UnidentifiedImageError

from bridge.fetching.refusals import NotFetched, Reason


@dataclass(frozen=True)
class FileKind:
    """A kind of file that is taken, and the end that its name gets."""

    content_type: str
    suffix: str


MOST_PIXELS: Final = 100_000_000
PICTURES: Final = {
    "JPEG": FileKind("image/jpeg", ".jpg"),
    "PNG": FileKind("image/png", ".png"),
    "GIF": FileKind("image/gif", ".gif"),
    "WEBP": FileKind("image/webp", ".webp"),
}
"""By Pillow's name of the format."""

_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_ZIP: Final = FileKind("application/zip", ".zip")
_ZIP_PARTS: Final = {
    "word/document.xml": FileKind(f"{_OFFICE}wordprocessingml.document", ".docx"),
    "xl/workbook.xml": FileKind(f"{_OFFICE}spreadsheetml.sheet", ".xlsx"),
    "ppt/presentation.xml": FileKind(f"{_OFFICE}presentationml.presentation", ".pptx"),
}
"""By the part that each kind of Office's documents has."""
_OPEN_DOCUMENTS: Final = {
    f"application/vnd.oasis.opendocument.{name}": suffix
    for name, suffix in (("text", ".odt"), ("spreadsheet", ".ods"), ("presentation", ".odp"))
}
_LONGEST_MIMETYPE: Final = 100
_BROKEN_ARCHIVE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
"""All that reading one may raise."""
_SIGNATURES: Final[tuple[tuple[int, bytes, FileKind], ...]] = (
    (0, b"%PDF-", FileKind("application/pdf", ".pdf")),
    (0, b"ID3", FileKind("audio/mpeg", ".mp3")),
    (0, b"\xff\xfb", FileKind("audio/mpeg", ".mp3")),
    (0, b"\xff\xf3", FileKind("audio/mpeg", ".mp3")),
    (0, b"\xff\xf2", FileKind("audio/mpeg", ".mp3")),
    (0, b"OggS", FileKind("audio/ogg", ".ogg")),
    (4, b"ftyp", FileKind("video/mp4", ".mp4")),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileKind("application/msword", ".doc")),
)
"""Offset and bytes; the last is the container of Office's old documents, of whichever program."""


def recognise(content: bytes) -> FileKind:
    """The kind of the content. Raises `NotFetched` when it is none that is taken."""
    if not content:
        raise NotFetched(Reason.EMPTY)
    for look in _LOOKS:
        kind = look(content)
        if kind:
            return kind
    raise NotFetched(Reason.NOT_ALLOWED)


def recognise_picture(content: bytes) -> FileKind | None:
    """The kind of a picture; None for anything else. Raises `NotFetched` for a huge one."""
    try:
        with Image.open(BytesIO(content), formats=tuple(PICTURES)) as picture:
            width, height = picture.size
            kind = PICTURES[picture.format or ""]
    except Image.DecompressionBombError as error:
        raise NotFetched(Reason.TOO_MANY_PIXELS) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, KeyError):
        return None
    if width * height > MOST_PIXELS:
        raise NotFetched(Reason.TOO_MANY_PIXELS)
    return kind


def _signed(content: bytes) -> FileKind | None:
    for offset, signature, kind in _SIGNATURES:
        if content[offset : offset + len(signature)] == signature:
            return kind
    return None


def _packed(content: bytes) -> FileKind | None:
    if not content.startswith(b"PK\x03\x04"):
        return None
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return _inside(archive)
    except _BROKEN_ARCHIVE:
        return None


def _inside(archive: zipfile.ZipFile) -> FileKind:
    parts = {entry.filename: entry for entry in archive.infolist()}
    for name, kind in _ZIP_PARTS.items():
        if name in parts:
            return kind
    mimetype = parts.get("mimetype")
    if mimetype is None or mimetype.file_size > _LONGEST_MIMETYPE:
        return _ZIP
    with archive.open(mimetype) as told:
        content_type = told.read(_LONGEST_MIMETYPE).decode("ascii", "replace")
    suffix = _OPEN_DOCUMENTS.get(content_type)
    return FileKind(content_type, suffix) if suffix else _ZIP


_LOOKS: Final[tuple[Callable[[bytes], FileKind | None], ...]] = (
    recognise_picture,
    _packed,
    _signed,
)
