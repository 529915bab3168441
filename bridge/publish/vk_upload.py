"""Uploads an answer's pictures to VK, so that a comment or message can show them.

An upload shows nothing to anybody and may be repeated at will; only the call that names it does.

https://dev.vk.com/ru/api/upload/photo-in-message, https://dev.vk.com/ru/api/upload/wall-photo,
https://dev.vk.com/ru/api/upload/document-in-message
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Final

import requests

from bridge.http_environment import settle_environment
from bridge.messages import Picture
from bridge.networks.told_address import NotToBeCalled, told_address
from bridge.networks.vk_api import VK_CALLS, VkClient, VkFailure, VkNoAnswer
from bridge.networks.vk_clients import VkClients
from bridge.networks.vk_settings import CommentPictures, VkSettings
from bridge.publish.port import PublishError, Remedy
from bridge.publish.vk_errors import nothing_visible_failed, persons_token_failed
from bridge.publish.vk_pictures import photo_format, refused, require_size

MOST: Final = 10
"""Attachments of one message or comment."""
UPLOAD_TIMEOUT: Final = (3.05, 10.0)
TIME_IN_ALL: Final = 30.0
"""Seconds for all pictures of an answer. With the visible call after them a worker must be done
before its lease on the ticket runs out: after that another one may be placing the answer."""

_UPLOAD: Final = "upload"
_TOO_SLOW: Final = "Фотографии загружаются во ВКонтакте слишком долго. Робот повторит попытку сам."
_NO_PICTURES: Final = (
    "К ответу приложены фотографии (пункт 3.4), а размещать их в комментариях в настройках канала "
    "запрещено (comment_pictures). Разместите ответ вручную."
)
_REJECTED: Final = "ВКонтакте не принял файл"


@dataclass(frozen=True)
class _PhotoWay:
    """The two methods around an upload, and what each must be told."""

    get_server: str
    where: Mapping[str, int]
    save: str
    saved_where: Mapping[str, int]


class VkUpload:
    """One community's uploads. Keep one per worker."""

    def __init__(
        self,
        vk: VkSettings,
        clients: VkClients,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._vk = vk
        self._clients = clients
        self._monotonic = monotonic
        self._session = requests.Session()
        settle_environment(self._session, vk.api_url)

    def for_message(self, peer_id: int, pictures: Sequence[Picture]) -> str:
        """The pictures as attachments of a message to this peer. Raises `PublishError`."""
        way = _PhotoWay(
            "photos.getMessagesUploadServer", {"peer_id": peer_id}, "photos.saveMessagesPhoto", {}
        )
        _check_all(pictures, photo_format)
        return self._all(pictures, lambda each: self._photo(self._clients.community, way, each))

    def for_comment(self, pictures: Sequence[Picture]) -> str:
        """The pictures as attachments of a comment of the community's. Raises `PublishError`."""
        match self._vk.pictures_in_comments:
            case CommentPictures.PHOTO:
                _check_all(pictures, photo_format)
                return self._all(pictures, self._wall_photo)
            case CommentPictures.DOCUMENT:
                _check_all(pictures, require_size)
                return self._all(pictures, self._document)
            case CommentPictures.BY_HAND:
                raise PublishError(Remedy.BY_HAND, "photos", _NO_PICTURES)

    def _all(self, pictures: Sequence[Picture], upload: Callable[[Picture], str]) -> str:
        began = self._monotonic()
        attachments = []
        for picture in pictures:
            attachments.append(self._one(picture, upload))
            if self._monotonic() - began > TIME_IN_ALL:
                raise PublishError(Remedy.RETRY, "upload_slow", _TOO_SLOW)
        return ",".join(attachments)

    def _one(self, picture: Picture, upload: Callable[[Picture], str]) -> str:
        try:
            return upload(picture)
        except VkFailure as failure:
            raise _named(nothing_visible_failed(failure), picture) from failure

    def _wall_photo(self, picture: Picture) -> str:
        if self._clients.person is None:
            raise LookupError("comment_pictures is photo without a user_token")
        group = {"group_id": self._vk.group_id}
        way = _PhotoWay("photos.getWallUploadServer", group, "photos.saveWallPhoto", group)
        try:
            return self._photo(self._clients.person, way, picture)
        except VkFailure as failure:
            raise persons_token_failed(nothing_visible_failed(failure)) from failure

    def _photo(self, client: VkClient, way: _PhotoWay, picture: Picture) -> str:
        form = photo_format(picture)
        server = client.call(way.get_server, **way.where)
        file = (f"photo.{form.extension}", picture.content, form.content_type)
        sent = self._send(server, "photo", file)
        photo = _text(sent, "photo")
        if photo in ("", "[]"):
            raise refused(picture, _REJECTED)
        saved = client.call(
            way.save,
            photo=photo,
            server=_text(sent, "server"),
            hash=_text(sent, "hash"),
            **way.saved_where,
        )
        return _attachment("photo", _first(saved), way.save)

    def _document(self, picture: Picture) -> str:
        community = self._clients.community
        server = community.call("docs.getWallUploadServer", group_id=self._vk.group_id)
        file = (_plain_name(picture), picture.content, picture.content_type)
        uploaded = _text(self._send(server, "file", file), "file")
        if not uploaded:
            raise refused(picture, _REJECTED)
        saved = community.call("docs.save", file=uploaded, title=picture.name)
        # 5.199 wraps the document in an object, earlier versions in a list.
        document = saved.get("doc") if isinstance(saved, dict) else _first(saved)
        return _attachment("doc", document, "docs.save")

    def _send(self, server: Any, field: str, file: tuple[str, bytes, str]) -> Mapping[str, Any]:
        """Post one file. A failure is a `VkFailure`: whatever it left behind, nobody sees it."""
        told = server.get("upload_url") if isinstance(server, dict) else None
        try:
            url = told_address(told, self._vk.api_url)
        except NotToBeCalled as refusal:
            raise VkNoAnswer(_UPLOAD, str(refusal)) from None
        with VK_CALLS.to(_UPLOAD):
            return _fields(self._post(url, {field: file}))

    def _post(self, url: str, files: Mapping[str, tuple[str, bytes, str]]) -> requests.Response:
        try:
            return self._session.post(
                url, files=files, timeout=UPLOAD_TIMEOUT, allow_redirects=False
            )
        except requests.RequestException as error:
            # `from None`: the address names the upload, and whoever has it may use it.
            raise VkNoAnswer(_UPLOAD, type(error).__name__) from None


def _check_all(pictures: Sequence[Picture], check: Callable[[Picture], object]) -> None:
    """Before the first is sent: one that VK would not take keeps the answer from being shown."""
    for picture in pictures:
        check(picture)


def _plain_name(picture: Picture) -> str:
    """A name that needs no encoding; the title, which people see, is the picture's own."""
    suffix = PurePath(picture.name).suffix.lower()
    return f"picture{suffix}" if suffix.isascii() else "picture"


def _fields(answer: requests.Response) -> Mapping[str, Any]:
    try:
        fields = answer.json() if answer.ok else None
    except (ValueError, RecursionError):
        raise VkNoAnswer(_UPLOAD, "unreadable answer") from None
    if not isinstance(fields, dict):
        raise VkNoAnswer(_UPLOAD, f"http {answer.status_code}")
    return fields


def _first(items: Any) -> Any:
    return items[0] if isinstance(items, list) and items else None


def _text(fields: Mapping[str, Any], key: str) -> str:
    """A field of the upload server's answer as it is to be handed on: some are numbers."""
    value = fields.get(key)
    return str(value) if isinstance(value, str | int) else ""


def _attachment(kind: str, item: Any, method: str) -> str:
    """As parameters write it: `photo1_2`, with the access key where there is one."""
    fields = item if isinstance(item, dict) else {}
    owner_id, item_id = fields.get("owner_id"), fields.get("id")
    if not isinstance(owner_id, int) or not isinstance(item_id, int):
        raise VkNoAnswer(method, "unreadable answer")
    key = fields.get("access_key")
    return f"{kind}{owner_id}_{item_id}" + (f"_{key}" if isinstance(key, str) and key else "")


def _named(error: PublishError, picture: Picture) -> PublishError:
    if error.remedy is not Remedy.BY_HAND:
        return error
    return PublishError(error.remedy, error.code, f"Фотография «{picture.name}»: {error.meaning}")
