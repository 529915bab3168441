"""An answer's pictures in the VK sandbox: shown with the answer, which is visible once."""

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from PIL import Image

from bridge.channels import ChannelSettings
from bridge.messages import Address, Picture, Placement
from bridge.networks.vk_settings import CommentPictures
from bridge.publish.port import PublishError, Remedy
from bridge.publish.vk import CREATE_COMMENT, SEND_MESSAGE, VkPublisher
from bridge.publish.vk_upload import MOST
from tests.integration.vk.conftest import without

TEXT = "Яма засыпана, смотрите фотографии."
Publish = Callable[[ChannelSettings], VkPublisher]
DIRECT: Address = {"peer_id": 501, "conversation_message_id": 1}
LOST = ["drop_after_processing", "truncated_body", "garbage"]


def picture(name: str = "яма до.png", form: str = "PNG", size: tuple[int, int] = (8, 6)) -> Picture:
    content = io.BytesIO()
    Image.new("RGB", size, "white").save(content, form)
    return Picture(name, f"image/{form.lower()}", content.getvalue())


def comment_address(vk: Any) -> Address:
    comment = vk.citizens_comment()
    return {"owner_id": comment["owner_id"], "post_id": 1, "comment_id": comment["id"]}


def placement(address: Address, *pictures: Picture) -> Placement:
    return Placement("placement-1", address, TEXT, pictures or (picture(),))


def failure(publisher: VkPublisher, wanted: Placement) -> PublishError:
    with pytest.raises(PublishError) as raised:
        publisher.place(wanted)
    return raised.value


def long_ago() -> datetime:
    return datetime.now(UTC) - timedelta(hours=1)


@pytest.mark.clause("3.4")
def test_message_shows_the_pictures_in_their_order(vk: Any, publisher: VkPublisher) -> None:
    vk.citizens_message()
    sent = [picture("до.png"), picture("после.jpg", "JPEG", (20, 10))]

    publisher.place(placement(DIRECT, *sent))

    (own,) = vk.own_messages()
    urls = [each["photo"]["sizes"][0]["url"] for each in own.attachments]
    assert [requests.get(url, timeout=5).content for url in urls] == [p.content for p in sent]
    assert own.text == TEXT


@pytest.mark.clause("3.4")
@pytest.mark.parametrize(
    ("way", "kind"), [(CommentPictures.PHOTO, "photo"), (CommentPictures.DOCUMENT, "doc")]
)
def test_comment_shows_the_picture_in_the_way_that_is_set(
    vk: Any, channel: ChannelSettings, publisher_with: Publish, way: CommentPictures, kind: str
) -> None:
    publisher = publisher_with(without(channel, comment_pictures=way))

    placed = publisher.place(placement(comment_address(vk)))

    (own,) = vk.own_comments()
    assert [each["type"] for each in own["attachments"]] == [kind]
    assert "/files/" in vk.page(placed.link)


def test_community_without_a_persons_token_shows_pictures_as_documents(
    vk: Any, channel: ChannelSettings, publisher_with: Publish
) -> None:
    publisher_with(without(channel, "user_token")).place(placement(comment_address(vk)))

    (own,) = vk.own_comments()
    assert own["attachments"][0]["doc"]["title"] == "яма до.png"


def test_pictures_that_the_office_places_itself_are_for_a_person(
    vk: Any, channel: ChannelSettings, publisher_with: Publish
) -> None:
    publisher = publisher_with(without(channel, comment_pictures=CommentPictures.BY_HAND))

    raised = failure(publisher, placement(comment_address(vk)))

    assert raised.remedy is Remedy.BY_HAND
    assert vk.own_comments() == []


@pytest.mark.scenario(12)
@pytest.mark.parametrize("fault", LOST)
def test_answer_with_pictures_that_was_lost_on_the_way_back_is_visible_once(
    vk: Any, publisher: VkPublisher, fault: str
) -> None:
    vk.citizens_message()
    for method, wanted in (
        (CREATE_COMMENT, placement(comment_address(vk))),
        (SEND_MESSAGE, placement(DIRECT)),
    ):
        vk.fail(method, fault)
        assert failure(publisher, wanted).remedy is Remedy.LOOK
        assert publisher.find(wanted, long_ago()) is not None
        publisher.place(wanted)

    assert len(vk.own_comments()) == 1
    assert len(vk.own_messages()) == 1


@pytest.mark.parametrize("fault", [*LOST, "drop_before_processing"])
@pytest.mark.parametrize("method", ["photos.getWallUploadServer", "upload", "photos.saveWallPhoto"])
def test_upload_that_was_lost_is_tried_again_for_nobody_saw_it(
    vk: Any, publisher: VkPublisher, method: str, fault: str
) -> None:
    wanted = placement(comment_address(vk))
    vk.fail(method, fault)

    assert failure(publisher, wanted).remedy is Remedy.RETRY
    assert vk.own_comments() == []
    publisher.place(wanted)
    assert len(vk.own_comments()) == 1


@pytest.mark.scenario(22)
@pytest.mark.parametrize("method", ["photos.getMessagesUploadServer", "photos.saveMessagesPhoto"])
def test_flood_control_on_an_upload_pauses_the_channel_and_shows_nothing(
    vk: Any, publisher: VkPublisher, method: str
) -> None:
    vk.citizens_message()
    vk.fail(method, "error", code=9)

    raised = failure(publisher, placement(DIRECT))

    assert (raised.remedy, raised.code) == (Remedy.PAUSE, "9")
    assert vk.own_messages() == []
    publisher.place(placement(DIRECT))
    assert len(vk.own_messages()) == 1


def test_broken_persons_token_does_not_hold_up_the_channel(
    vk: Any,
    channel: ChannelSettings,
    publisher_with: Publish,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TEST_VK_USER_TOKEN", "revoked")

    raised = failure(publisher_with(channel), placement(comment_address(vk)))

    assert (raised.remedy, raised.code) == (Remedy.BY_HAND, "5")
    assert "user_token" in raised.meaning


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (Picture("акт.jpg", "image/jpeg", b"%PDF-1.7 no picture"), "не изображение"),
        (Picture("пусто.jpg", "image/jpeg", b""), "файл пуст"),
        (picture("узкая.png", size=(21, 1)), "длиннее другой"),
        (picture("огромная.gif", "GIF", (14_001, 700)), "больше 14000 точек"),
        (picture("карта.bmp", "BMP"), "JPG, PNG и GIF"),
    ],
)
def test_picture_that_vk_would_not_take_is_named_before_anything_is_sent(
    vk: Any, publisher: VkPublisher, wrong: Picture, words: str
) -> None:
    vk.citizens_message()

    raised = failure(publisher, placement(DIRECT, picture(), wrong))

    assert (raised.remedy, raised.code) == (Remedy.BY_HAND, "picture")
    assert wrong.name in raised.meaning
    assert words in raised.meaning
    assert vk.sandbox.calls.all() == []


def test_as_many_pictures_as_a_message_takes_are_shown(vk: Any, publisher: VkPublisher) -> None:
    vk.citizens_message()

    publisher.place(placement(DIRECT, *(picture(f"{number}.png") for number in range(6))))

    (own,) = vk.own_messages()
    assert len(own.attachments) == 6 <= MOST


def test_answer_of_vk_is_kept_as_a_json_text_for_saving(vk: Any) -> None:
    """The form that the documentation shows: `photo` is text, and `[]` when it was refused."""
    key = vk.sandbox.world.files.open_server("photo")
    for field, expected in (("photo", 1), ("file0", 1), ("picture", 0)):
        files = {field: ("a.png", picture().content, "image/png")}
        answer = requests.post(f"{vk.url}/upload/{key}", files=files, timeout=5).json()
        assert set(answer) == {"server", "photo", "hash"}
        assert len(json.loads(answer["photo"])) == expected


@pytest.mark.parametrize("status", [404, 410])
def test_links_of_files_expire(vk: Any, publisher: VkPublisher, status: int) -> None:
    vk.citizens_message()
    publisher.place(placement(DIRECT))
    url = vk.own_messages()[0].attachments[0]["photo"]["sizes"][0]["url"]
    vk.write("files/expire", status=status)

    assert requests.get(url, timeout=5).status_code == status
