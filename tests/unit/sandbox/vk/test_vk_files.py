"""Uploaded files: what an upload server answers, and links that expire."""

import io
import json

import pytest
from PIL import Image

from sandbox.clock import ManualClock
from sandbox.vk.errors import VkError
from sandbox.vk.files import FileKind, Files, Upload

BASE = "http://vk.test/"


def photo(form: str = "PNG", size: tuple[int, int] = (8, 6)) -> Upload:
    content = io.BytesIO()
    Image.new("RGB", size).save(content, form)
    return Upload("a.png", content.getvalue(), "image/png")


@pytest.fixture
def files(clock: ManualClock) -> Files:
    return Files(clock)


def test_uploaded_photo_is_saved_with_its_measures_and_link(files: Files) -> None:
    sent = files.receive(files.open_server(FileKind.PHOTO), photo())

    saved = files.save_photo(sent["photo"], sent["server"], sent["hash"], -1001, BASE)

    (size,) = saved["sizes"]
    assert (size["width"], size["height"]) == (8, 6)
    assert size["url"].startswith(f"{BASE}files/")
    assert files.attachment("photo", -1001, saved["id"]) == {"type": "photo", "photo": saved}


@pytest.mark.parametrize(
    "upload",
    [
        None,
        Upload("a.png", b"no picture", "image/png"),
        photo("BMP"),
        photo(size=(21, 1)),
        photo(size=(13_000, 1_001)),
    ],
)
def test_what_is_no_photo_gets_an_empty_list_as_text(files: Files, upload: Upload | None) -> None:
    sent = files.receive(files.open_server(FileKind.PHOTO), upload)

    assert json.loads(sent["photo"]) == []


@pytest.mark.parametrize(
    ("field", "wrong", "code"), [("server", 1, 118), ("hash", "x", 121), ("photo", "[1]", 121)]
)
def test_photo_is_saved_only_with_what_the_upload_server_answered(
    files: Files, field: str, wrong: object, code: int
) -> None:
    sent = files.receive(files.open_server(FileKind.PHOTO), photo()) | {field: wrong}

    with pytest.raises(VkError) as raised:
        files.save_photo(sent["photo"], sent["server"], sent["hash"], -1001, BASE)
    assert raised.value.code == code


def test_document_keeps_its_title(files: Files) -> None:
    sent = files.receive(files.open_server(FileKind.DOC), photo())

    saved = files.save_document(sent["file"], "акт.png", -1001, BASE)

    assert (saved["title"], saved["ext"]) == ("акт.png", "png")
    with pytest.raises(VkError):
        files.save_document("another", "", -1001, BASE)


def test_expired_links_are_those_given_before(files: Files) -> None:
    old = files.store(FileKind.PHOTO, 501, photo(), BASE)
    files.expire(410)
    new = files.store(FileKind.PHOTO, 501, photo(), BASE)

    assert files.expired(old.key) == 410
    assert files.expired(new.key) is None
    assert files.by_key(old.key) == old
