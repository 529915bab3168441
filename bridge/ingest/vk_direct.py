"""Private messages to the community become direct messages.

https://dev.vk.com/ru/api/community-events/json-schema
"""

from typing import Any

from bridge.ingest.port import MessageArrived, NothingToDo, Parsed, SetAside
from bridge.ingest.vk_attachments import attachments_of
from bridge.ingest.vk_objects import DirectMessage, DirectMessageObject
from bridge.ingest.vk_page import Page, as_edit, instant
from bridge.ingest.vk_quotation import attachments_of_forwarded, replied_to, with_forwarded
from bridge.messages import Message, Network, Visibility
from bridge.networks import vk_address, vk_links
from bridge.networks.vk_address import DialogAddress

FIRST_CHAT_PEER = 2_000_000_000
"""Peers from here on are chats of many people, not direct messages in the sense of 1.2.4."""


def read_direct_message(contents: Any, page: Page) -> Parsed:
    """A new message. Raises pydantic's `ValidationError`, as all of these."""
    return read_message(DirectMessageObject.model_validate(contents).message, page)


def read_edited_direct_message(contents: Any, page: Page) -> Parsed:
    """VK announces the community's own edits only; should it tell of a citizen's, it is read."""
    return as_edit(read_message(DirectMessage.model_validate(contents), page))


def read_message(message: DirectMessage, page: Page) -> Parsed:
    """A message, as events and the methods of `messages` show it.

    In a dialog it is known by its number there: the number of its own differs between the sides.
    """
    if message.from_id == page.owner_id or message.out:
        return SetAside(NothingToDo.OWN)
    if message.peer_id >= FIRST_CHAT_PEER:
        return SetAside(NothingToDo.ELSEWHERE)
    number = message.conversation_message_id
    return MessageArrived(
        Message(
            channel=page.channel,
            network=Network.VK,
            visibility=Visibility.DIRECT,
            external_id=f"im{page.vk.group_id}_{message.peer_id}_{number}",
            conversation=f"im{page.vk.group_id}_{message.peer_id}",
            author=page.author(message.from_id),
            text=with_forwarded(message.text, message.fwd_messages),
            link=vk_links.community_dialog(page.vk.page_url, page.vk.group_id, message.peer_id),
            posted_at=instant(message.date),
            address=vk_address.write(
                DialogAddress(message.peer_id, number, 1 if message.is_cropped else None)
            ),
            attachments=attachments_of(message.attachments, message.geo)
            + attachments_of_forwarded(message.fwd_messages),
            surroundings=replied_to(message.reply_message),
        )
    )
