"""Places answers in OK: comments as the group under the citizen's comment, and chat messages.

https://apiok.ru/en/dev/methods/rest/discussions/discussions.addDiscussionComment,
https://apiok.ru/en/dev/graph_api/bot_api
"""

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Self

from bridge.channels import ChannelSettings
from bridge.messages import (
    Address,
    Capabilities,
    ChannelCapabilities,
    Picture,
    Placed,
    Placement,
    Visibility,
)
from bridge.networks import ok_address
from bridge.networks.ok_address import ChatAddress, CommentAddress
from bridge.networks.ok_api import UNREADABLE, OkError, OkFailure, OkGraph, OkNoAnswer, OkRestClient
from bridge.networks.ok_codes import NOT_THERE
from bridge.networks.ok_discussions import GROUP_TOPIC
from bridge.networks.ok_settings import OkSettings
from bridge.networks.told_address import NotToBeCalled, told_address
from bridge.publish.error_classes import by_hand
from bridge.publish.ok_errors import placing_failed, preparing_failed
from bridge.publish.ok_lookup import OkLookup, placed_comment, placed_message

ADD_COMMENT = "discussions.addDiscussionComment"
DELETE_COMMENT = "discussions.deleteDiscussionComment"
UPLOAD_URL = "me/fileUploadUrl"

PICTURES_LIMIT = 5
"""Attachments of one message, as OK documents."""

PICTURES_SETTLE_SECONDS = 2.0
"""OK asks to wait a couple of seconds between an upload and the message that shows it."""

_COMMENTS_OFF = by_hand("Ответы в ленте Одноклассников для этой группы выключены.")
_NO_PICTURES = by_hand("К комментарию в Одноклассниках робот не может приложить фотографию.")
_REFUSED = by_hand("Одноклассники не приняли сообщение: автор мог запретить сообщения группы.")
_NO_MESSAGES_BACK = by_hand("Сообщение в Одноклассниках робот не может убрать.")


def capabilities(channel: ChannelSettings) -> ChannelCapabilities:
    """What an OK group can do with the keys it has.

    Whether a comment takes pictures OK does not say, so none are offered. The Bot API has no method
    to change or delete a message.
    """
    ok = channel.ok_section
    session = ok.rest is not None
    may_comment = session and ok.comments
    return ChannelCapabilities(
        {
            Visibility.FEED: Capabilities(
                place=may_comment,
                photos=False,
                edit=may_comment,
                verify=session,
                limit=channel.limits.feed,
                retract=may_comment,
            ),
            Visibility.DIRECT: Capabilities(
                place=True,
                photos=True,
                edit=False,
                verify=True,
                limit=channel.limits.direct,
                pictures_limit=PICTURES_LIMIT,
            ),
        }
    )


class OkPublisher:
    """One group's way out. Keep one per worker.

    OK knows no idempotency key: after an unknown outcome `find` must be asked before `place`.
    """

    def __init__(
        self,
        ok: OkSettings,
        graph: OkGraph,
        rest: OkRestClient | None,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._ok = ok
        self._graph = graph
        self._rest = rest
        self._wait = wait
        self._lookup = OkLookup(ok, graph, rest)

    @classmethod
    def of_channel(cls, channel: ChannelSettings) -> Self:
        """The publisher of this channel. Raises `SecretMissing`."""
        ok = channel.ok_section
        return cls(ok, OkGraph.of_group(ok), OkRestClient.of_group(ok))

    def place(self, placement: Placement) -> Placed:
        """Make the answer visible. Raises `PublishError`."""
        address = ok_address.read(placement.address)
        if isinstance(address, ChatAddress):
            return self._send(address, placement)
        return self._comment(address, placement)

    def find(self, placement: Placement, since: datetime) -> Placed | None:
        """The answer if it stands there. Raises `CannotLook` or `PublishError`."""
        address = ok_address.read(placement.address)
        if isinstance(address, ChatAddress):
            return self._lookup.message(address, placement.text, since)
        return self._lookup.comment(address, placement.text, since)

    def retract(self, address: Address, placed: Placed) -> None:
        """Take a placed comment away; nothing happens when it is gone. Raises `PublishError`."""
        target = ok_address.read(address)
        if isinstance(target, ChatAddress):
            raise _NO_MESSAGES_BACK.error("no method")
        try:
            self._session().call(
                DELETE_COMMENT,
                discussionId=target.topic_id,
                discussionType=GROUP_TOPIC,
                comment_id=ok_address.comment_id_of(placed.external_id),
            )
        except OkError as error:
            if error.code not in NOT_THERE:
                raise placing_failed(error) from error
        except OkFailure as failure:
            raise placing_failed(failure) from failure

    def _comment(self, address: CommentAddress, placement: Placement) -> Placed:
        if placement.pictures:
            raise _NO_PICTURES.error("pictures")
        try:
            answer = self._session().call(
                ADD_COMMENT,
                entityId=address.topic_id,
                entityType=GROUP_TOPIC,
                comment=placement.text,
                reply_to_comment_id=address.comment_id,
                as_admin="true",
            )
            return placed_comment(self._ok, address, _comment_id(answer))
        except OkFailure as failure:
            raise placing_failed(failure) from failure

    def _session(self) -> OkRestClient:
        if self._rest is None or not self._ok.comments:
            raise _COMMENTS_OFF.error("comments off")
        return self._rest

    def _send(self, address: ChatAddress, placement: Placement) -> Placed:
        message: dict[str, Any] = {"text": placement.text}
        if placement.pictures:
            message["attachments"] = self._uploaded(placement.pictures)
        try:
            answer = self._graph.post(
                f"me/messages/{address.chat_id}",
                {"recipient": {"chat_id": address.chat_id}, "message": message},
            )
        except OkFailure as failure:
            raise placing_failed(failure) from failure
        return placed_message(self._ok, address, _message_id(answer))

    def _uploaded(self, pictures: Sequence[Picture]) -> list[dict[str, Any]]:
        """The pictures as attachments. Nothing of them is visible until the message is sent."""
        try:
            tokens = [self._upload(picture) for picture in pictures]
        except OkFailure as failure:
            raise preparing_failed(failure) from failure
        self._wait(PICTURES_SETTLE_SECONDS)
        return [{"type": "IMAGE", "payload": {"token": token}} for token in tokens]

    def _upload(self, picture: Picture) -> str:
        place = self._graph.get(UPLOAD_URL, type="IMAGE")
        told = place.get("url") if isinstance(place, dict) else None
        try:
            url = told_address(told, self._ok.graph_url)
        except NotToBeCalled as refusal:
            raise OkNoAnswer(UPLOAD_URL, str(refusal)) from None
        token = _picture_token(self._graph.upload(url, picture))
        if not token:
            raise OkNoAnswer("upload", UNREADABLE)
        return token


def _comment_id(answer: Any) -> str:
    """OK does not document the answer's form: the id itself, or an object that holds it.

    OK said yes, but to what? Without an id that is an unknown outcome.
    """
    fields = answer if isinstance(answer, dict) else {"id": answer}
    for name in ("comment_id", "commentId", "id"):
        value = fields.get(name)
        if isinstance(value, str) and value:
            return value
    raise OkNoAnswer(ADD_COMMENT, UNREADABLE)


def _message_id(answer: Any) -> Any:
    """The message's id, where OK tells it. Raises `PublishError` when OK says that it sent none."""
    fields = answer if isinstance(answer, dict) else {}
    success = fields.get("success", True)
    if success is False or success == [False]:
        raise _REFUSED.error("refused")
    return fields.get("message_id") or fields.get("mid")


def _picture_token(answer: Any) -> str:
    """From `{"token"}`, or from `{"photos": {"<id>": {"token"}}}`, as photosV2 answers."""
    fields = answer if isinstance(answer, dict) else {}
    photos = fields.get("photos")
    found = [fields, *photos.values()] if isinstance(photos, dict) else [fields]
    tokens = (item.get("token") for item in found if isinstance(item, dict))
    return next((token for token in tokens if isinstance(token, str) and token), "")
