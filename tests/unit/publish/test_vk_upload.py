"""Uploads end in time, and VK's answers that are not of its form are tried again."""

import io
from collections.abc import Iterator

import pytest
import responses
from PIL import Image
from pydantic import SecretStr

from bridge.channels import ChannelsFile
from bridge.config.document import parse_document
from bridge.messages import Picture
from bridge.networks.vk_api import VkClient
from bridge.networks.vk_clients import VkClients
from bridge.publish.port import PublishError, Remedy
from bridge.publish.vk_upload import TIME_IN_ALL, VkUpload
from tests.unit.publish.test_vk_errors import CHANNEL

API = "http://vk.invalid/method"
SERVER = "https://vk.invalid/upload?secret=1"
SENT = {"server": 5, "photo": "[{}]", "hash": "h"}
SAVED = [{"id": 7, "owner_id": -1001, "access_key": "k"}]


class Watch:
    """So many seconds go by at each look."""

    def __init__(self, step: float) -> None:
        self._ticks: Iterator[int] = iter(range(1000))
        self._step = step

    def __call__(self) -> float:
        return next(self._ticks) * self._step


def picture() -> Picture:
    content = io.BytesIO()
    Image.new("RGB", (4, 3)).save(content, "PNG")
    return Picture("яма.png", "image/png", content.getvalue())


def upload(step: float = 0.0) -> VkUpload:
    vk = parse_document(CHANNEL, ChannelsFile, "channels.yaml").channels[0].vk_section
    return VkUpload(vk, VkClients(VkClient(API, SecretStr("token-c"), "5.199")), Watch(step))


def answer_with(server: object = None, sent: object = None, saved: object = None) -> None:
    got = {"upload_url": SERVER} if server is None else server
    responses.post(f"{API}/photos.getMessagesUploadServer", json={"response": got})
    responses.post(SERVER, json=SENT if sent is None else sent)
    response = SAVED if saved is None else saved
    responses.post(f"{API}/photos.saveMessagesPhoto", json={"response": response})


@responses.activate
def test_pictures_are_named_as_parameters_write_them() -> None:
    answer_with()

    assert upload().for_message(501, [picture(), picture()]) == "photo-1001_7_k,photo-1001_7_k"


@responses.activate
def test_uploads_that_take_too_long_show_nothing_and_are_tried_again() -> None:
    answer_with()

    with pytest.raises(PublishError) as raised:
        upload(step=TIME_IN_ALL / 2 + 1).for_message(501, [picture(), picture()])
    assert (raised.value.remedy, raised.value.code) == (Remedy.RETRY, "upload_slow")


@responses.activate
@pytest.mark.parametrize("photo", ["", "[]", None])
def test_picture_that_the_upload_server_rejects_is_named(photo: str | None) -> None:
    answer_with(sent={"server": 5, "photo": photo, "hash": "h"})

    with pytest.raises(PublishError) as raised:
        upload().for_message(501, [picture()])
    assert raised.value.remedy is Remedy.BY_HAND
    assert "«яма.png»" in raised.value.meaning


@responses.activate
@pytest.mark.parametrize(
    "wrong",
    [
        {"server": {}},
        {"server": {"upload_url": "file:///etc/passwd"}},
        {"server": {"upload_url": "https://169.254.169.254/latest"}},
        {"sent": []},
        {"saved": []},
        {"saved": [{"id": "7"}]},
        {"saved": {}},
    ],
)
def test_answer_that_is_not_of_vks_form_is_tried_again(wrong: dict[str, object]) -> None:
    answer_with(**wrong)

    with pytest.raises(PublishError) as raised:
        upload().for_message(501, [picture()])
    assert raised.value.remedy is Remedy.RETRY


@responses.activate
def test_address_of_the_upload_is_in_no_error() -> None:
    responses.post(
        f"{API}/photos.getMessagesUploadServer", json={"response": {"upload_url": SERVER}}
    )

    with pytest.raises(PublishError) as raised:
        upload().for_message(501, [picture()])

    chain = (raised.value, raised.value.__cause__, raised.value.__context__)
    assert not any("secret=1" in str(each) for each in chain)
