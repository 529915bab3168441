"""What VK's events do not tell of a message: its author's name, its post, its whole text."""

from dataclasses import replace
from functools import lru_cache
from typing import Any, Self

from pydantic import ValidationError

from bridge.channels import ChannelSettings
from bridge.ingest.port import MessageArrived
from bridge.ingest.storable import storable
from bridge.ingest.vk_authors import AUTHOR_TIMEOUT, VkAuthors
from bridge.ingest.vk_direct import read_message
from bridge.ingest.vk_objects import DirectMessage
from bridge.ingest.vk_page import Page
from bridge.ingest.vk_quotation import LONGEST_CONTEXT, shortened
from bridge.messages import Message, Surroundings
from bridge.networks import vk_address, vk_links
from bridge.networks.rate_limit import Pace
from bridge.networks.vk_address import DialogAddress, WallAddress
from bridge.networks.vk_api import VkFailure
from bridge.networks.vk_clients import VkClients

_POSTS_KEPT = 256


class VkCompleter:
    """Asks with the time limits of `VkAuthors`: nothing that it asks may hold up a ticket.

    Keep one per worker: it remembers the posts that many comments stand below.
    """

    def __init__(self, channel: ChannelSettings, clients: VkClients) -> None:
        self._page = Page.of_channel(channel)
        self._clients = clients
        self._authors = VkAuthors(channel, self._clients.community)
        self._post_text = lru_cache(maxsize=_POSTS_KEPT)(self._read_post)

    @classmethod
    def of_channel(cls, channel: ChannelSettings, pace: Pace) -> Self:
        """The completer of this channel. Raises `SecretMissing`."""
        return cls(channel, VkClients.of(channel.vk_section, pace, AUTHOR_TIMEOUT))

    def complete(self, message: Message) -> Message:
        """The message with what VK tells in time; the rest stays as the event told it."""
        address = vk_address.read(message.address)
        if isinstance(address, DialogAddress) and address.is_cropped:
            message = self._whole(message, address)
        elif isinstance(address, WallAddress) and address.comment_id is not None:
            message = replace(message, surroundings=self._post(address))
        return replace(message, author=self._authors.find(message.author.external_id))

    def _whole(self, message: Message, address: DialogAddress) -> Message:
        """VK shortens what is long in events, forwarded messages above all."""
        try:
            answer = self._clients.community.call(
                "messages.getByConversationMessageId",
                group_id=self._page.vk.group_id,
                peer_id=address.peer_id,
                conversation_message_ids=address.conversation_message_id,
            )
            parsed = read_message(DirectMessage.model_validate(_first(answer)), self._page)
        except (VkFailure, ValidationError):
            return message
        if not isinstance(parsed, MessageArrived) or parsed.message.id != message.id:
            return message
        return parsed.message

    def _post(self, address: WallAddress) -> Surroundings | None:
        link = vk_links.wall_post(self._page.vk.page_url, address.owner_id, address.post_id)
        try:
            text = self._post_text(address.owner_id, address.post_id)
        except VkFailure:
            text = ""
        return Surroundings(text, link) if text else None

    def _read_post(self, owner_id: int, post_id: int) -> str:
        """The post's text; raises `VkFailure`, which is not remembered."""
        if self._clients.reader is None:
            return ""
        post = _first(self._clients.reader.call("wall.getById", posts=f"{owner_id}_{post_id}"))
        text = post.get("text")
        return shortened(storable(text), LONGEST_CONTEXT) if isinstance(text, str) else ""


def _first(answer: Any) -> dict[str, Any]:
    """The only item of a list: 5.199 wraps lists in an object, earlier versions do not."""
    items = answer.get("items") if isinstance(answer, dict) else answer
    first = items[0] if isinstance(items, list) and items else {}
    return first if isinstance(first, dict) else {}
