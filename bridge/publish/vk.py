"""Places answers in VK: comments under the citizen's comment, and direct messages.

https://dev.vk.com/ru/method/wall.createComment, https://dev.vk.com/ru/method/messages.send
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

from bridge.channels import ChannelSettings
from bridge.messages import (
    Address,
    Capabilities,
    ChannelCapabilities,
    Placed,
    Placement,
    Visibility,
)
from bridge.networks import vk_address, vk_links
from bridge.networks.rate_limit import Pace
from bridge.networks.vk_address import (
    DialogAddress,
    ItemAddress,
    ItemKind,
    SuggestedPostAddress,
    WallAddress,
)
from bridge.networks.vk_api import VkClient, VkFailure, VkNoAnswer
from bridge.networks.vk_clients import VkClients
from bridge.networks.vk_settings import CommentPictures, VkSettings
from bridge.publish import vk_items
from bridge.publish.port import PublishError, Remedy
from bridge.publish.vk_errors import persons_token_failed, placing_failed
from bridge.publish.vk_lookup import (
    VkLookup,
    placed_comment,
    placed_item_comment,
    placed_message,
)
from bridge.publish.vk_retraction import retract
from bridge.publish.vk_upload import MOST, VkUpload

CREATE_COMMENT = "wall.createComment"
SEND_MESSAGE = "messages.send"

_SUGGESTED = (
    "Это предложенная запись: пока она не опубликована, ВКонтакте не даёт её комментировать, а "
    "после публикации у неё будет другой адрес. Ответьте автору другим способом или опубликуйте "
    "запись и разместите ответ под ней вручную: {link}"
)
_NO_METHOD = (
    "ВКонтакте не даёт сообществу отвечать через API {where}: для этого нужен ключ пользователя "
    "(user_token). Разместите ответ вручную: {link}"
)
_WHERE = {
    ItemKind.PHOTO: "под фотографией",
    ItemKind.VIDEO: "под видео",
    ItemKind.MARKET: "под товаром",
    ItemKind.TOPIC: "в обсуждении",
}


def capabilities(channel: ChannelSettings) -> ChannelCapabilities:
    """What a VK community can do with the tokens it has.

    A community token may neither edit its comments nor take them away nor read them; all of that it
    may with direct messages. How many files a comment takes is not documented: here as many as a
    message does.
    """
    vk = channel.vk_section
    shows_pictures = vk.pictures_in_comments is not CommentPictures.BY_HAND
    return ChannelCapabilities(
        {
            Visibility.FEED: Capabilities(
                place=True,
                photos=shows_pictures,
                edit=False,
                verify=vk.read_token is not None or vk.user_token is not None,
                limit=channel.limits.feed,
                pictures_limit=MOST if shows_pictures else 0,
                retract=vk.user_token is not None,
            ),
            Visibility.DIRECT: Capabilities(
                place=True,
                photos=True,
                edit=True,
                verify=True,
                limit=channel.limits.direct,
                pictures_limit=MOST,
                retract=True,
            ),
        }
    )


def random_id(idempotency_key: str) -> int:
    """The key as VK's `random_id`: the same for every try, positive, 31 bits, never 0.

    VK refuses a repeated `random_id` within a dialog for an hour; 0 would switch that off.
    """
    digest = hashlib.sha256(idempotency_key.encode()).digest()
    return int.from_bytes(digest[:4], "big") % (2**31 - 1) + 1


class VkPublisher:
    """One community's way out. Keep one per worker."""

    def __init__(self, vk: VkSettings, clients: VkClients) -> None:
        self._vk = vk
        self._clients = clients
        self._upload = VkUpload(vk, clients)
        self._lookup = VkLookup(vk, clients.community, clients.reader)

    @classmethod
    def of_channel(cls, channel: ChannelSettings, pace: Pace) -> Self:
        """The publisher of this channel. Raises `SecretMissing`."""
        vk = channel.vk_section
        return cls(vk, VkClients.of(vk, pace))

    def place(self, placement: Placement) -> Placed:
        """Make the answer visible. Raises `PublishError`."""
        match vk_address.read(placement.address):
            case WallAddress() as address:
                return self._comment(address, placement)
            case ItemAddress() as address:
                return self._comment_on_item(address, placement)
            case DialogAddress() as address:
                return self._send(address, placement)
            case SuggestedPostAddress() as address:
                raise self._suggested(address)

    def find(self, placement: Placement, since: datetime) -> Placed | None:
        """The answer if it stands there. Raises `CannotLook` or `PublishError`."""
        text = placement.text
        match vk_address.read(placement.address):
            case WallAddress() as address:
                return self._lookup.comment(address, text, since)
            case ItemAddress() as address:
                comments = vk_items.fetcher(self._person(address), address)
                return self._lookup.item_comment(address, comments, text, since)
            case DialogAddress() as address:
                key = random_id(placement.idempotency_key)
                return self._lookup.message(address, text, key, since)
            case SuggestedPostAddress():
                return None

    def retract(self, address: Address, placed: Placed) -> None:
        """Take a placed answer away again; nothing happens when it is gone. It may be repeated.

        Comments need a person's token. Raises `PublishError`.
        """
        retract(self._clients, self._vk.group_id, vk_address.read(address), placed)

    def _comment(self, address: WallAddress, placement: Placement) -> Placed:
        attached = self._attached_to_comment(placement)
        answered = {} if address.comment_id is None else {"reply_to_comment": address.comment_id}
        try:
            response = self._clients.community.call(
                CREATE_COMMENT,
                owner_id=address.owner_id,
                post_id=address.post_id,
                from_group=self._vk.group_id,
                message=placement.text,
                guid=placement.idempotency_key,
                **answered,
                **attached,
            )
            comment_id = response.get("comment_id") if isinstance(response, dict) else None
            return placed_comment(self._vk, address, _id(CREATE_COMMENT, comment_id))
        except VkFailure as failure:
            raise placing_failed(failure) from failure

    def _comment_on_item(self, address: ItemAddress, placement: Placement) -> Placed:
        person = self._person(address)
        attached = self._attached_to_comment(placement)
        try:
            response = vk_items.create(
                person, address, placement.text, placement.idempotency_key, attached
            )
            comment_id = _id(vk_items.create_method(address.item_kind), response)
            return placed_item_comment(self._vk, address, comment_id)
        except VkFailure as failure:
            raise persons_token_failed(placing_failed(failure)) from failure

    def _attached_to_comment(self, placement: Placement) -> Mapping[str, str]:
        if not placement.pictures:
            return {}
        return {"attachments": self._upload.for_comment(placement.pictures)}

    def _person(self, address: ItemAddress) -> VkClient:
        """Who may comment there. Raises `PublishError` when there is no such token."""
        if self._clients.person is not None:
            return self._clients.person
        link = vk_links.item_comment(self._vk.page_url, address)
        meaning = _NO_METHOD.format(where=_WHERE[address.item_kind], link=link)
        raise PublishError(Remedy.BY_HAND, "no_user_token", meaning)

    def _suggested(self, address: SuggestedPostAddress) -> PublishError:
        link = vk_links.wall_post(self._vk.page_url, address.owner_id, address.suggested_post_id)
        return PublishError(Remedy.BY_HAND, "suggested_post", _SUGGESTED.format(link=link))

    def _send(self, address: DialogAddress, placement: Placement) -> Placed:
        attached = {}
        if placement.pictures:
            attached["attachment"] = self._upload.for_message(address.peer_id, placement.pictures)
        try:
            response = self._clients.community.call(
                SEND_MESSAGE,
                peer_id=address.peer_id,
                random_id=random_id(placement.idempotency_key),
                message=placement.text,
                disable_mentions=1,
                **attached,
            )
            return placed_message(self._vk, address, _id(SEND_MESSAGE, response))
        except VkFailure as failure:
            raise placing_failed(failure) from failure


def _id(method: str, value: Any) -> int:
    """VK said yes, but to what? Without an id that is an unknown outcome."""
    if not isinstance(value, int):
        raise VkNoAnswer(method, "unreadable answer")
    return value
