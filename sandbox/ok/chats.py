"""The chats of groups with people."""

import itertools
import secrets
from collections.abc import Callable, Sequence

from sandbox.clock import Clock
from sandbox.ok.errors import OkError
from sandbox.ok.model import Chat, ChatEvent, ChatMessage, JsonObject, User

_FIRST_SEQ = 98211023614189660
"""As in the documentation: above 2^53, where JavaScript's numbers end."""


class Chats:
    """All chats with their messages. Used with the world's lock held."""

    def __init__(self, clock: Clock, publish: Callable[[ChatEvent], None]) -> None:
        self._clock = clock
        self._publish = publish
        self._chats: dict[str, Chat] = {}
        self._messages: dict[str, list[ChatMessage]] = {}
        self._denied: set[str] = set()
        self._seqs = itertools.count(_FIRST_SEQ)

    def of_group(self, group_id: int) -> list[Chat]:
        """A group's chats, in the order in which they were begun."""
        return [chat for chat in self._chats.values() if chat.group_id == group_id]

    def chat(self, group_id: int, chat_id: str) -> Chat:
        """A chat of the group. Raises error 705."""
        chat = self._chats.get(chat_id)
        if chat is None or chat.group_id != group_id:
            raise OkError(705, "chat not found")
        return chat

    def messages(self, chat_id: str) -> Sequence[ChatMessage]:
        """The messages of a chat, oldest first."""
        return list(self._messages[chat_id])

    def receive(
        self, group_id: int, user: User, text: str, attachments: tuple[JsonObject, ...] = ()
    ) -> ChatMessage:
        """A person writes to a group; the group's bot is told of it."""
        chat = self._chat_with(group_id, user.id)
        message = self._add(chat, f"user:{user.id}", text, attachments)
        self._publish(ChatEvent(group_id, message_event(message, user.name)))
        return message

    def send(
        self, group_id: int, chat_id: str, text: str, attachments: tuple[JsonObject, ...]
    ) -> ChatMessage:
        """The group writes; its bot is not told of that. Raises errors 10, 705."""
        chat = self.chat(group_id, chat_id)
        if chat_id in self._denied:
            raise OkError(10, "messages are not allowed")
        return self._add(chat, f"group:{group_id}", text, attachments)

    def deny(self, chat_id: str) -> None:
        """The person wants no more messages of the group."""
        self._denied.add(chat_id)

    def _chat_with(self, group_id: int, user_id: int) -> Chat:
        for chat in self._chats.values():
            if (chat.group_id, chat.user_id) == (group_id, user_id):
                return chat
        chat = Chat(f"chat:C{secrets.token_hex(6)}", group_id, user_id)
        self._chats[chat.id] = chat
        self._messages[chat.id] = []
        return chat

    def _add(
        self, chat: Chat, sender: str, text: str, attachments: tuple[JsonObject, ...]
    ) -> ChatMessage:
        seq = next(self._seqs)
        message = ChatMessage(
            mid=f"mid:{chat.id.removeprefix('chat:')}.{seq:x}",
            seq=seq,
            chat_id=chat.id,
            sender=sender,
            date=self._clock(),
            text=text,
            attachments=attachments,
        )
        self._messages[chat.id].append(message)
        return message


def message_event(message: ChatMessage, name: str) -> JsonObject:
    """A message as the webhook, the long poll and the history show it."""
    contents: JsonObject = {"text": message.text, "seq": message.seq, "mid": message.mid}
    if message.attachments:
        contents["attachments"] = list(message.attachments)
    if message.reply_to:
        contents["reply_to"] = message.reply_to
    return {
        "sender": {"user_id": message.sender, "name": name},
        "recipient": {"chat_id": message.chat_id},
        "message": contents,
        "timestamp": int(message.date.timestamp() * 1000),
    }
