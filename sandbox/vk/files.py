"""Uploaded pictures and documents, and the links under which VK shows them.

Links of VK are signed and expire: `expire` lets those that were given until then.
"""

import io
import itertools
import json
import secrets
from dataclasses import dataclass, field
from enum import StrEnum

from PIL import Image, UnidentifiedImageError

from sandbox.clock import Clock
from sandbox.vk.errors import VkError, bad_parameter
from sandbox.vk.model import JsonObject
from sandbox.vk.payloads import unixtime

_PHOTO_FORMATS = frozenset({"JPEG", "PNG", "GIF"})
_LONGEST_SIDES = 14_000
_THINNEST = 20
_UPLOAD_SERVER = 856_312


class FileKind(StrEnum):
    """How a file is attached."""

    PHOTO = "photo"
    DOC = "doc"


@dataclass(frozen=True)
class Upload:
    """A file as it was sent to an upload server."""

    name: str
    content: bytes = field(repr=False)
    content_type: str


@dataclass(frozen=True)
class StoredFile:
    """A file that can be attached; `key` signs its link."""

    kind: FileKind
    owner_id: int
    id: int
    upload: Upload
    attachment: JsonObject
    key: str


class Files:
    """All files of this VK, and those on their way into it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ids = itertools.count(457_239_017)
        self._servers: dict[str, FileKind] = {}
        self._uploaded: dict[str, Upload] = {}
        self._stored: dict[tuple[str, int, int], StoredFile] = {}
        self._expired: dict[str, int] = {}

    def open_server(self, kind: FileKind) -> str:
        """The key of an upload server for one file."""
        key = secrets.token_hex(8)
        self._servers[key] = kind
        return key

    def receive(self, key: str, upload: Upload | None) -> JsonObject:
        """What the upload server answers; raises error 104 when there is no such server."""
        kind = self._servers.get(key)
        if kind is None:
            raise VkError(104)
        if kind is FileKind.DOC:
            return {"file": self._keep(upload)} if upload else {"error": "no_file"}
        if upload is None or not is_photo(upload.content):
            return {"server": _UPLOAD_SERVER, "photo": "[]", "hash": secrets.token_hex(8)}
        name = self._keep(upload)
        photo = json.dumps([{"photo": name, "sizes": [], "kid": name}])
        return {"server": _UPLOAD_SERVER, "photo": photo, "hash": name}

    def save_photo(
        self, photo: str, server: int, hash_: str, owner_id: int, base_url: str
    ) -> JsonObject:
        """The photo that was uploaded; raises errors 100, 118 and 121."""
        if server != _UPLOAD_SERVER:
            raise VkError(118)
        upload = self._uploaded.get(hash_)
        if upload is None or hash_ not in photo:
            raise VkError(121)
        stored = self.store(FileKind.PHOTO, owner_id, upload, base_url)
        shown: JsonObject = stored.attachment["photo"]
        return shown

    def save_document(self, file: str, title: str, owner_id: int, base_url: str) -> JsonObject:
        """The document that was uploaded; raises error 100."""
        upload = self._uploaded.get(file)
        if upload is None:
            raise bad_parameter("file is invalid")
        named = Upload(title or upload.name, upload.content, upload.content_type)
        shown: JsonObject = self.store(FileKind.DOC, owner_id, named, base_url).attachment["doc"]
        return shown

    def store(self, kind: FileKind, owner_id: int, upload: Upload, base_url: str) -> StoredFile:
        """Keep a file and give it its link."""
        number, key = next(self._ids), secrets.token_hex(8)
        url = f"{base_url}files/{key}/{number}"
        shown = self._photo(upload, url) if kind is FileKind.PHOTO else _document(upload, url)
        item = {"id": number, "owner_id": owner_id, "access_key": key, **shown}
        attachment: JsonObject = {"type": kind.value, kind.value: item}
        stored = StoredFile(kind, owner_id, number, upload, attachment, key)
        self._stored[kind, owner_id, number] = stored
        return stored

    def attachment(self, kind: str, owner_id: int, item_id: int) -> JsonObject | None:
        """The file as VK shows it with a comment or message; None when there is none."""
        stored = self._stored.get((kind, owner_id, item_id))
        return stored.attachment if stored else None

    def by_key(self, key: str) -> StoredFile | None:
        """The file whose link has this key."""
        return next((each for each in self._stored.values() if each.key == key), None)

    def expire(self, status: int) -> None:
        """Let every link that was given until now be answered with this HTTP status."""
        self._expired = {each.key: status for each in self._stored.values()}

    def expired(self, key: str) -> int | None:
        """The HTTP status of a link that has expired."""
        return self._expired.get(key)

    def _keep(self, upload: Upload) -> str:
        name = secrets.token_hex(12)
        self._uploaded[name] = upload
        return name

    def _photo(self, upload: Upload, url: str) -> JsonObject:
        width, height = _size(upload.content) or (0, 0)
        return {
            "album_id": -3,
            "date": unixtime(self._clock()),
            "text": "",
            "sizes": [{"type": "w", "url": url, "width": width, "height": height}],
        }


def is_photo(content: bytes) -> bool:
    """Whether VK takes this as a photo."""
    size = _size(content)
    if size is None:
        return False
    return sum(size) <= _LONGEST_SIDES and max(size) <= _THINNEST * min(size)


def _size(content: bytes) -> tuple[int, int] | None:
    try:
        image = Image.open(io.BytesIO(content))
    except (UnidentifiedImageError, OSError):
        return None
    return image.size if image.format in _PHOTO_FORMATS else None


def _document(upload: Upload, url: str) -> JsonObject:
    extension = upload.name.rpartition(".")[2]
    return {"title": upload.name, "size": len(upload.content), "ext": extension, "url": url}
